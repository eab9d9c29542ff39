/* reschedule_run.c - see reschedule_run.h. */
#include "engine/reschedule_run.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/dossier.h"
#include "engine/policy.h"

struct moving {
	struct engine			*engine;
	const struct reschedule_request	*ask;
	const struct schedule		*to;
	instant_t			 now;
	json_t				*list;
	json_int_t			 moved, left;
	struct err			*err;
};

static struct decide_case *case_of(struct dossier *d, int64_t id)
{
	for (size_t i = 0; i < d->case_count; i++)
		if (d->facts.cases[i].id == id)
			return &d->facts.cases[i];
	return NULL;
}

/* The next step of the oldest invoice, and its first day by the schedule. */
static json_t *next_json(const struct decide_case *c, day_t today)
{
	const struct ladder_next next = ladder_next(c->schedule, &c->invoices[0].place, today);
	char day[DAY_TEXT_BYTES];

	if (next.step < 0)
		return json_null();
	return json_pack("{s:s, s:s}", "step", c->schedule->steps[next.step].id,
	    "due_on", day_text(next.due_on, day));
}

/* The last step taken of an invoice that the new version does not know, or
 * NULL.  Unknown ones before it do no harm: the ladder is climbed upwards. */
static const char *lost_step(const struct decide_case *c, const struct schedule *to)
{
	for (size_t i = 0; i < c->invoice_count; i++) {
		const int last = c->invoices[i].place.last_step;

		if (last >= 0 && schedule_step_index(to, c->schedule->steps[last].id) < 0)
			return c->schedule->steps[last].id;
	}
	return NULL;
}

/* The same case as the new version sees it. */
static struct decide_case as_moved(void *ctx, const struct decide_case *c,
    const struct schedule *to)
{
	struct decide_case out = *c;

	out.schedule = to;
	out.invoices = talloc_memdup(ctx, c->invoices,
	    sizeof(c->invoices[0]) * c->invoice_count);
	must(out.invoices != NULL);
	for (size_t i = 0; i < c->invoice_count; i++) {
		struct ladder_place *place = &out.invoices[i].place;

		if (place->last_step >= 0)
			place->last_step = schedule_step_index(to,
			    c->schedule->steps[place->last_step].id);
	}
	return out;
}

static bool book_move(struct moving *m, const struct dossier *d, int64_t case_id,
    const char *from)
{
	return ledger_set_version(m->engine->store, case_id, m->to->hash, m->err) &&
	    book_event(m->engine, m->now, "case.rescheduled", m->ask->who, &d->debtor, 0, 0,
	    m->err, "{\"case\":%lld,\"schedule\":\"%s\",\"from\":\"%.12s\",\"to\":\"%.12s\"}",
	    (long long)case_id, m->ask->schedule, from, m->to->hash) &&
	    ledger_wake_debtor(m->engine->store, d->debtor.id, m->now, m->err);
}

static bool move_case(struct moving *m, const struct case_record *record)
{
	void *tmp = talloc_new(NULL);
	struct dossier *d = dossier_read(m->engine, tmp, record->debtor_id, 0, 0, m->now, m->err);
	const struct decide_case *c = d != NULL ? case_of(d, record->id) : NULL;
	const char *lost = c != NULL ? lost_step(c, m->to) : NULL;
	struct decide_case after;
	char reason[160] = "";
	bool ok = d != NULL;

	if (c != NULL) {
		after = as_moved(tmp, c, m->to);
		if (lost != NULL)
			(void)snprintf(reason, sizeof(reason), "step %s was taken, and the new "
			    "version does not know it: name it there with \"was\": \"%s\"",
			    lost, lost);
		m->moved += lost == NULL;
		m->left += lost != NULL;
		json_array_append_new(m->list, json_pack("{s:I, s:s, s:s, s:s, s:b, s:s, s:o, s:o}",
		    "case", (json_int_t)record->id, "debtor", d->debtor.external_id,
		    "currency", record->currency, "from", record->schedule_hash,
		    "moved", lost == NULL, "reason", reason, "before", next_json(c, d->today),
		    "after", lost == NULL ? next_json(&after, d->today) : json_null()));
		ok = lost != NULL || m->ask->dry ||
		    book_move(m, d, record->id, record->schedule_hash);
	}
	talloc_free(tmp);
	return ok;
}

static bool move_all(struct moving *m)
{
	void *tmp = talloc_new(NULL);
	struct case_record *cases;
	size_t n;
	bool ok = ledger_cases_on_schedule(m->engine->store, tmp, m->ask->schedule, m->to->hash,
	    m->ask->case_id, m->ask->debtor_id, &cases, &n, m->err);

	for (size_t i = 0; ok && i < n; i++)
		ok = move_case(m, &cases[i]);
	talloc_free(tmp);
	return ok;
}

bool reschedule_run(struct engine *e, const struct reschedule_request *ask, instant_t now,
    json_t **out, struct err *err)
{
	struct moving m = { .engine = e, .ask = ask, .now = now, .err = err,
	    .to = policy_schedule(e->policy, ask->schedule, err) };
	bool ok;

	*out = NULL;
	if (m.to == NULL)
		return false;
	m.list = json_array();
	ok = store_begin(e->store, err) && policy_put(e->policy, e, now, err) && move_all(&m) &&
	    (ask->dry || store_commit(e->store, err));
	if (!ok || ask->dry)
		store_rollback(e->store);
	if (!ok) {
		json_decref(m.list);
		return false;
	}
	*out = json_pack("{s:s, s:s, s:I, s:I, s:o}", "schedule", ask->schedule, "version",
	    m.to->hash, "moved", m.moved, "left", m.left, "cases", m.list);
	must(*out != NULL);
	return true;
}
