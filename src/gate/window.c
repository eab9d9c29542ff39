/* window.c - see window.h.
 *
 * Both walks go forward in steps, each of which ends at a window's edge, at a
 * midnight or at a change of the zone's offset, whichever comes first; inside
 * a step local time runs evenly.
 */
#include "gate/window.h"

#define LOOKAHEAD_SECONDS ((int64_t)CONTACT_LOOKAHEAD_DAYS_MAX * SECONDS_PER_DAY)
#define SECONDS_PER_MINUTE 60

/* Where an instant lies: its local day, and how far the evenness reaches. */
struct place {
	day_t		day;
	int32_t		second;
	instant_t	until;		/* the offset holds before this */
};

static struct place place_of(const struct zone *zone, instant_t at)
{
	instant_t until;
	const int64_t local = at + zone_segment(zone, at, &until);
	int64_t day = local / SECONDS_PER_DAY, second = local % SECONDS_PER_DAY;

	if (second < 0) {
		second += SECONDS_PER_DAY;
		day--;
	}
	return (struct place){ (day_t)day, (int32_t)second, until };
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
static bool find_open(const struct calendar *cal, const struct zone *zone, instant_t at,
    instant_t limit, instant_t *out)
{
	while (at < limit) {
		const struct place p = place_of(zone, at);
		const struct calendar_window *w = window_at(cal, &p);
		int32_t to = SECONDS_PER_DAY;
		instant_t next;

		if (w != NULL)
			to = w->opens * SECONDS_PER_MINUTE;
		next = to <= p.second ? at : at + (to - p.second);
		if (next >= p.until) {
			at = p.until;
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
static instant_t find_close(const struct calendar *cal, const struct zone *zone,
    instant_t at, instant_t limit)
{
	while (at < limit) {
		const struct place p = place_of(zone, at);
		const struct calendar_window *w = window_at(cal, &p);
		instant_t end;

		if (w == NULL || p.second < w->opens * SECONDS_PER_MINUTE)
			return at;
		end = at + (w->closes * SECONDS_PER_MINUTE - p.second);
		at = end < p.until ? end : p.until;
	}
	return limit;
}

void window_ask_lasting(const struct calendar *cal, const struct zone *zone, instant_t at,
    int32_t seconds, struct window_state *out)
{
	const instant_t limit = at + LOOKAHEAD_SECONDS;
	instant_t opens = at, closes = at;
	day_t day;

	if (calendar_zone(cal) != NULL)
		zone = calendar_zone(cal);
	day = place_of(zone, at).day;
	*out = (struct window_state){ .kind = calendar_kind(cal, day),
	    .event = calendar_event_name(cal, day) };
	while (find_open(cal, zone, closes, limit, &opens)) {
		closes = find_close(cal, zone, opens, limit);
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
