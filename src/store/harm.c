/* harm.c - see harm.h. */
#include "store/harm.h"

#include <talloc.h>

#include "base/must.h"
#include "store/query.h"

bool harm_add_stop(struct store *s, const char *experiment, const struct arm_stop *a,
    struct err *err)
{
	return query_run(s, STMT_ARM_STOP_ADD, err, "ttiitt", experiment, a->arm, a->at,
	    (int64_t)a->stopped, a->who, a->reason);
}

bool harm_stops(struct store *s, void *ctx, const char *experiment, instant_t before,
    struct arm_stop **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ARM_STOPS, err, "ti", experiment, before);
	while (query_next(&q))
		*GROW(ctx, out, count, struct arm_stop) = (struct arm_stop){
		    .arm = query_dup(&q, ctx, 0), .at = query_int(&q, 1),
		    .stopped = query_int(&q, 2) != 0, .who = query_dup(&q, ctx, 3),
		    .reason = query_dup(&q, ctx, 4) };
	return query_close(&q);
}

bool harm_stopped(struct store *s, void *ctx, const char *experiment, const char ***arms,
    size_t *count, struct err *err)
{
	struct query q;

	*arms = NULL;
	*count = 0;
	query_open(&q, s, STMT_ARMS_STOPPED, err, "t", experiment);
	while (query_next(&q))
		*GROW(ctx, arms, count, const char *) = query_dup(&q, ctx, 0);
	return query_close(&q);
}

bool harm_stopped_by(struct store *s, const char *experiment, const char *arm, const char *who,
    int64_t *times, struct err *err)
{
	return query_one_int(s, STMT_ARM_STOPPED_BY, 0, times, err, "ttt", experiment, arm, who);
}

static bool day_of(struct store *s, enum statement statement, const char *experiment, day_t *day,
    struct err *err)
{
	struct query q;

	*day = DAY_NONE;
	query_open(&q, s, statement, err, "t", experiment);
	if (query_next(&q))
		*day = query_day(&q, 0);
	return query_close(&q);
}

bool harm_looked_on(struct store *s, const char *experiment, day_t *day, struct err *err)
{
	return day_of(s, STMT_HARM_LOOKED_ON, experiment, day, err);
}

bool harm_first_on(struct store *s, const char *experiment, day_t *day, struct err *err)
{
	return day_of(s, STMT_HARM_FIRST, experiment, day, err);
}

bool harm_look(struct store *s, const char *experiment, day_t day, struct err *err)
{
	return query_run(s, STMT_HARM_LOOK, err, "ti", experiment, (int64_t)day);
}

bool harm_creditor(struct store *s, const char *experiment, int64_t *creditor_id, struct err *err)
{
	return query_one_int(s, STMT_HARM_CREDITOR, 0, creditor_id, err, "t", experiment);
}
