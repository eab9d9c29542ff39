-- 0012: what of a payment was paid back, or was booked by mistake: it is nobody's any more.
alter table payment add column returned_minor integer not null default 0
	check (returned_minor >= 0);
