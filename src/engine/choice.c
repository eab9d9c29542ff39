/* choice.c - see choice.h. */
#include "engine/choice.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy.h"

#define SEGMENT_PREFIX "segment:"

bool choice_make(struct engine *e, const struct cfg_creditor *creditor,
    const struct debtor_record *debtor, const char *currency, const char *invoice_schedule,
    struct choice *out, struct err *err)
{
	const struct segment_question question = { .creditor = creditor->id,
	    .country = debtor->country, .currency = currency, .lang = debtor->lang,
	    .segment = debtor->segment, .party = debtor->party };
	const struct segment *segment = policy_segment(e->policy, &question);

	if (invoice_schedule[0] != '\0')
		*out = (struct choice){ .name = invoice_schedule, .by = "invoice" };
	else if (debtor->schedule[0] != '\0')
		*out = (struct choice){ .name = debtor->schedule, .by = "debtor" };
	else if (segment != NULL)
		*out = (struct choice){ .name = segment->schedule };
	else
		*out = (struct choice){ .name = creditor->text[CREDITOR_SCHEDULE],
		    .by = "creditor" };
	if (out->by[0] == '\0')
		(void)snprintf(out->by, sizeof(out->by), SEGMENT_PREFIX "%s", segment->name);
	out->schedule = policy_schedule(e->policy, out->name, err);
	return out->schedule != NULL;
}

/* The open case of that choice; makes one when `begins`, else 0. */
static bool find_case(struct engine *e, const struct debtor_record *debtor, const char *currency,
    const struct choice *choice, bool begins, instant_t now, int64_t *case_id, struct err *err)
{
	if (!ledger_open_case(e->store, debtor->id, currency, choice->name, case_id, err))
		return false;
	return *case_id != 0 || !begins ||
	    ledger_add_case(e->store, debtor->creditor_id, debtor->id, currency, choice->name,
	    choice->schedule->hash, now, case_id, err);
}

bool choice_join(struct engine *e, const struct cfg_creditor *creditor, int64_t debtor_id,
    const struct invoice_row *row, const struct invoice_record *old, bool begins,
    instant_t now, int64_t *case_id, char by[CHOICE_BY_BYTES], struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct case_record running = { 0 };
	struct debtor_record debtor;
	struct choice choice;
	bool ok = old->case_id == 0 || ledger_get_case(e->store, tmp, old->case_id, &running, err);

	*case_id = 0;
	by[0] = '\0';
	if (ok && !running.open) {
		ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err) &&
		    choice_make(e, creditor, &debtor, row->currency, row->schedule, &choice,
		    err) && find_case(e, &debtor, row->currency, &choice, begins, now, case_id,
		    err);
		if (ok)
			memcpy(by, choice.by, CHOICE_BY_BYTES);
	}
	talloc_free(tmp);
	return ok;
}

void choice_put(struct str *out, const char *by)
{
	const size_t prefix = strlen(SEGMENT_PREFIX);

	if (strncmp(by, SEGMENT_PREFIX, prefix) == 0)
		str_printf(out, ", chosen by the segment %s", by + prefix);
	else if (strcmp(by, "creditor") == 0)
		str_put(out, ", the creditor's own in purr.conf");
	else if (by[0] != '\0')
		str_printf(out, ", named in the ledger for the %s", by);
}
