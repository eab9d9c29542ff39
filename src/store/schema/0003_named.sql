-- 0003: what a row named that was not there yet.  Money and credits may come
-- before the invoice that they are for; it is found when the invoice comes.
alter table payment add column named_invoice text not null default '';
alter table payment add column named_reference text not null default '';
alter table payment add column named_debtor text not null default '';
create index payment_named_invoice on payment (creditor_id, named_invoice)
	where unallocated_minor > 0 and named_invoice <> '';
create index payment_named_reference on payment (creditor_id, named_reference)
	where unallocated_minor > 0 and named_reference <> '';
create index payment_named_debtor on payment (creditor_id, named_debtor)
	where unallocated_minor > 0 and debtor_id is null and named_debtor <> '';
create index payment_waiting on payment (creditor_id) where unallocated_minor > 0;

alter table task add column payment_id integer references payment;
create index task_debtor on task (debtor_id, kind) where done_at is null;
create index task_payment on task (payment_id) where payment_id is not null and done_at is null;

create table credit_name (
	credit_id	integer not null primary key references invoice,
	invoice		text not null		-- the number that the credit names
) strict;
