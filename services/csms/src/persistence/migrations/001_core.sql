-- csms: what chargers said. Each table has one writer, role tallywatt_csms; settlement reads views only.

-- One sequence for everything that the live log and settlement follow (frames, session events, security events,
-- settlement requests). It is drawn under a lock that is held to the end of the transaction, so the order of the
-- numbers is also the order in which rows become visible, over all instances: a reader needs its last number only.
create sequence csms.change_seq;
create function csms.next_change_seq() returns bigint language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7411003);
  return nextval('csms.change_seq');
end $$;

create table csms.charge_point (
  charge_point_id       text primary key check (charge_point_id ~ '^[A-Za-z0-9_-]{1,48}$'),
  operator_id           text not null,
  station_id            text not null,
  clock                 text not null default 'live' check (clock in ('live', 'recorded')),
  simulated             boolean not null default false,
  strict                boolean not null default false,
  subprotocol_optional  boolean not null default false,
  security_profile      smallint not null default 1 check (security_profile between 0 and 3),
  credential_scheme     text not null default 'hmac' check (credential_scheme in ('hmac', 'scrypt')),
  credential_digest     bytea not null,
  credential_salt       bytea not null,
  registered_at         timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  -- From BootNotification.
  vendor                text,
  model                 text,
  serial_number         text,
  box_serial_number     text,
  firmware_version      text,
  iccid                 text,
  imsi                  text,
  meter_type            text,
  meter_serial_number   text,
  booted_at             timestamptz,
  firmware_status       text,
  diagnostics_status    text,
  -- Written in batches: some seconds behind the wire.
  last_heartbeat_at     timestamptz,
  last_seen_at          timestamptz,
  -- A hint for people; the connection registry of the instance that holds the socket knows.
  connected             boolean not null default false,
  check (clock = 'live' or simulated)
);
create index charge_point_operator on csms.charge_point (operator_id, charge_point_id);
create index charge_point_station on csms.charge_point (station_id);

create table csms.connector (
  charge_point_id  text not null references csms.charge_point,
  connector_id     integer not null check (connector_id between 1 and 64),
  rated_power_w    integer not null check (rated_power_w > 0),
  type             text not null,
  primary key (charge_point_id, connector_id)
);

-- Newest StatusNotification of each connector; 0 is the pile itself.
create table csms.connector_status (
  charge_point_id    text not null references csms.charge_point,
  connector_id       integer not null,
  status             text not null,
  error_code         text not null,
  info               text,
  vendor_id          text,
  vendor_error_code  text,
  -- The pile's time when credible, else the time of arrival.
  status_at          timestamptz not null,
  received_at        timestamptz not null,
  primary key (charge_point_id, connector_id)
);

create table csms.account (
  ev_id                    text primary key,
  operator_id              text not null,
  max_concurrent_sessions  integer not null default 1 check (max_concurrent_sessions between 1 and 1000)
);

-- idTags are CiStrings: compared without case.
create table csms.id_tag (
  id_tag_key   text primary key check (id_tag_key = lower(id_tag_key)),
  id_tag       text not null,
  ev_id        text not null references csms.account,
  operator_id  text not null,
  expires_at   timestamptz,
  created_at   timestamptz not null default now()
);
create index id_tag_ev on csms.id_tag (ev_id);

create table csms.session (
  -- Also the settlement id and the bill id: uuidv5 over pile, transaction id, reported start and meterStart.
  session_id         uuid primary key,
  charge_point_id    text not null references csms.charge_point,
  connector_id       integer not null,
  transaction_id     integer not null unique check (transaction_id > 0),
  operator_id        text not null,
  station_id         text not null,
  id_tag             text not null,
  -- Null when the tag is unknown: such a session is never billed.
  ev_id              text,
  user_operator_id   text,
  status             text not null check (status in ('open', 'closed', 'refused')),
  -- idTagInfo.status that StartTransaction was answered with.
  authorization_status text not null,
  -- SHA-256 over pile, connector, idTag, reported start time and meterStart: a retry has the same.
  natural_key        bytea not null unique check (octet_length(natural_key) = 32),
  -- SHA-256 over what the Stop says that closed it: tells a retry from a second, different Stop.
  stop_key           bytea,
  -- Times for tariffs; the pile's own when credible.
  started_at         timestamptz not null,
  ended_at           timestamptz,
  -- The pile's own times as it said them; null when unreadable. Durations for plausibility are their difference.
  reported_start_at  timestamptz,
  reported_stop_at   timestamptz,
  start_received_at  timestamptz not null,
  stop_received_at   timestamptz,
  -- Null when the value is not a credible register.
  meter_start_wh     bigint,
  meter_stop_wh      bigint,
  stop_reason        text,
  close_kind         text check (close_kind in ('stopped', 'inferred')),
  hold_reason        text,
  hold_until         timestamptz,
  -- Revision of the newest settlement request; 0 = none.
  revision           integer not null default 0,
  -- Grows with every update: a writer with an old copy fails and reads again.
  version            integer not null default 1,
  check ((ended_at is null) = (close_kind is null)),
  check (status <> 'open' or ended_at is null)
);
create unique index session_open_connector on csms.session (charge_point_id, connector_id) where status = 'open';
create index session_unended on csms.session (charge_point_id) where ended_at is null;
create index session_unended_ev on csms.session (ev_id) where ended_at is null;
-- Overlaps are decided within the index.
create index session_connector on csms.session (charge_point_id, connector_id, started_at, ended_at);
create unique index session_stop_key on csms.session (charge_point_id, stop_key) where stop_key is not null;
create index session_started on csms.session (started_at desc, session_id desc);
create index session_operator on csms.session (operator_id, started_at desc, session_id desc);
create index session_user_operator on csms.session (user_operator_id, started_at desc, session_id desc);
create index session_ev on csms.session (ev_id, started_at desc, session_id desc);

-- Transaction messages as received: evidence. Append-only: nobody has UPDATE or DELETE.
create table csms.frame (
  seq              bigint primary key default csms.next_change_seq(),
  at               timestamptz not null,
  charge_point_id  text not null,
  direction        text not null default 'in' check (direction in ('in', 'out')),
  action           text not null,
  message_id       text not null,
  -- The bytes of the WebSocket message.
  raw              bytea not null,
  -- Null when it belonged to no known session at arrival; see view csms.session_frame.
  session_id       uuid,
  -- False for a resend of something already counted, and for what came after the Stop: kept, but no part of the bill's evidence.
  is_evidence      boolean not null default true,
  flags            text[] not null default '{}'
);
create index frame_session on csms.frame (session_id, seq) where session_id is not null;
create index frame_charge_point on csms.frame (charge_point_id, seq);

-- All other frames of both directions, kept 7 days: whole days are dropped.
create table csms.frame_transient (
  seq              bigint not null default csms.next_change_seq(),
  at               timestamptz not null,
  charge_point_id  text not null,
  direction        text not null check (direction in ('in', 'out')),
  action           text,
  message_id       text not null,
  raw              bytea not null
) partition by range (at);
create index frame_transient_seq on csms.frame_transient (seq);
create index frame_transient_charge_point on csms.frame_transient (charge_point_id, seq);
create table csms.frame_transient_default partition of csms.frame_transient default;

-- Makes today's and tomorrow's partition and drops those older than keep_days. Runs as the owner of the tables.
create function csms.maintain_frame_partitions(today date, keep_days integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  day date;
  partition_name text;
begin
  for day in select today + offset_days from generate_series(0, 1) as offset_days loop
    partition_name := 'frame_transient_' || to_char(day, 'YYYYMMDD');
    if to_regclass('csms.' || partition_name) is null then
      execute format(
        'create table csms.%I partition of csms.frame_transient for values from (%L) to (%L)',
        partition_name, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    end if;
  end loop;
  for partition_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'csms.frame_transient'::regclass and c.relname ~ '^frame_transient_[0-9]{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < today - keep_days
  loop
    execute format('drop table csms.%I', partition_name);
  end loop;
  delete from csms.frame_transient_default where at < (today - keep_days)::timestamp at time zone 'utc';
end $$;
revoke all on function csms.maintain_frame_partitions(date, integer) from public;

-- What happened to sessions, for the live log. Append-only.
create table csms.session_event (
  seq              bigint primary key default csms.next_change_seq(),
  at               timestamptz not null,
  session_id       uuid,
  charge_point_id  text not null,
  operator_id      text not null,
  user_operator_id text,
  ev_id            text,
  -- started, refused, meter, stopped, inferred, held, revised, repeated, stop_differs, parked, matched, orphaned
  kind             text not null,
  data             jsonb not null default '{}'
);
create index session_event_session on csms.session_event (session_id, seq);

-- Typed samples of MeterValues and of StopTransaction's transactionData. Append-only; the raw text is in the frame.
create table csms.meter_value (
  meter_value_id   bigint generated always as identity primary key,
  session_id       uuid,
  charge_point_id  text not null,
  connector_id     integer not null,
  -- The pile's time when credible, else the time of arrival.
  at               timestamptz not null,
  received_at      timestamptz not null,
  measurand        text not null,
  value            text not null,
  -- Only for the total imported energy register with a readable value.
  register_wh      bigint,
  unit             text,
  phase            text,
  context          text,
  location         text,
  format           text
);
create index meter_value_session on csms.meter_value (session_id, at, meter_value_id) where session_id is not null;

-- StopTransaction and MeterValues that belong to no known session: parked for their Start, then held for a person.
create table csms.orphan (
  orphan_id        bigint primary key default csms.next_change_seq(),
  charge_point_id  text not null references csms.charge_point,
  operator_id      text not null,
  action           text not null check (action in ('StopTransaction', 'MeterValues')),
  connector_id     integer,
  -- As the pile said it: -1, 0, foreign or unknown.
  transaction_id   bigint,
  id_tag           text,
  meter_wh         bigint,
  occurred_at      timestamptz not null,
  received_at      timestamptz not null,
  content_key      bytea not null check (octet_length(content_key) = 32),
  frame_seq        bigint not null,
  -- What the message said, as sessions/ reads it.
  data             jsonb not null,
  state            text not null default 'parked' check (state in ('parked', 'matched', 'held', 'dropped')),
  session_id       uuid,
  hold_reason      text,
  updated_at       timestamptz not null,
  unique (charge_point_id, content_key),
  check ((state = 'matched') = (session_id is not null)),
  check ((state = 'held') = (hold_reason is not null))
);
create index orphan_parked on csms.orphan (charge_point_id) where state = 'parked';
create index orphan_session on csms.orphan (session_id) where session_id is not null;
create index orphan_held on csms.orphan (operator_id, orphan_id) where state = 'held';

-- Every transaction frame of a session, also those that came before its Start. A request's evidence_sha256 is
-- sha256(string_agg(sha256(raw), '' order by seq)) over the frames with is_evidence up to the one that closed the session.
create view csms.session_frame as
  select f.session_id, f.seq, f.at, f.charge_point_id, f.direction, f.action, f.message_id, f.raw, f.is_evidence
  from csms.frame f where f.session_id is not null
  union all
  select o.session_id, f.seq, f.at, f.charge_point_id, f.direction, f.action, f.message_id, f.raw, f.is_evidence
  from csms.orphan o join csms.frame f on f.seq = o.frame_seq where o.session_id is not null;

-- The facts that a bill needs. This row is the outbox: written in the commit that closes the session, never edited.
create table csms.settlement_request (
  settlement_id     text not null,
  revision          integer not null check (revision > 0),
  change_seq        bigint not null unique default csms.next_change_seq(),
  operator_id       text not null,
  station_id        text not null,
  charge_point_id   text not null,
  connector_id      integer not null,
  transaction_id    integer not null,
  ev_id             text not null,
  user_operator_id  text not null,
  meter_start_wh    bigint not null,
  meter_stop_wh     bigint,
  -- [[epochMs, registerWh], …] in time order, at most 200.
  readings          jsonb not null check (jsonb_array_length(readings) <= 200),
  started_at        timestamptz not null,
  ended_at          timestamptz not null,
  evidence_sha256   text not null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
  stop_reason       text,
  close_kind        text not null check (close_kind in ('stopped', 'inferred')),
  hold_reason       text,
  hold_until        timestamptz,
  created_at        timestamptz not null,
  primary key (settlement_id, revision),
  check (meter_stop_wh is not null or hold_reason is not null),
  check (hold_until is null or hold_reason = 'inferred_stop')
);

-- Shape: SettlementFactRow of packages/contracts. The newest revision of each request.
create view csms.settlement_fact as
  select r.* from csms.settlement_request r
  where not exists (
    select from csms.settlement_request n where n.settlement_id = r.settlement_id and n.revision > r.revision
  );

-- Stops that no session was found for, waiting for their Start or for a person: reconciliation counts them.
create view csms.orphan_stop as
  select orphan_id, charge_point_id, operator_id, transaction_id, id_tag, meter_wh, occurred_at, received_at, state, hold_reason
  from csms.orphan where action = 'StopTransaction' and state in ('parked', 'held');

create table csms.security_event (
  seq              bigint primary key default csms.next_change_seq(),
  at               timestamptz not null,
  charge_point_id  text,
  kind             text not null,
  detail           jsonb not null default '{}'
);
create index security_event_charge_point on csms.security_event (charge_point_id, seq);

-- Connected, disconnected, booted: for the live log.
create table csms.connection_event (
  seq              bigint primary key default csms.next_change_seq(),
  at               timestamptz not null,
  charge_point_id  text not null,
  kind             text not null,
  detail           jsonb not null default '{}'
);

-- Oddities that were counted instead of refused.
create table csms.station_flag (
  charge_point_id  text not null,
  flag             text not null,
  count            bigint not null,
  last_at          timestamptz not null,
  primary key (charge_point_id, flag)
);

-- A group commit says how many rows its guarded updates must touch; a stale copy fails the whole statement.
create function csms.require_rows(what text, actual bigint, expected bigint) returns boolean language plpgsql as $$
begin
  if actual <> expected then
    raise exception 'stale %: % of % rows', what, actual, expected using errcode = '40001';
  end if;
  return true;
end $$;

grant usage on sequence csms.change_seq to tallywatt_csms;
grant execute on function csms.maintain_frame_partitions(date, integer) to tallywatt_csms;
grant select, insert, update on
  csms.charge_point, csms.connector, csms.connector_status, csms.account, csms.id_tag, csms.session, csms.orphan, csms.station_flag
  to tallywatt_csms;
grant delete on csms.id_tag to tallywatt_csms;
grant select, insert on
  csms.frame, csms.frame_transient, csms.session_event, csms.meter_value, csms.settlement_request, csms.security_event, csms.connection_event
  to tallywatt_csms;
grant select on csms.settlement_fact, csms.session_frame, csms.orphan_stop to tallywatt_csms;
grant select on csms.settlement_fact, csms.orphan_stop to tallywatt_settlement;
grant usage on schema csms to tallywatt_csms, tallywatt_settlement;
