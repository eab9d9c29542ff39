/* report_run.c - see report_run.h. */
#include "engine/report_run.h"

#include <talloc.h>

#include "base/json_make.h"
#include "engine/tone_rows.h"

bool report_tone(struct engine *e, void *ctx, const char *experiment, day_t as_of,
    bool no_true_effect, json_t **out, struct err *err)
{
	void *tmp = talloc_new(ctx);
	struct tone_rows all;
	const bool ok = tone_rows_read(e, tmp, experiment, as_of, no_true_effect, &all, err);

	*out = NULL;
	if (ok)
		*out = tone_report_make(&all.plan, all.rows, all.count);
	talloc_free(tmp);
	return ok;
}

bool report_tone_rows(struct engine *e, void *ctx, const char *experiment, day_t as_of,
    struct str *out, struct err *err)
{
	void *tmp = talloc_new(ctx);
	struct tone_rows all;
	const bool ok = tone_rows_read(e, tmp, experiment, as_of, false, &all, err);

	if (ok)
		tone_rows_csv(&all.plan, all.rows, all.count, out);
	talloc_free(tmp);
	return ok;
}
