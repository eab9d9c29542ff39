-- 0004: several schedules for one debtor, steps that a person approves, interest
-- and compensation, messages kept as they were sent, claims handed over.

-- What the ledger says: a schedule by name, a segment for schedules/segments.json.
alter table debtor add column schedule text not null default '';
alter table debtor add column segment text not null default '';
alter table invoice add column schedule text not null default '';
-- Which level chose: 'invoice', 'debtor', 'segment:NAME', 'creditor'; '' before.
alter table invoice add column schedule_by text not null default '';

-- One open case per debtor, currency and schedule, whatever its version.
alter table "case" add column schedule_name text not null default '';
update "case" set schedule_name = coalesce((select name from policy where hash = schedule_hash), '');
drop index case_one_open;
create unique index case_one_open on "case" (debtor_id, currency, schedule_name) where state = 'open';
create index case_schedule on "case" (schedule_name) where state = 'open';

-- When a receipt says it arrived: the days of the next step count from here.
alter table contact add column delivered_at integer;

-- What a contact asked for beside fee and balance, per invoice.
alter table contact_invoice add column interest_minor integer not null default 0;
alter table contact_invoice add column compensation_minor integer not null default 0;
drop index entry_fee_once;
create unique index entry_fee_once on entry (contact_id, invoice_id, source) where type = 'fee';
create unique index entry_interest_once on entry (contact_id, invoice_id) where type = 'interest';

-- A person's yes to one step of one case, carried by one invoice.
create table approval (
	case_id		integer not null references "case",
	invoice_id	integer not null references invoice,
	step		text not null,
	who		text not null,
	at		integer not null,
	primary key (case_id, invoice_id, step)
) strict, without rowid;

-- The words of a contact as they left, its private link taken out.
create table contact_text (
	contact_id	integer not null primary key references contact,
	subject		text not null,
	content		text not null
) strict;

-- Claims that were exported for collection.
create table handover (
	invoice_id	integer not null primary key references invoice,
	exported_at	integer not null
) strict;
