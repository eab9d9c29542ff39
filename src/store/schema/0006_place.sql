-- 0006: where a debtor is.

alter table debtor add column region text not null default '';		-- '': the ledger names none
alter table debtor add column postcode text not null default '';
-- 1: the ledger names the zone; 0: it was made out from the place.
alter table debtor add column zone_given integer not null default 0 check (zone_given in (0, 1));

-- A zone that is not the one that was made out was named.  In the United States
-- that was the creditor's, which says nothing of the debtor.
update debtor set zone_given = 1 where zone <> case country
	when 'DK' then 'Europe/Copenhagen' when 'NO' then 'Europe/Oslo'
	when 'SE' then 'Europe/Stockholm' when 'FI' then 'Europe/Helsinki'
	when 'DE' then 'Europe/Berlin' when 'GB' then 'Europe/London'
	when 'FO' then 'Atlantic/Faroe' when 'GL' then 'America/Nuuk'
	when 'IS' then 'Atlantic/Reykjavik'
	else (select c.zone from creditor c where c.id = debtor.creditor_id) end;
