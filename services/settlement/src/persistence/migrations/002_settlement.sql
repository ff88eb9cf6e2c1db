-- One row per settlement is the state machine:
-- pending → prepared → submitted → final | invalid(code) → pending (a new attempt); quarantined(reason); dropped.
-- A timeout never changes a state. Facts stay in csms; what a bill needs of them is copied when the row is claimed.
create sequence settlement.settlement_order_seq;

create table settlement.settlement (
  settlement_id      text primary key,
  -- First claimed, first settled.
  claim_order        bigint not null default nextval('settlement.settlement_order_seq'),
  facts_revision     integer not null,
  operator_id        text not null,
  station_id         text not null,
  charge_point_id    text not null,
  connector_id       integer not null,
  transaction_id     bigint not null,
  ev_id              text not null,
  user_operator_id   text not null,
  meter_start_wh     bigint not null,
  meter_stop_wh      bigint,
  started_at         timestamptz not null,
  ended_at           timestamptz not null,
  evidence_sha256    text not null,
  hold_until         timestamptz,
  state              text not null check (state in ('pending', 'prepared', 'submitted', 'final', 'invalid', 'quarantined', 'dropped')),
  -- Hold reason, pricing fault or contract code; null when nothing is wrong.
  code               text,
  -- [{priceId, fromMs, toMs, energyWh}], as handed to the contract; null while not priced.
  lines              jsonb,
  total_minor        bigint,
  -- Settlement id of the credited bill that this one replaces.
  replaces           text,
  attempt            integer not null default 0,
  next_attempt_at    timestamptz not null default '-infinity',
  tx_id              text,
  block_number       bigint,
  claimed_at         timestamptz not null,
  updated_at         timestamptz not null,
  final_at           timestamptz,
  check (state not in ('pending', 'prepared', 'submitted') or (lines is not null and total_minor is not null)),
  check (state not in ('prepared', 'submitted', 'final') or tx_id is not null),
  check (state not in ('quarantined', 'invalid') or code is not null)
);
create index settlement_pending on settlement.settlement (operator_id, claim_order) where state = 'pending';
create index settlement_in_flight on settlement.settlement (tx_id) where state in ('prepared', 'submitted');
create index settlement_held_until on settlement.settlement (hold_until) where state = 'quarantined' and hold_until is not null;
create index settlement_review on settlement.settlement (state, operator_id) where state in ('invalid', 'quarantined', 'dropped');
create index settlement_period on settlement.settlement (ended_at, settlement_id);
create index settlement_operator on settlement.settlement (operator_id, claim_order desc);
create index settlement_order on settlement.settlement (claim_order desc);

-- Append-only: every change of state, for the trail and the live log. Writers hold one advisory lock from the insert
-- to the commit, so that seq is also the order in which rows become visible.
create table settlement.step (
  seq            bigint primary key generated always as identity,
  settlement_id  text not null references settlement.settlement (settlement_id),
  state          text not null,
  code           text,
  tx_id          text,
  block_number   bigint,
  total_minor    bigint,
  at             timestamptz not null
);
create index step_settlement on settlement.step (settlement_id, seq);

-- What was or will be sent to the ledger; many settlements share one. Stored before the first submit.
create table settlement.outgoing_transaction (
  tx_id         text primary key,
  fn            text not null,
  -- Organisation that signed.
  msp_id        text not null,
  bytes         bytea not null,
  -- Accounts whose A~ key it writes: their lock is taken again after a restart.
  ev_ids        text[] not null,
  state         text not null check (state in ('prepared', 'submitted', 'valid', 'invalid', 'refused')),
  -- Validation code of the block, or the code of the final refusal at submit.
  code          text,
  block_number  bigint,
  prepared_at   timestamptz not null,
  submitted_at  timestamptz,
  verdict_at    timestamptz
);
create index outgoing_transaction_in_flight on settlement.outgoing_transaction (prepared_at) where state in ('prepared', 'submitted');

-- A person's word on a settlement: who, when, why. Never edited.
create table settlement.settlement_decision (
  decision_id    bigint primary key generated always as identity,
  settlement_id  text not null references settlement.settlement (settlement_id),
  decision       text not null check (decision in ('release', 'correct', 'drop', 'retry')),
  meter_stop_wh  bigint,
  reason         text not null,
  decided_by     text not null,
  organisation   text not null,
  decided_at     timestamptz not null
);
create index settlement_decision_settlement on settlement.settlement_decision (settlement_id, decision_id);

-- Facts up to this csms change sequence have a settlement row (the sweeper's mark).
create table settlement.intake_mark (
  one         boolean primary key default true check (one),
  change_seq  bigint not null
);
insert into settlement.intake_mark (change_seq) values (0);

create view settlement.settlement_outcome as
  select settlement_id, state, code, total_minor, tx_id, block_number, attempt, updated_at
  from settlement.settlement;

create view settlement.settlement_step as
  select p.seq, p.settlement_id, s.operator_id, s.user_operator_id, s.charge_point_id, s.ev_id,
         p.state, p.code, p.tx_id, p.block_number, p.total_minor, p.at
  from settlement.step p join settlement.settlement s using (settlement_id);

grant usage on schema settlement to tallywatt_settlement, tallywatt_csms;
grant usage on all sequences in schema settlement to tallywatt_settlement;
grant select, insert, update on settlement.settlement, settlement.outgoing_transaction, settlement.intake_mark to tallywatt_settlement;
grant select, insert on settlement.step, settlement.settlement_decision to tallywatt_settlement;
grant select on settlement.settlement_outcome, settlement.settlement_step to tallywatt_settlement, tallywatt_csms;
-- The embedded ledger's tables: blocks are only ever added.
grant select, insert on settlement.ledger_block, settlement.ledger_transaction to tallywatt_settlement;
grant select, insert, update, delete on settlement.ledger_state to tallywatt_settlement;
