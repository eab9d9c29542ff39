-- 0009: what providers say by themselves: what became of a message, and what was written.
-- Both only grow; the same call again adds nothing.
create table receipt (
	id		integer not null primary key,
	contact_id	integer not null references contact,
	provider	text not null,
	provider_id	text not null,
	state		text not null check (state = 'on_its_way' or state = 'delivered' or state = 'failed'
			or state = 'dead'),
	code		text not null,
	said_at		integer not null,	-- by the provider's clock, else ours
	taken_at	integer not null
) strict;
create unique index receipt_once on receipt (contact_id, state, code);

create table inbound (
	id		integer not null primary key,
	channel		text not null check (channel in ('email', 'sms')),
	provider	text not null,
	provider_id	text not null,
	sender		text not null,
	recipient	text not null,
	text		text not null,
	said_at		integer not null,
	taken_at	integer not null,
	meaning		text not null check (meaning in ('stop', 'words')),
	debtor_id	integer references debtor,	-- null: nobody has that address
	contact_id	integer references contact	-- the message that was probably answered
) strict;
create unique index inbound_once on inbound (provider, provider_id);
create index inbound_debtor on inbound (debtor_id, said_at);

-- Calls of which nobody has said what came of them.
create index contact_calls on contact (sent_at) where state = 'sent' and channel = 'call';

-- Which way a debtor has reacted on.
create index submission_contact on submission (contact_id);

-- How often an address gave a message back since one arrived.
create index contact_arrived on contact (address_id, id) where state in ('delivered', 'bounced');
