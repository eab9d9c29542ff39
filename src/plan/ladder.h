/* ladder.h - which step of a schedule an invoice has reached, and when the next
 * one is due.
 *
 * A step counts as taken only when its contact was really sent.  A step whose
 * day has passed is due, not lost ("due or late"); one that says it lapses
 * (a heads-up once the due date is there) is passed over.  A hold moves no
 * date: when it has ended, the next step is due at the later of its own day
 * and the hold's end plus the schedule's resume_days.  Whoever was given a day to pay by
 * is not written to again, nor handed over, before that day and the step's grace have passed.
 *
 * Units:   civil days in the creditor's zone.
 * Threads: pure.
 */
#ifndef PLAN_LADDER_H
#define PLAN_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "plan/schedule.h"

/* Where one invoice stands on the ladder. */
struct ladder_place {
	day_t	due_on;
	int	last_step;		/* index of the last step taken, -1: none */
	day_t	last_sent_on;		/* DAY_NONE when none was taken */
	day_t	last_deadline_on;	/* that its message gave, DAY_NONE for none */
	day_t	held_until;		/* end of the latest ended hold, DAY_NONE */
	bool	due_alone;		/* a step that counts from the due date waits for no
					 * deadline: what was decided so is judged so */
};

struct ladder_next {
	int	step;			/* index; -1: the ladder is climbed */
	day_t	due_on;			/* first day on which it may be taken */
	int	lapsed;			/* steps passed over because their time is past */
};

struct ladder_next	ladder_next(const struct schedule *, const struct ladder_place *,
			    day_t today);

#endif
