/* window.c - see window.h.
 *
 * Both walks go forward in steps, each of which ends at a window's edge, at a
 * midnight or at a change of the zone's offset, whichever comes first; inside
 * a step local time runs evenly.
 */
#include "gate/window.h"

#define LOOKAHEAD_SECONDS ((int64_t)CONTACT_LOOKAHEAD_DAYS_MAX * SECONDS_PER_DAY)
#define SECONDS_PER_MINUTE 60

/* How far a walk has come: forward only, so that the zone is asked once for
 * each of its offsets. */
struct walk {
	const struct calendar	*cal;
	const struct zone	*zone;
	int32_t			 offset;	/* holds before `until` */
	instant_t		 until;
};

/* Where an instant lies: its local day and the second of it. */
struct place {
	day_t		day;
	int32_t		second;
};

static struct place place_of(struct walk *walk, instant_t at)
{
	int64_t local, day, second;

	if (at >= walk->until)
		walk->offset = zone_segment(walk->zone, at, &walk->until);
	local = at + walk->offset;
	day = local / SECONDS_PER_DAY;
	second = local % SECONDS_PER_DAY;
	if (second < 0) {
		second += SECONDS_PER_DAY;
		day--;
	}
	return (struct place){ (day_t)day, (int32_t)second };
}

/* The first window of the day that ends after the place, NULL for none. */
static const struct calendar_window *window_at(const struct calendar *cal,
    const struct place *p)
{
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, p->day, &w);

	for (size_t i = 0; i < n; i++)
		if (p->second < w[i].closes * SECONDS_PER_MINUTE)
			return &w[i];
	return NULL;
}

/* The first open instant from `at` on; false when none lies before `limit`. */
static bool find_open(struct walk *walk, instant_t at, instant_t limit, instant_t *out)
{
	while (at < limit) {
		const struct place p = place_of(walk, at);
		const struct calendar_window *w = window_at(walk->cal, &p);
		int32_t to = SECONDS_PER_DAY;
		instant_t next;

		if (w != NULL)
			to = w->opens * SECONDS_PER_MINUTE;
		next = to <= p.second ? at : at + (to - p.second);
		if (next >= walk->until) {
			at = walk->until;
		} else if (w != NULL) {
			*out = next;
			return true;
		} else {
			at = next;
		}
	}
	return false;
}

/* The first instant after `at`, which is open, that is closed; or the limit. */
static instant_t find_close(struct walk *walk, instant_t at, instant_t limit)
{
	while (at < limit) {
		const struct place p = place_of(walk, at);
		const struct calendar_window *w = window_at(walk->cal, &p);
		instant_t end;

		if (w == NULL || p.second < w->opens * SECONDS_PER_MINUTE)
			return at;
		end = at + (w->closes * SECONDS_PER_MINUTE - p.second);
		at = end < walk->until ? end : walk->until;
	}
	return limit;
}

void window_ask_lasting(const struct calendar *cal, const struct zone *zone, instant_t at,
    int32_t seconds, struct window_state *out)
{
	const instant_t limit = at + LOOKAHEAD_SECONDS;
	struct walk walk = { .cal = cal, .zone = zone, .until = INT64_MIN };
	instant_t opens = at, closes = at;
	day_t day;

	if (calendar_zone(cal) != NULL)
		walk.zone = calendar_zone(cal);
	day = place_of(&walk, at).day;
	*out = (struct window_state){ .kind = calendar_kind(cal, day),
	    .event = calendar_event_name(cal, day) };
	while (find_open(&walk, closes, limit, &opens)) {
		closes = find_close(&walk, opens, limit);
		if (closes - seconds > opens) {
			out->opens_again = true;
			out->open = opens == at;
			out->next_open = opens;
			out->closes_at = closes;
			return;
		}
	}
}

void window_ask(const struct calendar *cal, const struct zone *zone, instant_t at,
    struct window_state *out)
{
	window_ask_lasting(cal, zone, at, 0, out);
}
