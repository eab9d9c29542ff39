/* explain_all.c - every stored decision, made again; see explain.h. */
#include <talloc.h>

#include "base/must.h"
#include "engine/decided.h"
#include "engine/explain.h"

#define ALL_BATCH 1000

struct going_through {
	struct engine	*engine;
	json_t		*different;
	int64_t		 decisions, after;
	struct err	*err;
};

static bool again(struct going_through *g, void *ctx, int64_t id)
{
	char at[INSTANT_TEXT_BYTES];
	struct decided d;
	json_t *lines;

	if (!decided_again(g->engine, ctx, id, &d, g->err))
		return false;
	g->decisions++;
	if (d.difference_count == 0)
		return true;
	lines = json_array();
	for (size_t i = 0; i < d.difference_count; i++)
		json_array_append_new(lines, json_string(d.differences[i]));
	json_array_append_new(g->different, json_pack("{s:I, s:s, s:o}", "decision",
	    (json_int_t)id, "at", instant_text(d.record.at, at), "differences", lines));
	return true;
}

/* *more false: there were none left. */
static bool batch(struct going_through *g, bool *more)
{
	void *tmp = talloc_new(NULL);
	int64_t *ids;
	size_t n;
	bool ok = outbox_all_decisions(g->engine->store, tmp, g->after, ALL_BATCH, &ids, &n, g->err);

	for (size_t i = 0; ok && i < n; i++) {
		void *one = talloc_new(tmp);

		ok = again(g, one, ids[i]);
		talloc_free(one);
		g->after = ids[i];
	}
	*more = n > 0;
	talloc_free(tmp);
	return ok;
}

bool explain_replay_all(struct engine *e, json_t **out, struct err *err)
{
	struct going_through g = { .engine = e, .different = json_array(), .err = err };
	bool more = true, ok = store_begin_read(e->store, err);

	while (ok && more)
		ok = batch(&g, &more);
	store_end_read(e->store);
	*out = json_pack("{s:s, s:I, s:I, s:o}", "asked", "all decisions", "decisions",
	    (json_int_t)g.decisions, "same",
	    (json_int_t)(g.decisions - (int64_t)json_array_size(g.different)), "different",
	    g.different);
	must(*out != NULL);
	if (!ok) {
		json_decref(*out);
		*out = NULL;
	}
	return ok;
}
