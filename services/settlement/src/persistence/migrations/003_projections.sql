-- What the ledger says, rebuilt from its blocks: written only by the block listener, in the transaction that moves
-- the checkpoint. Money is minor units; times come from the ledger's records.
create table settlement.ledger_checkpoint (
  one           boolean primary key default true check (one),
  -- The first block that is not projected yet.
  next_block    bigint not null,
  last_hash     text,
  committed_at  timestamptz
);
insert into settlement.ledger_checkpoint (next_block) values (0);

create table settlement.operator (
  operator_id   text primary key,
  name          text not null,
  tx_id         text not null,
  block_number  bigint not null
);

create table settlement.parameters (
  version                 integer primary key,
  alpha_e6                bigint not null,
  beta_e6                 bigint not null,
  sigma_e6                bigint not null,
  max_level               integer not null,
  max_rating              integer not null,
  threshold_minor         bigint not null,
  min_credit_e6           bigint not null,
  currency                text not null,
  currency_decimals       integer not null,
  endorsement_range_blocks integer not null,
  endorsement_quorum      integer not null,
  tx_id                   text not null,
  block_number            bigint not null
);

create table settlement.tariff (
  tariff_id     text primary key,
  operator_id   text not null,
  block_number  bigint not null
);

-- One row per priceId; its validity may only be closed, never edited.
create table settlement.price (
  price_id              text primary key,
  tariff_id             text not null,
  operator_id           text not null,
  from_minute           integer not null,
  to_minute             integer not null,
  weekday_mask          integer not null,
  valid_from_ms         bigint not null,
  valid_to_ms           bigint,
  electricity_price_e4  bigint not null,
  service_price_e4      bigint not null,
  tx_id                 text not null,
  block_number          bigint not null
);
create index price_tariff on settlement.price (tariff_id);

create table settlement.station (
  station_id     text primary key,
  operator_id    text not null,
  name           text not null,
  peer_node      text not null,
  tariff_id      text not null,
  latitude_e6    integer not null,
  longitude_e6   integer not null,
  -- [{fromMs, offsetMinutes}], first one open to the past.
  offsets        jsonb not null,
  -- [{type, count}]
  piles          jsonb not null,
  evaluation_e6  bigint not null default 0,
  rating_count   integer not null default 0,
  -- Folded balance plus the deltas that are not folded yet.
  balance_minor  numeric(20, 0) not null default 0,
  folded_minor   numeric(20, 0) not null default 0,
  tx_id          text not null,
  block_number   bigint not null
);
create index station_operator on settlement.station (operator_id, station_id);

-- The station credits that are not folded yet: FoldAccount names them explicitly. The state key is
-- S~station_id~tx_time_ms~tx_id (the composite key itself holds U+0000, which PostgreSQL text refuses).
create table settlement.station_delta (
  station_id    text not null,
  tx_id         text not null,
  tx_time_ms    bigint not null,
  amount_minor  bigint not null,
  block_number  bigint not null,
  primary key (station_id, tx_id)
);

create sequence settlement.account_change_seq;
create table settlement.account (
  ev_id          text primary key,
  operator_id    text not null,
  balance_minor  bigint not null,
  credit_sum     bigint not null,
  credit_count   bigint not null,
  arrears        bigint not null,
  -- R_v below R_min of the current parameters.
  blocked        boolean not null,
  frozen         boolean not null,
  -- Drawn by the one listener under the checkpoint's row lock: its order is the order of visibility.
  change_seq     bigint not null,
  block_number   bigint not null
);
create unique index account_change on settlement.account (change_seq);
create index account_operator on settlement.account (operator_id, ev_id);

create table settlement.bill (
  bill_id           text primary key,
  kind              text not null check (kind in ('bill', 'creditNote', 'replacement')),
  ev_id             text not null,
  user_operator_id  text not null,
  station_id        text not null,
  operator_id       text not null,
  started_at        timestamptz not null,
  ended_at          timestamptz not null,
  meter_start_wh    bigint not null,
  meter_stop_wh     bigint not null,
  energy_wh         bigint not null,
  -- [{priceId, fromMs, toMs, energyWh, electricityPriceE4, servicePriceE4, electricityFeeMinor, serviceFeeMinor}], bigints as decimal strings.
  lines             jsonb not null,
  total_minor       bigint not null,
  content_sha256    text,
  -- creditNote: the credited bill; replacement: the credited bill that it replaces; bill: itself.
  refers_to         text not null,
  -- Id of the session's first bill: one credit award and one rating per session.
  session_id        text not null,
  -- Bill id of the credit note that took this one back, and settlement id of its replacement.
  credited_by       text,
  replaced_by       text,
  tx_id             text not null,
  block_number      bigint not null,
  -- Position of the transaction in its block.
  tx_position       integer not null,
  final_at          timestamptz not null
);
create index bill_ev on settlement.bill (ev_id, ended_at desc, bill_id desc);
create index bill_station on settlement.bill (station_id, ended_at desc, bill_id desc);
create index bill_operator on settlement.bill (operator_id, ended_at desc, bill_id desc);
create index bill_user_operator on settlement.bill (user_operator_id, ended_at desc, bill_id desc);
create index bill_period on settlement.bill (ended_at desc, bill_id desc);
create index bill_block on settlement.bill (block_number);
create index bill_session on settlement.bill (session_id);

create table settlement.rating (
  session_id    text primary key,
  bill_id       text not null,
  ev_id         text not null,
  station_id    text not null,
  rating        integer not null,
  tx_id         text not null,
  block_number  bigint not null,
  at            timestamptz not null
);
create index rating_station on settlement.rating (station_id, block_number);

-- Deposits, pay-outs, refunds and credit notes by the operator's external reference (X~ keys).
create table settlement.movement (
  kind          text not null check (kind in ('deposit', 'payOut', 'refund', 'creditNote')),
  operator_id   text not null,
  reference     text not null,
  -- evId of a deposit or refund, stationId of a pay-out; null for a credit note.
  account       text,
  -- Always positive, the kind says the direction; null for a credit note.
  amount_minor  bigint,
  -- Credit note only: the credited bill, and SHA-256 (base64url) of the reason.
  bill_id       text,
  reason_hash   text,
  tx_id         text not null,
  block_number  bigint not null,
  at            timestamptz not null,
  primary key (kind, operator_id, reference)
);
create index movement_account on settlement.movement (account, block_number);
create index movement_block on settlement.movement (block_number);

-- Hashes that somebody wants to be held to: a period's close, a dispute's step.
create table settlement.anchor (
  operator_id   text not null,
  kind          text not null,
  ref           text not null,
  sha256        text not null,
  tx_id         text not null,
  block_number  bigint not null,
  at            timestamptz not null,
  primary key (operator_id, kind, ref)
);

-- l per peer node (N~) and L over all (L): the endorsement experience.
create table settlement.node_endorsements (
  peer_node     text primary key,
  endorsements  bigint not null
);
create table settlement.ledger_updates (
  one             boolean primary key default true check (one),
  ledger_updates  bigint not null default 0,
  -- The block after the last counted one.
  next_block      bigint not null default 0
);
insert into settlement.ledger_updates default values;

-- Running sums of the conservation rule, kept from the write sets of each block.
create table settlement.supply (
  one                     boolean primary key default true check (one),
  ev_balances_minor       numeric(20, 0) not null default 0,
  station_balances_minor  numeric(20, 0) not null default 0,
  deposits_minor          numeric(20, 0) not null default 0,
  pay_outs_minor          numeric(20, 0) not null default 0,
  refunds_minor           numeric(20, 0) not null default 0
);
insert into settlement.supply default values;

create view settlement.driver_standing as
  select ev_id, operator_id, balance_minor, credit_sum::integer, credit_count::integer, arrears::integer, blocked, frozen, change_seq
  from settlement.account;

grant usage on all sequences in schema settlement to tallywatt_settlement;
grant select, insert, update on
  settlement.ledger_checkpoint, settlement.operator, settlement.parameters, settlement.tariff, settlement.price, settlement.station,
  settlement.account, settlement.bill, settlement.rating, settlement.movement, settlement.anchor,
  settlement.node_endorsements, settlement.ledger_updates, settlement.supply
  to tallywatt_settlement;
-- Folded deltas are the one thing that the ledger itself deletes.
grant select, insert, update, delete on settlement.station_delta to tallywatt_settlement;
grant select on settlement.driver_standing to tallywatt_settlement, tallywatt_csms;
