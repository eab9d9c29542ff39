-- 0015: an SMS is paid for by its parts; counted when it is armed.
alter table contact add column parts integer not null default 1;
