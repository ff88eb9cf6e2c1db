-- What a StopTransaction costs at its commit.

-- The lock of csms.next_change_seq() by itself: a statement that draws many numbers takes it once.
create function csms.lock_change_seq() returns boolean language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7411003);
  return true;
end $$;

-- Nothing reads by these. meter_value_id stays, as the last word on order within csms.meter_value_session.
drop index csms.frame_charge_point;
alter table csms.meter_value drop constraint meter_value_pkey;
