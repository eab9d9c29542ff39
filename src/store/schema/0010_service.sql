-- 0010: what people think of the way they are treated, and a tone that is stopped.
-- What a debtor answered on the page to "how did we treat you?", 1 to 5; of several by
-- one link the last counts.
create table rating (
	id		integer not null primary key,
	contact_id	integer not null references contact,
	debtor_id	integer not null references debtor,
	at		integer not null,
	answer		integer not null check (answer between 1 and 5)
) strict;
create index rating_debtor on rating (debtor_id, at);

-- An arm of an experiment that harms is stopped: by the engine, or by a person who also
-- lets it go on.  What holds is the last row of an arm.
create table arm_stop (
	id		integer not null primary key,
	experiment	text not null,
	arm		text not null,
	at		integer not null,
	stopped		integer not null,	-- 0: it goes on from here
	who		text not null,
	reason		text not null
) strict;
create index arm_stop_last on arm_stop (experiment, arm, id);

-- The day an experiment was last looked at for harm.
create table harm_look (
	experiment	text not null primary key,
	on_day		integer not null
) strict;

-- Which of a channel's providers took a message, refused it, or left it in doubt; ""
-- where none was asked, or nobody knows any more.
alter table contact add column provider text not null default '';

-- How often a provider was asked what became of a message in doubt.
create table inquiry (
	contact_id	integer not null primary key references contact,
	asked_at	integer not null,
	times		integer not null
) strict;
create index contact_in_doubt on contact (armed_at) where state = 'unknown' and channel = 'sms';
