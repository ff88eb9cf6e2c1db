-- Append-only: who asked for a change of what settlement owns, when, with what, and how it ended.
create table settlement.operation_audit (
  seq           bigint primary key generated always as identity,
  at            timestamptz not null,
  request_id    text not null,
  operation     text not null,
  role          text not null,
  organisation  text not null,
  name          text not null,
  input         jsonb,
  -- 'ok' or the problem's code.
  outcome       text not null
);
create index operation_audit_organisation on settlement.operation_audit (organisation, seq desc);

-- One three-way match over a period, as a resource. The same input and block give the same result: bills are cut by
-- block, everything else by as_of, which a rerun takes from the run before.
create table settlement.reconciliation (
  reconciliation_id  uuid primary key,
  operator_id        text,
  from_at            timestamptz not null,
  to_at              timestamptz not null,
  as_of_block        bigint not null,
  as_of              timestamptz not null,
  state              text not null check (state in ('running', 'done')),
  -- Totals and counts; null while running.
  result             jsonb,
  requested_by       text not null,
  created_at         timestamptz not null,
  done_at            timestamptz
);
create index reconciliation_input on settlement.reconciliation (from_at, to_at, as_of_block, created_at);
create index reconciliation_running on settlement.reconciliation (created_at) where state = 'running';

-- A break is known by its content: found again by any run, it is the same one, with the state that a person gave it.
create table settlement.break (
  break_id       uuid primary key,
  type           text not null,
  settlement_id  text not null,
  -- The station's operator: whose finance looks at it.
  operator_id    text not null,
  state          text not null default 'open' check (state in ('open', 'explained', 'corrected', 'accepted')),
  -- What charger, job and bill say.
  evidence       jsonb,
  job            jsonb,
  bill           jsonb,
  found_at       timestamptz not null
);
create index break_open on settlement.break (operator_id, found_at) where state = 'open';
create index break_settlement on settlement.break (settlement_id);

create table settlement.break_comment (
  seq       bigint primary key generated always as identity,
  break_id  uuid not null references settlement.break (break_id),
  state     text not null,
  text      text not null,
  by        text not null,
  at        timestamptz not null
);
create index break_comment_break on settlement.break_comment (break_id, seq);

create table settlement.reconciliation_break (
  reconciliation_id  uuid not null references settlement.reconciliation (reconciliation_id),
  break_id           uuid not null references settlement.break (break_id),
  primary key (reconciliation_id, break_id)
);

-- Bills of blocks before this one are matched (the continuous run).
create table settlement.reconciliation_mark (
  one         boolean primary key default true check (one),
  next_block  bigint not null default 0,
  checked_at  timestamptz
);
insert into settlement.reconciliation_mark default values;

grant usage on all sequences in schema settlement to tallywatt_settlement;
grant select, insert on settlement.operation_audit, settlement.break_comment to tallywatt_settlement;
grant select, insert, update on settlement.reconciliation, settlement.break, settlement.reconciliation_mark to tallywatt_settlement;
-- A run that a crash cut short starts over.
grant select, insert, delete on settlement.reconciliation_break to tallywatt_settlement;
