/* ladder.c - see ladder.h. */
#include "plan/ladder.h"

static day_t later(day_t a, day_t b)
{
	return a > b ? a : b;
}

static day_t step_day(const struct schedule_step *step, const struct ladder_place *place)
{
	/* From the step before it, unless all before it have lapsed. */
	const bool due = step->from == STEP_FROM_DUE || place->last_sent_on == DAY_NONE;
	day_t day = (due ? place->due_on : place->last_sent_on) + step->days;

	if (place->last_deadline_on != DAY_NONE && !(due && place->due_alone))
		day = later(day, place->last_deadline_on + 1 + step->grace_days);
	return day;
}

struct ladder_next ladder_next(const struct schedule *schedule,
    const struct ladder_place *place, day_t today)
{
	struct ladder_next next = { .step = -1, .due_on = DAY_NONE };

	for (int i = place->last_step + 1; i < (int)schedule->step_count; i++) {
		const struct schedule_step *step = &schedule->steps[i];

		if (step->lapse_days != STEP_NEVER_LAPSES &&
		    today >= place->due_on + step->lapse_days) {
			next.lapsed++;
			continue;
		}
		next.step = i;
		next.due_on = step_day(step, place);
		if (place->held_until != DAY_NONE)
			next.due_on = later(next.due_on,
			    place->held_until + schedule->resume_days);
		return next;
	}
	return next;
}
