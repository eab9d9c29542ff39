/* tone_programme.c - the programme as a whole against who is held out of it: the
 * "programme" of the object.
 *
 * All arms together are one arm, those held out the reference, and the report is made
 * once more of these two; what concerns arms alone is left out of it.  Shares changed
 * with the file, so epochs are kept apart here, too.  No size is planned for it: its
 * limits are those of one look.
 */
#include <talloc.h>

#include "base/must.h"
#include "measure/tone_draft.h"

enum { HELD, TOGETHER };

static void plan_of_two(const struct tone_plan *plan, struct tone_plan *two)
{
	*two = *plan;
	two->programme = NULL;
	two->planned = (struct tone_planned){ 0 };
	two->margin_basis_points = 0;
	two->arm_count = 2;
	two->reference = HELD;
	two->arms[HELD] = (struct tone_arm){ .name = "holdout",
	    .basis_points = plan->holdout_basis_points };
	two->arms[TOGETHER] = (struct tone_arm){ .name = "programme",
	    .basis_points = TONE_WHOLE - plan->holdout_basis_points };
	for (size_t e = 0; e < plan->epoch_count; e++) {
		const int held = plan->epochs[e].holdout_basis_points;

		two->epochs[e].basis_points[HELD] = held;
		two->epochs[e].basis_points[TOGETHER] = TONE_WHOLE - held;
	}
}

json_t *tone_programme_json(const struct draft *d)
{
	static const char *const kept[] = { "valid", "status_text", "flow", "health", "primary",
	    "finance" };
	struct tone_row *rows = talloc_array(d->ctx, struct tone_row, (unsigned)d->all_count + 1);
	struct tone_plan *two = talloc(d->ctx, struct tone_plan);
	json_t *whole, *out;

	must(rows != NULL && two != NULL);
	if (d->plan->programme == NULL || d->plan->programme[0] == '\0')
		return json_null();
	plan_of_two(d->plan, two);
	for (size_t i = 0; i < d->all_count; i++) {
		rows[i] = d->all[i];
		if (rows[i].arm < d->plan->arm_count)
			rows[i].arm = TOGETHER;
		else if (rows[i].arm == TONE_HELD_OUT)
			rows[i].arm = HELD;
	}
	whole = tone_report_make(two, rows, d->all_count);
	out = json_pack("{s:s, s:i}", "name", d->plan->programme, "holdout_basis_points",
	    d->plan->holdout_basis_points);
	must(out != NULL);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		json_put(out, kept[i], json_incref(json_object_get(whole, kept[i])));
	json_decref(whole);
	return out;
}
