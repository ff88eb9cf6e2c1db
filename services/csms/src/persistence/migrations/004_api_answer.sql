-- A repeated money movement is answered byte for byte as the first time; jsonb would reorder the members.
alter table csms.idempotency_key alter column answer type json using answer::json;
