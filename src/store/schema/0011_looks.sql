-- 0011: what is looked up.  The first and the last that an experiment took in, without
-- reading all of them; a letter by the name that the print house gave it.
create index assignment_order on assignment (experiment, id);
-- The providers of SMS that may have a message, each with its account: as they stood in
-- the settings when it was armed.
alter table contact add column ways text not null default '';
-- Who could not be reached for a step that lapses was never looked at again.
update "case" set next_check_at = 0 where state = 'open' and debtor_id in
	(select debtor_id from task where kind = 'no_channel' and done_at is null);
create index contact_letter on contact (provider_id) where channel = 'letter';
