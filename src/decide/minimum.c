/* minimum.c - see minimum.h. */
#include "decide/minimum.h"

/* The last due date that the step speaks of. */
static day_t speaks_until(const struct schedule_step *step, day_t today)
{
	return step->from == STEP_FROM_DUE && step->days <= 0 ? today - step->days : today - 1;
}

static bool reached(const struct decide_case *c, day_t until)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->invoice_count; i++)
		if (!c->invoices[i].hold.held && c->invoices[i].place.due_on <= until)
			sum += c->invoices[i].balance_minor;
	return sum >= schedule_min_amount(c->schedule, c->currency);
}

bool minimum_of_all(const struct decide_case *c)
{
	return reached(c, INT32_MAX);
}

bool minimum_of_step(const struct decide_case *c, int step, day_t today)
{
	return reached(c, speaks_until(&c->schedule->steps[step], today));
}

day_t minimum_next_day(const struct decide_case *c, size_t carrying, int step, day_t today)
{
	const day_t until = speaks_until(&c->schedule->steps[step], today);
	const int lapse_days = c->schedule->steps[step].lapse_days;
	day_t next = DAY_NONE;

	if (lapse_days != STEP_NEVER_LAPSES)
		next = c->invoices[carrying].place.due_on + lapse_days;
	for (size_t i = 0; i < c->invoice_count; i++) {
		const day_t due_on = c->invoices[i].place.due_on;

		if (!c->invoices[i].hold.held && due_on > until &&
		    (next == DAY_NONE || today + (due_on - until) < next))
			next = today + (due_on - until);
	}
	return next;
}
