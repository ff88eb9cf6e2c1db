-- Several csms processes on one database. What one of them says about its piles, another must not undo.

create table csms.instance (
  instance_id  uuid primary key,
  -- A process that says nothing for some time is dead, and its piles are nobody's.
  alive_at     timestamptz not null
);

-- The process and the socket that spoke last about the pile: an older socket's end is no news.
alter table csms.charge_point
  add column connected_to uuid,
  add column connection_epoch bigint not null default 0;

-- Piles that knocked and are nobody's yet. The only thing that a stranger can write; capped.
create table csms.pending_charge_point (
  charge_point_id  text primary key,
  remote_address   text not null,
  first_seen_at    timestamptz not null,
  last_seen_at     timestamptz not null,
  attempts         bigint not null
);
create index pending_charge_point_seen on csms.pending_charge_point (last_seen_at desc, charge_point_id);

grant select, insert, update, delete on csms.instance, csms.pending_charge_point to tallywatt_csms;
