/* step_wait.c - see step_wait.h. */
#include "decide/step_wait.h"

#include <inttypes.h>

#include "decide/charge.h"
#include "gate/calendar.h"

#define LOOKAHEAD_DAYS 30		/* no bank day within: as it is */

day_t step_wait_day(const struct schedule_step *step, const struct calendar *calendar,
    day_t given, struct trace *trace)
{
	day_t day = given;

	if (!step->working_day || calendar == NULL)
		return given;
	while (day < given + LOOKAHEAD_DAYS && !calendar_is_bank_day(calendar, day))
		day++;
	if (day != given)
		trace_add(trace, "schedule.working_day", "", "", TRACE_NOTE,
		    "step %s moves by %d day(s), to a working day", step->id, (int)(day - given));
	return day;
}

bool step_wait_asks(const struct schedule_step *step, const struct decide_invoice *invoice,
    int edition)
{
	return step->approval || (edition > 3 && step->handover && charge_is_all_left(invoice));
}

bool step_wait_approval(const struct decide_case *c, const struct decide_invoice *carrying,
    int step, int edition, struct trace *trace)
{
	const struct schedule_step *s = &c->schedule->steps[step];
	const bool asks = step_wait_asks(s, carrying, edition);
	const bool waits = asks && carrying->approved_step != step;

	if (asks)
		trace_add(trace, "schedule.approval", c->schedule->name, "",
		    waits ? TRACE_WAIT : TRACE_PASS, "step %s of case %" PRId64 " %s%s", s->id, c->id,
		    waits ? "waits for approval by a person" : "is approved",
		    s->approval ? "" : ": nothing of the claim is left but what was charged");
	return waits;
}
