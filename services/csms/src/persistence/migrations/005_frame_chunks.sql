-- The 7-day store of frames holds chunks: one row is what one pile and csms said to each other between two flushes. A row
-- per frame cost PostgreSQL as much CPU as csms needed for the whole call.
create table csms.frame_chunk (
  -- The number of its last frame; the frames before it have the numbers before.
  seq              bigint not null,
  frame_count      integer not null check (frame_count > 0),
  -- When its first frame was seen: decides the day that the chunk belongs to.
  at               timestamptz not null,
  charge_point_id  text not null,
  -- [[ms after at, direction, action or null, message id, first byte, bytes], …] in the order of the frames.
  heads            json not null,
  -- The bytes of the WebSocket messages, one after another.
  raw              bytea not null
) partition by range (at);
create index frame_chunk_seq on csms.frame_chunk (seq);
create index frame_chunk_charge_point on csms.frame_chunk (charge_point_id, seq);
create table csms.frame_chunk_default partition of csms.frame_chunk default;

-- As next_change_seq, for several numbers without a gap: under the lock nobody else draws. Answers the last one.
create function csms.next_change_seqs(numbers integer) returns bigint language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7411003);
  return (select max(nextval('csms.change_seq')) from generate_series(1, numbers));
end $$;

create or replace function csms.maintain_frame_partitions(today date, keep_days integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  day date;
  partition_name text;
begin
  for day in select today + offset_days from generate_series(0, 1) as offset_days loop
    partition_name := 'frame_chunk_' || to_char(day, 'YYYYMMDD');
    if to_regclass('csms.' || partition_name) is null then
      execute format(
        'create table csms.%I partition of csms.frame_chunk for values from (%L) to (%L)',
        partition_name, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    end if;
  end loop;
  for partition_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'csms.frame_chunk'::regclass and c.relname ~ '^frame_chunk_[0-9]{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < today - keep_days
  loop
    execute format('drop table csms.%I', partition_name);
  end loop;
  delete from csms.frame_chunk_default where at < (today - keep_days)::timestamp at time zone 'utc';
end $$;

-- What is there keeps its days.
select csms.maintain_frame_partitions(day, 7)
from (select distinct (at at time zone 'utc')::date as day from csms.frame_transient order by day) as days;
insert into csms.frame_chunk (seq, frame_count, at, charge_point_id, heads, raw)
select seq, 1, at, charge_point_id,
  json_build_array(json_build_array(0, direction, action, message_id, 0, octet_length(raw))), raw
from csms.frame_transient;
drop table csms.frame_transient;

-- Frame by frame. Readers in order of seq name chunk_seq in their condition and order too: it is what has the index.
create view csms.frame_transient as
select c.seq - c.frame_count + f.place as seq, c.seq as chunk_seq,
  c.at + (f.head ->> 0)::integer * interval '1 millisecond' as at,
  c.charge_point_id, f.head ->> 1 as direction, f.head ->> 2 as action, f.head ->> 3 as message_id,
  substring(c.raw from (f.head ->> 4)::integer + 1 for (f.head ->> 5)::integer) as raw
from csms.frame_chunk c, json_array_elements(c.heads) with ordinality as f (head, place);

grant select, insert on csms.frame_chunk to tallywatt_csms;
grant select on csms.frame_transient to tallywatt_csms;
