-- 0001: the whole ground.  Tables bear the words of the domain, singular.
-- Instants are UTC seconds; days are days since 1970-01-01; amounts are minor
-- units.  Every change of state is also an event, and events only grow.
-- A check by a list of more than two words (in) fills a temporary tree at each insert,
-- which costs as much as the row; so they are written as alternatives.

create table schema_version (
	version		integer not null primary key,
	applied_at	integer not null
) strict;

-- Schedules, packs, calendars, templates and experiments as they were when
-- first used: every decision names their hashes, so that it can be replayed.
create table policy (
	hash		text not null primary key,
	kind		text not null check (kind = 'schedule' or kind = 'pack' or kind = 'calendar'
			or kind = 'templates' or kind = 'experiment'),
	name		text not null,
	content		text not null,
	activated_at	integer not null
) strict;

create table creditor (
	id		integer not null primary key,
	external_id	text not null unique,
	name		text not null,
	zone		text not null,
	-- which import tells what is still owed: set by the first, never both
	balance_source	text check (balance_source in ('open_amount', 'payments'))
) strict;

-- Debtors of one creditor that share a verified address: what experiments
-- assign.  public_id is fixed when the unit is made, and is what is hashed.
create table unit (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	public_id	text not null unique
) strict;

create table debtor (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	unit_id		integer not null references unit,
	external_id	text not null,
	name		text not null,
	lang		text not null,
	country		text not null,
	zone		text not null,
	party		text not null check (party = 'consumer' or party = 'business' or party = 'public'),
	prefers		text check (prefers = 'email' or prefers = 'sms' or prefers = 'letter'
			or prefers = 'call'),
	row_hash	text not null,
	unique (creditor_id, external_id)
) strict;

create table address (
	id		integer not null primary key,
	debtor_id	integer not null references debtor,
	channel		text not null check (channel = 'email' or channel = 'sms' or channel = 'letter'
			or channel = 'call'),
	value		text not null,
	source		text not null,
	verified	integer not null check (verified in (0, 1)),
	current		integer not null check (current in (0, 1)),
	opted_out_at	integer,
	bad_at		integer,
	unique (debtor_id, channel, value)
) strict;
create index address_value on address (channel, value);

-- All open invoices of one debtor in one currency, on one schedule version.
create table "case" (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	debtor_id	integer not null references debtor,
	currency	text not null,
	schedule_hash	text not null references policy,
	state		text not null check (state in ('open', 'closed')),
	opened_at	integer not null,
	closed_at	integer,
	next_check_at	integer not null
) strict;
create unique index case_one_open on "case" (debtor_id, currency) where state = 'open';
create index case_next_check on "case" (next_check_at, debtor_id) where state = 'open';

create table invoice (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	debtor_id	integer not null references debtor,
	case_id		integer references "case",
	external_id	text not null,
	type		text not null check (type in ('invoice', 'credit')),
	currency	text not null,
	issued_on	integer,
	due_on		integer not null,
	reference	text not null,
	subject		text not null,
	balance_minor	integer not null,
	state		text not null check (state = 'open' or state = 'handed_over' or state = 'closed'),
	row_hash	text not null,
	unique (creditor_id, external_id)
) strict;
create index invoice_case on invoice (case_id, due_on, id);
create index invoice_debtor on invoice (debtor_id);
create index invoice_owing_back on invoice (debtor_id) where balance_minor < 0 or type = 'credit';
create index invoice_reference on invoice (creditor_id, reference) where reference <> '';

create table payment (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	debtor_id	integer references debtor,
	external_id	text not null,
	currency	text not null,
	amount_minor	integer not null check (amount_minor > 0),
	unallocated_minor integer not null check (unallocated_minor >= 0),
	paid_on		integer not null,
	booked_at	integer not null,
	unique (creditor_id, external_id)
) strict;
create index payment_loose on payment (debtor_id) where unallocated_minor > 0;

-- What changes a balance; the balance of an invoice is the sum of its entries.
create table entry (
	id		integer not null primary key,
	invoice_id	integer not null references invoice,
	type		text not null check (type = 'principal' or type = 'credit' or type = 'allocation'
			or type = 'fee' or type = 'interest' or type = 'waiver'
			or type = 'write_off'),
	amount_minor	integer not null,
	value_on	integer not null,
	booked_at	integer not null,
	payment_id	integer references payment,
	contact_id	integer references contact,
	source		text not null
) strict;
create index entry_invoice on entry (invoice_id);
create unique index entry_fee_once on entry (contact_id, invoice_id) where type = 'fee';
create trigger entry_moves_balance after insert on entry begin
	update invoice set balance_minor = balance_minor + new.amount_minor
	where id = new.invoice_id;
end;
create trigger entry_is_kept before delete on entry begin
	select raise(abort, 'entries are never deleted');
end;
create trigger entry_is_fixed before update on entry begin
	select raise(abort, 'entries are never changed');
end;

create table hold (
	id		integer not null primary key,
	scope		text not null check (scope = 'invoice' or scope = 'case' or scope = 'debtor'
			or scope = 'creditor'),
	creditor_id	integer not null references creditor,
	debtor_id	integer references debtor,
	case_id		integer references "case",
	invoice_id	integer references invoice,
	type		text not null check (type = 'dispute' or type = 'paid_claimed' or type = 'promise'
			or type = 'plan' or type = 'hardship' or type = 'wrong_person'
			or type = 'legal' or type = 'manual' or type = 'bank_stale'),
	owner		text not null,
	reason		text not null,
	from_at		integer not null,
	until_at	integer not null,		-- INSTANT_MAX: until released
	released_at	integer,
	over_at		integer				-- when its end was noticed
) strict;
create index hold_debtor on hold (debtor_id);
create index hold_creditor on hold (creditor_id, scope);
create index hold_over on hold (until_at) where over_at is null and released_at is null;

create table promise (
	id		integer not null primary key,
	debtor_id	integer not null references debtor,
	hold_id		integer not null references hold,
	pay_on		integer not null,
	made_at		integer not null
) strict;

create table decision (
	id		integer not null primary key,
	debtor_id	integer not null references debtor,
	at		integer not null,
	result		text not null,
	facts		text not null,
	answer		text not null,
	pack_hash	text not null,
	calendar_hash	text not null,
	experiment_hash	text not null,		-- "" for none, as the two above
	zone_data	text not null
) strict;
create index decision_debtor on decision (debtor_id, at);

create table contact (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	debtor_id	integer not null references debtor,
	decision_id	integer not null references decision,
	address_id	integer not null references address,
	channel		text not null check (channel = 'email' or channel = 'sms' or channel = 'letter'
			or channel = 'call'),
	step		text not null,
	template	text not null,
	tone		text not null check (tone = 'warm' or tone = 'neutral' or tone = 'firm'),
	lang		text not null,
	legal_notice	integer not null check (legal_notice in (0, 1)),
	state		text not null check (state = 'planned' or state = 'armed' or state = 'sent'
			or state = 'delivered' or state = 'bounced' or state = 'unknown'
			or state = 'failed' or state = 'dropped'),
	planned_at	integer not null,
	ripe_at		integer not null,
	expires_at	integer not null,
	armed_at	integer,
	sent_at		integer,
	ended_at	integer,
	deadline_on	integer,
	attempt		integer not null default 0,
	worker		text,
	lease_token	text,
	lease_until	integer,
	boot_id		text,
	outcome_code	integer,
	provider_id	text,
	reason		text not null default '',
	templates_hash	text not null
) strict;
create index contact_ripe on contact (ripe_at) where state = 'planned';
create index contact_armed on contact (lease_until) where state = 'armed';
create index contact_debtor on contact (debtor_id, planned_at);

-- Which step of which case's ladder a contact takes.  A contact that never
-- left (dropped, failed, bounced) is void and gives the step free again.
create table contact_case (
	contact_id	integer not null references contact,
	case_id		integer not null references "case",
	invoice_id	integer not null references invoice,	-- the carrying one
	step		text not null,
	fee_minor	integer not null,
	void		integer not null default 0 check (void in (0, 1)),
	primary key (contact_id, case_id)
) strict, without rowid;
create unique index contact_case_once on contact_case (case_id, invoice_id, step) where void = 0;

-- What a contact spoke of, with the balance as of then; counts: the invoice was
-- old enough for the step, which is therefore taken for it too.
create table contact_invoice (
	contact_id	integer not null references contact,
	invoice_id	integer not null references invoice,
	balance_minor	integer not null,
	counts		integer not null check (counts in (0, 1)),
	primary key (contact_id, invoice_id)
) strict, without rowid;
create index contact_invoice_invoice on contact_invoice (invoice_id);

create table link (
	token_hash	text not null primary key,
	contact_id	integer not null references contact,
	generation	integer not null,
	key_id		text not null,
	made_at		integer not null,
	expires_at	integer not null,
	unique (contact_id, generation)
) strict, without rowid;

-- A form that a debtor sent, once per key: sending it twice has one effect.
create table submission (
	key		text not null primary key,
	contact_id	integer not null references contact,
	action		text not null,
	receipt		text not null,
	at		integer not null
) strict, without rowid;

create table assignment (
	id		integer not null primary key,
	experiment	text not null,
	experiment_hash	text not null references policy,
	unit_id		integer not null references unit,
	debtor_id	integer not null references debtor,
	case_id		integer not null references "case",
	arm		text not null,
	bucket		integer not null,
	assigned_at	integer not null,
	assigned_on	integer not null,
	opening_minor	integer not null,
	currency	text not null,
	unique (experiment, unit_id)
) strict;
create index assignment_unit on assignment (unit_id);

-- The invoices that were owed when the unit was assigned: the outcome is the
-- payment of these, whatever is invoiced later.
create table assignment_invoice (
	assignment_id	integer not null references assignment,
	invoice_id	integer not null references invoice,
	balance_minor	integer not null,
	primary key (assignment_id, invoice_id)
) strict, without rowid;

create table exposure (
	contact_id	integer not null primary key references contact,
	assignment_id	integer not null references assignment,
	tone		text not null,
	at		integer not null
) strict;
create index exposure_assignment on exposure (assignment_id);

-- What needs a person.
create table task (
	id		integer not null primary key,
	creditor_id	integer not null references creditor,
	debtor_id	integer references debtor,
	contact_id	integer references contact,
	kind		text not null,
	text		text not null,
	made_at		integer not null,
	done_at		integer,
	done_by		text
) strict;
create index task_open on task (made_at) where done_at is null;

create table event (
	id		integer not null primary key,
	at		integer not null,
	kind		text not null,
	who		text not null,
	creditor_id	integer,
	debtor_id	integer,
	contact_id	integer,
	invoice_id	integer,
	data		text not null
) strict;
create index event_debtor on event (debtor_id, at);
create trigger event_is_kept before delete on event begin
	select raise(abort, 'events are never deleted');
end;
create trigger event_is_fixed before update on event begin
	select raise(abort, 'events are never changed');
end;

create table import_run (
	id		integer not null primary key,
	kind		text not null,
	file_hash	text not null,
	profile_hash	text not null,
	at		integer not null,
	rows_read	integer not null,
	rows_new	integer not null,
	rows_changed	integer not null,
	rows_rejected	integer not null
) strict;

create table lease (
	name		text not null primary key,
	holder		text not null,
	token		text not null,
	until_at	integer not null
) strict, without rowid;
