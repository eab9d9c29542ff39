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

bool choice_join(struct engine *e, const struct cfg_creditor *creditor, int64_t debtor_id,
    const char *currency, const char *invoice_schedule, instant_t now, int64_t *case_id,
    char by[CHOICE_BY_BYTES], struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct debtor_record debtor;
	struct choice choice;
	bool ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err) &&
	    choice_make(e, creditor, &debtor, currency, invoice_schedule, &choice, err) &&
	    ledger_open_case(e->store, debtor_id, currency, choice.name, case_id, err);

	if (ok && *case_id == 0)
		ok = ledger_add_case(e->store, debtor.creditor_id, debtor_id, currency,
		    choice.name, choice.schedule->hash, now, case_id, err);
	if (ok)
		memcpy(by, choice.by, CHOICE_BY_BYTES);
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
