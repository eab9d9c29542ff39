-- 0008: a change of texts opens an epoch of an experiment, as a change of its file does.
-- Who was assigned before has the texts of the first message planned for the arm; "" where
-- there was none.
alter table assignment add column templates_hash text not null default '';
update assignment set templates_hash = f.templates_hash from (
	select c.assignment_id, c.templates_hash, min(c.id) from contact c
	where c.assignment_id is not null group by c.assignment_id) f
	where f.assignment_id = assignment.id;

-- A person may soften the tone for a debtor, whatever the arm: whoever is ill or has
-- complained.  What was said only grows; what holds now stands with the debtor.
alter table debtor add column softened integer not null default 0;
create table softening (
	id		integer not null primary key,
	debtor_id	integer not null references debtor,
	at		integer not null,
	softened	integer not null,	-- 0: from here on the arm's own tone again
	who		text not null,
	reason		text not null
) strict;
create index softening_debtor on softening (debtor_id, id);
