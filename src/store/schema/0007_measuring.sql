-- 0007: guardrails ask for what happened to anyone of a unit.
create index debtor_unit on debtor (unit_id);

-- A planned experiment assigns nobody before somebody has started it.
create table experiment_start (
	experiment	text not null primary key,
	hash		text not null references policy,
	at		integer not null,
	who		text not null,
	underpowered_ok	text not null,		-- the reason given; "" for none needed
	plan		text not null		-- what was expected, as JSON
) strict, without rowid;
