/* forward.c - see forward.h. */
#include "engine/forward.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/money.h"
#include "base/must.h"
#include "base/str.h"
#include "engine/arm.h"
#include "engine/outcome.h"
#include "engine/plan_run.h"
#include "engine/policy.h"
#include "engine/send_run.h"
#include "engine/where.h"
#include "model/sms.h"
#include "store/handover.h"
#include "store/outlook.h"
#include "store/run.h"

#define WORKER "forward"
#define FEE_TEXT_BYTES_MAX 512

struct looking {
	struct engine			*engine;
	const struct forward_options	*options;
	const struct zone		*zone;		/* of the first creditor */
	struct outlook_mark		 mark;
	int				 batch;
};

bool forward_zone(const struct engine *e, const struct zone **zone, struct err *err)
{
	*zone = zone_find(e->cfg->creditor_count > 0 ?
	    e->cfg->creditors[0].text[CREDITOR_ZONE] : "UTC", err);
	return *zone != NULL;
}

/* --- one message -------------------------------------------------------------- */

/* Amounts by currency, in the order in which they come. */
struct sums {
	struct { char currency[CURRENCY_BYTES]; int64_t minor; } list[DECIDE_CASES_MAX];
	size_t count;
};

static void add_sum(struct sums *s, const char *currency, int64_t minor)
{
	size_t i = 0;

	while (i < s->count && strcmp(s->list[i].currency, currency) != 0)
		i++;
	if (minor == 0 || i == DECIDE_CASES_MAX)
		return;
	if (i == s->count)
		(void)snprintf(s->list[s->count++].currency, CURRENCY_BYTES, "%s", currency);
	s->list[i].minor += minor;
}

/* "100.00 DKK + 5.00 EUR", "" for none; a child of the context. */
static const char *sum_words(void *ctx, const struct sums *s)
{
	struct str out;

	str_init(&out, ctx, FEE_TEXT_BYTES_MAX);
	for (size_t i = 0; i < s->count; i++) {
		str_put(&out, i > 0 ? " + " : "");
		money_put(&out, s->list[i].minor, currency_exponent(s->list[i].currency));
		str_printf(&out, " %s", s->list[i].currency);
	}
	return out.at != NULL ? out.at : "";
}

/* What the message adds to the claim. */
static bool read_charges(struct engine *e, void *tmp, struct forward_contact *f, struct err *err)
{
	struct sums fees = { 0 }, interest = { 0 }, compensation = { 0 };
	struct contact_invoice_record *invoices;
	struct contact_case_record *parts;
	struct invoice_record invoice;
	struct case_record c;
	size_t n, listed;

	if (!outbox_cases(e->store, tmp, f->contact->id, &parts, &n, err) ||
	    !outbox_invoices(e->store, tmp, f->contact->id, &invoices, &listed, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (parts[i].fee_minor == 0)
			continue;
		if (!ledger_get_case(e->store, tmp, parts[i].case_id, &c, err))
			return false;
		add_sum(&fees, c.currency, parts[i].fee_minor);
	}
	for (size_t i = 0; i < listed; i++) {
		if (invoices[i].interest_minor == 0 && invoices[i].compensation_minor == 0)
			continue;
		if (!ledger_get_invoice(e->store, tmp, invoices[i].invoice_id, &invoice, err))
			return false;
		add_sum(&interest, invoice.currency, invoices[i].interest_minor);
		add_sum(&compensation, invoice.currency, invoices[i].compensation_minor);
	}
	f->fee = sum_words(tmp, &fees);
	f->interest = sum_words(tmp, &interest);
	f->compensation = sum_words(tmp, &compensation);
	return handover_get_text(e->store, tmp, f->contact->id, &f->subject, &f->content, err);
}

/* What closed the days that lie between: a named day, else Sunday, else hours. */
static const char *closing(const struct calendar *calendar, day_t from, day_t to)
{
	const char *why = "outside contact hours";

	for (day_t day = to - 1; calendar != NULL && day >= from; day--) {
		if (calendar_event_name(calendar, day)[0] != '\0')
			why = calendar_event_name(calendar, day);
		else if (day_weekday(day) == 7 && strcmp(why, "outside contact hours") == 0)
			why = "Sunday";
	}
	return why;
}

static bool set_move(struct looking *l, void *tmp, const struct debtor_record *debtor,
    struct forward_contact *f, struct err *err)
{
	const struct cfg_creditor *settings = cfg_creditor(l->engine->cfg, f->creditor);
	const struct zone *zone = zone_find(debtor->zone, err);
	struct policy_rules rules;
	day_t from, to;

	if (zone == NULL)
		return false;
	from = zone_local(zone, f->contact->planned_at).day;
	to = zone_local(zone, f->at).day;
	f->moved_from = f->moved_to = DAY_NONE;
	f->why = "";
	if (from >= to || f->contact->planned_at < l->options->from)
		return true;
	if (!policy_rules_for(l->engine->policy, debtor->country, where_region(tmp, debtor),
	    NULL, settings != NULL ? settings->text[CREDITOR_CLOSED_DAYS] : "", &rules, err))
		return false;
	f->moved_from = from;
	f->moved_to = to;
	f->why = closing(rules.rules.calendar, from, to);
	return true;
}

static bool tell(struct looking *l, const struct message *m, instant_t now, struct err *err)
{
	struct engine *e = l->engine;
	struct forward_contact f = { .message = m, .at = now };
	struct creditor_record creditor;
	struct contact_record contact;
	struct debtor_record debtor;
	struct sms_size size;
	void *tmp;
	bool ok;

	if (l->options->sent == NULL)
		return true;
	tmp = talloc_new(NULL);
	f.contact = &contact;
	ok = outbox_get(e->store, tmp, m->contact_id, &contact, err) &&
	    register_get_debtor(e->store, tmp, contact.debtor_id, &debtor, err) &&
	    register_get_creditor(e->store, tmp, contact.creditor_id, &creditor, err) &&
	    read_charges(e, tmp, &f, err);
	f.creditor = ok ? creditor.external_id : "";
	ok = ok && set_move(l, tmp, &debtor, &f, err);
	if (ok) {
		f.debtor = debtor.external_id;
		f.on = zone_local(l->zone, now).day;
		if (m->channel == CHANNEL_SMS && sms_measure(m->text, strlen(m->text), &size))
			f.sms_parts = size.parts;
		ok = l->options->sent(l->options->arg, &f, err);
	}
	talloc_free(tmp);
	return ok;
}

/* --- one pass -------------------------------------------------------------------- */

static bool arm_batch(struct looking *l, void *tmp, const int64_t *ids, size_t n,
    instant_t now, struct message *messages, size_t *count, struct err *err)
{
	const struct contact_lease lease = { .worker = WORKER, .token = WORKER, .boot_id = "",
	    .until = now + SEND_LEASE_SECONDS };
	enum arm_answer answer;

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!arm_contact(l->engine, tmp, ids[i], &lease, now, false, &messages[*count],
		    &answer, err))
			return false;
		*count += answer == ARM_ARMED;
	}
	return true;
}

/* As a send does it: the whole batch is armed before the first is recorded. */
static bool send_batch(struct looking *l, const int64_t *ids, size_t n, instant_t now,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct message *messages = talloc_zero_array(tmp, struct message, (unsigned)n);
	size_t count = 0;
	bool recorded, ok;

	must(messages != NULL);
	ok = store_begin(l->engine->store, err) &&
	    arm_batch(l, tmp, ids, n, now, messages, &count, err);
	for (size_t i = 0; ok && i < count; i++) {
		const struct outcome taken = { .contact_id = messages[i].contact_id,
		    .token = WORKER, .what = SEND_TAKEN, .provider_id = "", .detail = "", .at = now };

		ok = tell(l, &messages[i], now, err) &&
		    outcome_record(l->engine, &taken, now, &recorded, err);
	}
	ok = ok && store_commit(l->engine->store, err);
	if (!ok)
		store_rollback(l->engine->store);
	talloc_free(tmp);
	return ok;
}

static bool send_ripe(struct looking *l, instant_t now, struct err *err)
{
	int64_t *ids;
	size_t n = 0;
	bool ok;

	do {
		void *tmp = talloc_new(NULL);

		ok = outbox_ripe(l->engine->store, tmp, now, l->batch, &ids, &n, err) &&
		    (n == 0 || send_batch(l, ids, n, now, err));
		talloc_free(tmp);
	} while (ok && n == (size_t)l->batch);
	return ok;
}

static bool tell_planned(struct looking *l, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record contact;
	int64_t *ids;
	size_t n;
	bool ok = outlook_planned_since(l->engine->store, tmp, l->mark.contact, &ids, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		l->mark.contact = ids[i];
		ok = outbox_get(l->engine->store, tmp, ids[i], &contact, err) &&
		    l->options->planned(l->options->arg, &contact, err);
	}
	talloc_free(tmp);
	return ok;
}

static bool pass(struct looking *l, instant_t now, struct err *err)
{
	struct plan_summary plan;

	if (l->options->progress != NULL)
		l->options->progress(l->options->arg, now);
	return plan_run(l->engine, now, false, &plan, err) &&
	    (l->options->planned == NULL || tell_planned(l, err)) && send_ripe(l, now, err);
}

/* --- from pass to pass --------------------------------------------------------------- */

/* The first of the day's passes at or after `at`. */
static instant_t next_given(const struct looking *l, instant_t at)
{
	for (day_t day = zone_local(l->zone, at).day;; day++)
		for (size_t i = 0; i < l->options->run_count; i++) {
			const instant_t run = zone_instant(l->zone, day, l->options->runs[i] * 60);

			if (run >= at)
				return run;
		}
}

static bool next_pass(struct looking *l, instant_t now, instant_t *next, struct err *err)
{
	if (l->options->run_count > 0) {
		*next = next_given(l, now + 1);
		return true;
	}
	if (!outlook_next(l->engine->store, next, err))
		return false;
	if (*next < now + FORWARD_STEP_SECONDS)
		*next = now + FORWARD_STEP_SECONDS;
	return true;
}

static bool free_all(struct looking *l, struct err *err)
{
	const bool ok = store_begin(l->engine->store, err) && run_free_all(l->engine->store, err) &&
	    store_commit(l->engine->store, err);

	if (!ok)
		store_rollback(l->engine->store);
	return ok;
}

bool forward_run(struct engine *e, const struct forward_options *options, struct err *err)
{
	struct looking l = { .engine = e, .options = options,
	    .batch = (int)cfg_int(e->cfg, CFG_PURR_SEND_BATCH) };
	instant_t now = options->from;
	bool ok;

	must(e->scratch);
	ok = forward_zone(e, &l.zone, err) && outlook_mark(e->store, &l.mark, err) &&
	    free_all(&l, err);
	if (ok && options->run_count > 0)
		now = next_given(&l, now);
	while (ok && now < options->until) {
		ok = pass(&l, now, err);
		if (ok)
			ok = next_pass(&l, now, &now, err);
	}
	return ok;
}

/* --- before it begins -------------------------------------------------------------------- */

static bool move_version(struct engine *e, const char *name, const char *from, const char *to,
    struct err *err)
{
	const struct schedule *schedule = policy_schedule_version(e->policy, e, from, err);

	if (schedule == NULL)
		return false;
	return (name != NULL && strcmp(schedule->name, name) != 0) ||
	    outlook_move_cases(e->store, from, to, err);
}

bool forward_move(struct engine *e, const char *name, const char *to_hash, instant_t now,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	char **running;
	size_t n = 0;
	bool ok;

	must(e->scratch);
	ok = policy_activate(e->policy, e, now, err) &&
	    outlook_schedules(e->store, tmp, &running, &n, err) && store_begin(e->store, err);
	for (size_t i = 0; ok && to_hash != NULL && i < n; i++)
		ok = move_version(e, name, running[i], to_hash, err);
	ok = ok && outlook_wake_all(e->store, now, err) && store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}

bool forward_until(struct engine *e, instant_t from, int days, instant_t *until,
    struct err *err)
{
	const struct zone *zone;

	if (!forward_zone(e, &zone, err))
		return false;
	*until = zone_instant(zone, zone_local(zone, from).day + 1 + days, 0);
	return true;
}

bool forward_runs_parse(const char *text, struct forward_options *out, struct err *err)
{
	int hour, minute, used;

	out->run_count = 0;
	while (out->run_count < FORWARD_RUNS_MAX && strspn(text, "0123456789") == 2 &&
	    sscanf(text, "%2d:%2d%n", &hour, &minute, &used) == 2 && used == 5 && hour < 24 &&
	    minute < 60 && (out->run_count == 0 ||
	    hour * 60 + minute > out->runs[out->run_count - 1])) {
		out->runs[out->run_count++] = hour * 60 + minute;
		text += used;
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			break;
	}
	return err_set(err, ERR_INPUT, "give times of the day in order, such as 08:00,15:30");
}
