-- 0005: seeing before sending.  A preview that somebody may approve, the runs
-- that wait for a person, and the contacts that wait with them.

-- What a preview showed, for as long as it may be approved.
create table preview (
	id		text not null primary key,
	policy_hash	text not null,
	author		text not null,
	made_at		integer not null,
	expires_at	integer not null,
	contacts	integer not null,
	approved_at	integer,
	approved_by	text,
	check ((approved_at is null) = (approved_by is null)),
	check (approved_by is null or lower(approved_by) <> lower(author))
) strict;

-- Each contact of it, by what a reader saw: see engine/approve_run.h.
create table preview_contact (
	fingerprint	text not null,
	preview_id	text not null references preview,
	debtor_id	integer not null references debtor,
	step		text not null,
	primary key (fingerprint, preview_id)
) strict, without rowid;
create index preview_contact_debtor on preview_contact (preview_id, debtor_id);

-- A pass that stopped and asks.  approval: its contacts are planned and wait.
-- breaker: nothing was planned, far more people than usual would have been.
create table run (
	id		integer not null primary key,
	kind		text not null check (kind in ('approval', 'breaker')),
	at		integer not null,
	planned_on	integer not null,	-- civil day of the first creditor
	contacts	integer not null,
	usual		integer not null,	-- contacts of a day; 0: no day yet
	allowed		integer not null,
	approved_at	integer,
	approved_by	text
) strict;
create unique index run_breaker_day on run (planned_on) where kind = 'breaker';

-- null: free.  A contact that waits is planned and cannot be armed.
alter table contact add column waits_for integer references run;
drop index contact_ripe;
create index contact_ripe on contact (ripe_at) where state = 'planned' and waits_for is null;
create index contact_waits on contact (expires_at)
	where state = 'planned' and waits_for is not null;
create index contact_planned_at on contact (planned_at) where state <> 'dropped';
