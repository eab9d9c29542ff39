-- 0011: what is looked up.  The first and the last that an experiment took in, without
-- reading all of them; a letter by the name that the print house gave it.
create index assignment_order on assignment (experiment, id);
create index contact_letter on contact (provider_id) where channel = 'letter';
