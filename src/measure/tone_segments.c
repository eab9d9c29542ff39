/* tone_segments.c - the effect in parts that were fixed before anything was seen: the
 * smaller and the larger amounts, first reminder or not, language; see tone_draft.h.
 *
 * Source:  segments.h.  Several epochs: shares are not pooled, so no parts.
 */
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/segments.h"
#include "measure/tone_draft.h"

#define LANGS_MAX 64

enum cut { CUT_AMOUNT, CUT_REMINDED, CUT_LANGUAGE, CUTS };

static const char *const cuts[CUTS] = {
	[CUT_AMOUNT] = "amount", [CUT_REMINDED] = "reminded_before", [CUT_LANGUAGE] = "language",
};

struct cutting {
	const struct draft	*draft;
	int64_t			 middle;	/* of the amounts owed at assignment */
};

static bool counts(const struct draft *d, const struct tone_row *row)
{
	return tone_row_counts(d->plan, row) &&
	    tone_result_on(&d->tally, row) <= d->tally.until;
}

static int amount_order(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of all arms together: what was owed before the assignment knows no arm. */
static int64_t middle_of(const struct draft *d)
{
	int64_t *owed = talloc_array(d->ctx, int64_t, (unsigned)d->count + 1), out = 0;
	size_t n = 0;

	must(owed != NULL);
	for (size_t i = 0; i < d->count; i++)
		if (counts(d, &d->row[i]))
			owed[n++] = d->row[i].opening_minor;
	if (n > 0) {
		qsort(owed, n, sizeof(owed[0]), amount_order);
		out = owed[n / 2];
	}
	talloc_free(owed);
	return out;
}

static const char *part_of(const struct cutting *c, enum cut cut, const struct tone_row *row)
{
	switch (cut) {
	case CUT_AMOUNT:
		return row->opening_minor < c->middle ? "below the middle" : "from the middle on";
	case CUT_REMINDED:
		return row->covariate[COVARIATE_REMINDERS] > 0 ? "reminded before" : "for the first time";
	case CUT_LANGUAGE:
		return row->lang != NULL ? row->lang : "";
	case CUTS:
		break;
	}
	return "";
}

static json_t *cut_json(const struct cutting *c, enum cut cut, size_t arm)
{
	const struct draft *d = c->draft;
	struct segment_counts parts[LANGS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct tone_row *row = &d->row[i];
		const char *name = part_of(c, cut, row);
		struct share *share;
		size_t at = 0;

		if ((row->arm != arm && row->arm != d->plan->reference) || !counts(d, row))
			continue;
		while (at < count && strcmp(parts[at].name, name) != 0)
			at++;
		if (at == LANGS_MAX)
			continue;
		if (at == count)
			parts[count++] = (struct segment_counts){ .name = name };
		share = row->arm == arm ? &parts[at].one : &parts[at].zero;
		share->n++;
		share->x += row->paid_on != DAY_NONE &&
		    row->paid_on <= row->assigned_on + d->tally.horizon;
	}
	return segments_json(parts, count, FIGURE_LEVEL);
}

json_t *tone_segments_json(const struct draft *d)
{
	const struct cutting c = { .draft = d, .middle = middle_of(d) };
	json_t *out = json_array();

	if (!d->tally.valid || d->tally.epochs > 1)
		return out;
	for (int cut = 0; cut < CUTS; cut++)
		for (size_t i = 0; i < d->plan->arm_count; i++) {
			json_t *one;

			if (is_reference(d, i))
				continue;
			one = cut_json(&c, (enum cut)cut, i);
			json_put(one, "by", json_string(cuts[cut]));
			json_put(one, "arm", json_string(d->plan->arms[i].name));
			json_push(out, one);
		}
	return out;
}
