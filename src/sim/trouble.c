/* trouble.c - what goes wrong, and when: from the seed.
 *
 * Each kind comes on a share of the days (`rates`, out of 10000), at one of the
 * day's steps.  Without --faults none comes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "base/zone.h"
#include "sim/world.h"

#define HOUR 3600
#define TEXT_BYTES_MAX (256 * 1024)

static const struct {
	const char	*name;
	int		 rate;
} troubles[TROUBLES] = {
	[TROUBLE_CRASH_COMMIT] = { "crash_commit", 4000 },
	[TROUBLE_CRASH_SEND] = { "crash_send", 4000 },
	[TROUBLE_JOURNAL_LOST] = { "journal_lost", 500 },
	[TROUBLE_OTHER_WORKER] = { "other_worker", 1500 },
	[TROUBLE_RESTART] = { "restart", 500 },
	[TROUBLE_OUTAGE] = { "outage", 700 },
	[TROUBLE_FLAKY] = { "flaky", 800 },
	[TROUBLE_SLOW] = { "slow", 600 },
	[TROUBLE_NAP] = { "nap", 800 },
	[TROUBLE_CLOCK_AHEAD] = { "clock_ahead", 500 },
	[TROUBLE_CLOCK_BACK] = { "clock_back", 500 },
	[TROUBLE_MISSED] = { "missed_days", 400 },
	[TROUBLE_SETTINGS] = { "settings", 500 },
};

const char *trouble_name(enum trouble kind)
{
	must(kind < TROUBLES);
	return troubles[kind].name;
}

static bool comes(const struct world *w, enum trouble kind, day_t day)
{
	return w->options->faults && day > w->first_on &&
	    dice_hits(&w->people.dice, troubles[kind].name, day, 0, troubles[kind].rate);
}

bool trouble_at(const struct world *w, enum trouble kind, day_t day, int step, int steps)
{
	return comes(w, kind, day) && dice_between(&w->people.dice, troubles[kind].name, day, 1, 0,
	    steps - 1) == step;
}

/* The weather of a whole day. */
void trouble_morning(struct world *w, day_t day)
{
	const struct dice *d = &w->people.dice;

	if (comes(w, TROUBLE_FLAKY, day))
		w->weather.flaky_on = day;
	if (comes(w, TROUBLE_SLOW, day))
		w->weather.slow_on = day;
	w->tally.troubles[TROUBLE_FLAKY] += w->weather.flaky_on == day;
	w->tally.troubles[TROUBLE_SLOW] += w->weather.slow_on == day;
	if (comes(w, TROUBLE_NAP, day))
		w->weather.nap_after = (int)dice_between(d, "nap", day, 0, 1, 80);
	if (comes(w, TROUBLE_OUTAGE, day)) {
		w->weather.down_until = zone_instant(w->zone, day, 0) +
		    dice_between(d, "outage", day, 0, 9, 60) * HOUR;
		w->tally.troubles[TROUBLE_OUTAGE]++;
	}
	if (comes(w, TROUBLE_MISSED, day)) {
		w->missed_until = zone_instant(w->zone, day + (day_t)dice_between(d, "missed", day, 0,
		    1, 4), 0);
		w->tally.troubles[TROUBLE_MISSED]++;
	}
}

/* --- deaths ------------------------------------------------------------------------ */

void trouble_arm_crash(struct world *w, enum trouble kind, int step)
{
	static const char *const points[] = { "before-arm", "after-arm", "before-journal",
	    "after-journal", "mid-wire", "after-wire", "after-outcome" };
	static const char *const commits[] = { "before-commit", "after-commit" };
	const struct dice *d = &w->people.dice;

	if (kind == TROUBLE_CRASH_COMMIT)
		fault_will_die(commits[dice_between(d, "commit", w->today, step, 0, 1)],
		    (long)dice_between(d, "passes", w->today, step, 1, 6));
	else
		fault_will_die(points[dice_between(d, "point", w->today, step, 0, 6)],
		    (long)dice_between(d, "passes", w->today, step, 1, 25));
}

/* --- settings ------------------------------------------------------------------------- */

static bool replace_text(struct world *w, void *tmp, const char *name, const char *from,
    const char *to)
{
	const char *path = talloc_asprintf(tmp, "%s/%s", w->dir, name);
	char *text = talloc_size(tmp, TEXT_BYTES_MAX), *at, *end;
	FILE *file = fopen(path, "re");
	size_t n;
	bool ok;

	must(text != NULL);
	if (file == NULL)
		return err_set(w->err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	n = fread(text, 1, TEXT_BYTES_MAX - 1, file);
	(void)fclose(file);
	text[n] = '\0';
	at = strstr(text, from);
	if (at == NULL)
		return true;			/* another schedule than the sample's */
	at += strlen(from);
	end = at + strspn(at, "0123456789");
	file = fopen(path, "we");
	if (file == NULL)
		return err_set(w->err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	ok = fprintf(file, "%.*s%s%s", (int)(at - text), text, to, end) > 0;
	ok = fclose(file) == 0 && ok;
	return ok || err_set(w->err, ERR_SYSTEM, "%s cannot be written", path);
}

/* Somebody edits: the size of a batch, the gap and the quiet days of a ladder. */
bool trouble_change_settings(struct world *w)
{
	static const char *const batches[] = { "1", "7", "40", "100", "1000" };
	static const char *const gaps[] = { "5", "6", "7", "9" };
	const int64_t count = w->settings_count++;
	const char *name = w->people.home_count > 0 ? w->engine->cfg->creditors[
	    dice_between(&w->people.dice, "edits", count, 0, 0, (int64_t)w->people.home_count - 1)]
	    .text[CREDITOR_SCHEDULE] : "";
	void *tmp = talloc_new(NULL);
	const char *schedule = talloc_asprintf(tmp, "schedules/%s.json", name);
	const bool ok = replace_text(w, tmp, "purr.conf", "send_batch = ",
	    batches[dice_between(&w->people.dice, "batch", count, 0, 0, 4)]) &&
	    replace_text(w, tmp, schedule, "\"gap_days_min\": ",
	    gaps[dice_between(&w->people.dice, "gap", count, 0, 0, 3)]);

	w->tally.troubles[TROUBLE_SETTINGS]++;
	talloc_free(tmp);
	return ok;
}
