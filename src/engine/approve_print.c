/* approve_print.c - see approve_print.h. */
#include "engine/approve_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"
#include "engine/policy.h"
#include "store/run.h"

#define TEXT_BYTES_MAX (256 * 1024)

void approve_print_make(const struct contact_record *c, const struct approve_parts *parts,
    struct approve_print *out)
{
	struct str text;

	str_init(&text, NULL, TEXT_BYTES_MAX);
	out->owed_minor = 0;
	str_printf(&text, "%" PRId64 "|%s|%s|%s|%" PRId64 "|%s|%s|%d", c->debtor_id,
	    c->step, c->template, channel_name(c->channel), c->address_id, tone_name(c->tone),
	    c->lang, c->legal_notice);
	for (size_t i = 0; i < parts->case_count; i++)
		str_printf(&text, "|%" PRId64 ":%" PRId64 ":%" PRId64, parts->cases[i].case_id,
		    parts->cases[i].invoice_id, parts->cases[i].fee_minor);
	for (size_t i = 0; i < parts->invoice_count; i++) {
		const struct contact_invoice_record *r = &parts->invoices[i];

		str_printf(&text, "|%" PRId64, r->invoice_id);
		out->owed_minor += r->balance_minor + r->interest_minor + r->compensation_minor;
	}
	must(str_ok(&text));
	sha256_hex(text.at, text.len, out->hash);
	str_release(&text);
}

bool approve_print_read(struct engine *e, const struct contact_record *c,
    struct approve_print *out, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_case_record *cases;
	struct contact_invoice_record *invoices;
	struct approve_parts parts = { 0 };
	const bool ok = outbox_cases(e->store, tmp, c->id, &cases, &parts.case_count, err) &&
	    outbox_invoices(e->store, tmp, c->id, &invoices, &parts.invoice_count, err);

	if (ok) {
		parts.cases = cases;
		parts.invoices = invoices;
		approve_print_make(c, &parts, out);
	}
	talloc_free(tmp);
	return ok;
}

void approve_ground(struct engine *e, char out[HASH_HEX_BYTES])
{
	char policy[HASH_HEX_BYTES];
	struct str text;

	policy_hash(e->policy, policy);
	str_init(&text, NULL, TEXT_BYTES_MAX);
	str_printf(&text, "%s|%s", policy, e->cfg->text[CFG_PURR_BASE_URL]);
	for (size_t i = 0; i < e->cfg->creditor_count; i++) {
		const struct cfg_creditor *c = &e->cfg->creditors[i];

		str_printf(&text, "|%s", c->id);
		for (int k = 0; k < CREDITOR_KEYS; k++)
			str_printf(&text, "|%zu:%s", strlen(c->text[k]), c->text[k]);
	}
	must(str_ok(&text));
	sha256_hex(text.at, text.len, out);
	str_release(&text);
}

/* The two as one. */
static void joined(struct engine *e, const struct approve_print *print, char out[HASH_HEX_BYTES])
{
	char text[2 * HASH_HEX_BYTES], ground[HASH_HEX_BYTES];

	approve_ground(e, ground);
	(void)snprintf(text, sizeof(text), "%s%s", ground, print->hash);
	sha256_hex(text, strlen(text), out);
}

bool approve_print_keep(struct engine *e, int64_t contact_id, const struct approve_print *print,
    struct err *err)
{
	char as[HASH_HEX_BYTES];

	joined(e, print, as);
	return run_approved_as(e->store, contact_id, as, print->owed_minor, err);
}

bool approve_print_holds(struct engine *e, int64_t contact_id, const struct approve_print *print,
    bool *holds, struct err *err)
{
	char as[HASH_HEX_BYTES], was[HASH_HEX_BYTES];
	int64_t owed;

	if (!run_get_approved_as(e->store, contact_id, was, &owed, err))
		return false;
	joined(e, print, as);
	*holds = was[0] == '\0' || (strcmp(as, was) == 0 && print->owed_minor <= owed);
	return true;
}
