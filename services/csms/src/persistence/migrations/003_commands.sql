-- Commands to piles: stored before they are sent, ended once with the pile's own answer.
create table csms.command (
  command_id       uuid primary key,
  charge_point_id  text not null references csms.charge_point,
  action           text not null,
  -- JSON as text, like the pile's answer below: jsonb refuses \u0000, and nobody queries inside.
  payload          text not null,
  requested_by     text not null,
  requested_at     timestamptz not null,
  state            text not null default 'queued'
                   check (state in ('queued', 'sent', 'accepted', 'rejected', 'error', 'timeout', 'expired')),
  -- The pile's CALLRESULT payload; or why there is none.
  result           text,
  error            text,
  ended_at         timestamptz,
  check ((ended_at is null) = (state in ('queued', 'sent')))
);
create index command_charge_point on csms.command (charge_point_id, requested_at desc);
create index command_unended on csms.command (requested_at) where ended_at is null;

grant select, insert, update on csms.command to tallywatt_csms;
