-- 0002: a contact names the assignment whose arm chose its tone; null: none did,
-- and its sending exposes nobody to anything.
alter table contact add column assignment_id integer references assignment;

-- Contacts from before: their decision says whether an arm chose the tone, and
-- names the experiment by its hash.  A unit is assigned once in an experiment.
update contact set assignment_id = (
	select a.id from decision d
	join policy p on p.hash = d.experiment_hash
	join debtor b on b.id = d.debtor_id
	join assignment a on a.unit_id = b.unit_id
		and a.experiment = json_extract(p.content, '$.id')
	where d.id = contact.decision_id and json_extract(d.answer, '$.arm') >= 0);
