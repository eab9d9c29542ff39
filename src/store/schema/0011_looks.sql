-- 0011: the first and the last that an experiment took in, without reading all of them.
create index assignment_order on assignment (experiment, id);
