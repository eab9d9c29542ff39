-- 0007: guardrails ask for what happened to anyone of a unit.
create index debtor_unit on debtor (unit_id);
