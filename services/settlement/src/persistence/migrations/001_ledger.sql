-- The embedded ledger: a development ledger without consensus. Blocks are hash-linked and never change;
-- the state is what their write sets add up to (npm run ledger -- verify).
create table settlement.ledger_block (
  number        bigint primary key,
  previous_hash text not null,
  data_hash     text not null,
  hash          text not null unique,
  committed_at  bigint not null
);
comment on column settlement.ledger_block.committed_at is 'epoch milliseconds; part of what the hash covers';

create table settlement.ledger_transaction (
  block_number bigint not null references settlement.ledger_block (number),
  position     integer not null,
  -- Ordered once: a second use of a txId never gets a row.
  tx_id        text not null unique,
  -- Validation code; an invalid transaction stays in its block and changes nothing.
  code         text not null,
  bytes        bytea not null,
  primary key (block_number, position)
);

-- Keys are bytes: composite keys hold U+0000, which PostgreSQL text refuses; they sort as Fabric sorts them.
create table settlement.ledger_state (
  key          bytea primary key,
  value        bytea not null,
  block_number bigint not null,
  position     integer not null
) with (fillfactor = 80);
