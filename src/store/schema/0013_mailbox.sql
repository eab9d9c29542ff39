-- 0013: Mette@firma.example and mette@firma.example are one mailbox.  Who left one of them
-- has left the other; what is known to be bad is bad in any spelling.
drop index address_value;
create index address_mailbox on address (channel, lower(value));
update address set opted_out_at = (select min(b.opted_out_at) from address b
	join debtor f on f.id = b.debtor_id where b.channel = address.channel
	and lower(b.value) = lower(address.value)
	and f.creditor_id = (select creditor_id from debtor where id = address.debtor_id))
	where channel = 'email' and opted_out_at is null;
update address set bad_at = (select min(b.bad_at) from address b
	join debtor f on f.id = b.debtor_id where b.channel = address.channel
	and lower(b.value) = lower(address.value)
	and f.creditor_id = (select creditor_id from debtor where id = address.debtor_id))
	where channel = 'email' and bad_at is null;
