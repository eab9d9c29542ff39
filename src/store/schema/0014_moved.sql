-- 0014: an invoice that was closed and is owed again may stand in a newer case: what was
-- done and said in the older one holds on.  A person's yes is to a version of the schedule.
create table invoice_before (
	invoice_id	integer not null references invoice,
	case_id		integer not null references "case",	-- in which it stood before
	primary key (invoice_id, case_id)
) strict, without rowid;
alter table approval add column schedule_hash text not null default '';

-- A person's yes to a message is to what it says and asks for: looked at again before the wire.
alter table contact add column approved_as text not null default '';
alter table contact add column approved_owed integer not null default 0;
alter table preview_contact add column owed_minor integer not null default 0;
