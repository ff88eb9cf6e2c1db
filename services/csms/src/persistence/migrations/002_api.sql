-- People who use the API. Only SHA-256 digests of tokens are stored: a token has 256 random bits.
create table csms.api_user (
  user_id uuid primary key,
  role text not null check (role in ('operator', 'finance', 'driver', 'supervisor')),
  organisation text not null,
  name text not null,
  ev_id text,
  token_sha256 bytea not null unique check (octet_length(token_sha256) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  check ((role = 'driver') = (ev_id is not null))
);
-- A revoked user stays for the audit; its name may be given again.
create unique index api_user_name on csms.api_user (organisation, role, name) where revoked_at is null;

-- Keys of money movements; they never expire.
create table csms.idempotency_key (
  organisation text not null,
  key text not null,
  input_sha256 bytea not null check (octet_length(input_sha256) = 32),
  -- Null while the first attempt runs, or after it failed.
  answer jsonb,
  answered_at timestamptz,
  lease_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (organisation, key)
);

-- What people did. Append-only: the service's role may neither change nor delete a row.
create table csms.api_audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  organisation text not null,
  role text not null,
  name text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  request_id text not null
);
create index api_audit_organisation on csms.api_audit (organisation, audit_id desc);

grant select, insert, update on csms.api_user, csms.idempotency_key to tallywatt_csms;
revoke update, delete on csms.api_audit from tallywatt_csms;
grant select, insert on csms.api_audit to tallywatt_csms;
