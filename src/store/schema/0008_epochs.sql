-- 0008: a change of texts opens an epoch of an experiment, as a change of its file does.
-- Who was assigned before has the texts of the first message planned for the arm; "" where
-- there was none.
alter table assignment add column templates_hash text not null default '';
update assignment set templates_hash = f.templates_hash from (
	select c.assignment_id, c.templates_hash, min(c.id) from contact c
	where c.assignment_id is not null group by c.assignment_id) f
	where f.assignment_id = assignment.id;
