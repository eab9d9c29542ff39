/* habit.c - see habit.h. */
#include "engine/habit.h"

#include <stdlib.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/said.h"

#define BASE_WEIGHT 20		/* messages: fewer tell nothing of a channel */

struct habit_base {
	int64_t	day;			/* of which it is */
	int	permille[PARTIES][CHANNELS];
};

static bool read_base(struct engine *e, instant_t now, struct err *err)
{
	struct habit_record *list;
	void *tmp = talloc_new(NULL);
	size_t n;
	const bool ok = said_habits_of_all(e->store, tmp, HABIT_NEWEST, now, &list, &n, err);

	if (e->habits == NULL)
		e->habits = talloc(e, struct habit_base);
	must(e->habits != NULL);
	*e->habits = (struct habit_base){ .day = now / SECONDS_PER_DAY };
	for (int p = 0; p < PARTIES; p++)
		for (int c = 0; c < CHANNELS; c++)
			e->habits->permille[p][c] = DECIDE_HABIT_UNKNOWN;
	for (size_t i = 0; ok && i < n; i++)
		e->habits->permille[list[i].party][list[i].channel] =
		    (int)((1000 * list[i].reacted + BASE_WEIGHT * DECIDE_HABIT_UNKNOWN) /
		    (list[i].tried + BASE_WEIGHT));
	talloc_free(tmp);
	return ok;
}

static int by_size(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static bool fill_hour(struct engine *e, struct dossier *d, instant_t now, struct err *err)
{
	instant_t *acts;
	int hours[20];
	size_t n;

	if (!said_acted_at(e->store, d, d->debtor.id, now, &acts, &n, err))
		return false;
	if (n < HABIT_ACTS_MIN)
		return true;
	must(n <= sizeof(hours) / sizeof(hours[0]));
	for (size_t i = 0; i < n; i++)
		hours[i] = (int)(zone_local(d->facts.debtor_zone, acts[i]).second / 3600);
	qsort(hours, n, sizeof(hours[0]), by_size);
	d->facts.acts_given = true;
	d->facts.acts_hour = hours[n / 2];
	return true;
}

bool habit_fill(struct engine *e, struct dossier *d, instant_t now, struct err *err)
{
	struct decide_facts *f = &d->facts;
	struct habit_record *own;
	bool reacted = false;
	size_t n;

	if (f->sent_count == 0)
		return true;
	if (!fill_hour(e, d, now, err) ||
	    !said_last_reply(e->store, d->debtor.id, now, &f->replied, &f->replied_given, err) ||
	    !said_habits(e->store, d, d->debtor.id, now, &own, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		reacted |= own[i].reacted > 0;
	if (!reacted)
		return true;
	if ((e->habits == NULL || e->habits->day != now / SECONDS_PER_DAY) && !read_base(e, now, err))
		return false;
	f->habit_given = true;
	for (int c = 0; c < CHANNELS; c++)
		f->habit[c] = (struct decide_habit){
		    .permille = e->habits->permille[d->debtor.party][c] };
	for (size_t i = 0; i < n; i++) {
		f->habit[own[i].channel].tried = (int)own[i].tried;
		f->habit[own[i].channel].reacted = (int)own[i].reacted;
	}
	return true;
}
