/* calendar.c - see calendar.h.  The parts of the file become one entry a day;
 * days alike share their windows.
 */
#include "gate/calendar.h"

#include <limits.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/ics.h"

#define MINUTES_PER_DAY 1440
#define MINUTE_WORDS 23			/* of 64 bits: 1440 and some idle */
#define PATTERNS_MAX 512
#define CALENDAR_COVERS_MAX (1024 * 1024)	/* occurrences times their days */
#define ALIKE_SLOTS 256

/* A set of minutes of one day. */
struct minutes {
	uint64_t	bit[MINUTE_WORDS];
};

struct pattern {
	struct calendar_window	windows[CALENDAR_WINDOWS_PER_DAY_MAX];
	uint32_t		count;
};

struct entry {
	uint16_t	pattern;
	uint8_t		kind;		/* enum calendar_kind */
	uint8_t		idle;
	uint16_t	name;		/* index + 1, 0 for none */
};

struct calendar {
	const struct zone *zone;	/* NULL: local times */
	day_t		 first;
	day_t		 count;
	struct entry	*entries;
	struct pattern	*patterns;
	size_t		 pattern_count;
	const char	**names;	/* by part */
};

/* --- sets of minutes -------------------------------------------------------- */

static void minutes_add(struct minutes *m, int64_t from, int64_t to)
{
	if (from < 0)
		from = 0;
	if (to > MINUTES_PER_DAY)
		to = MINUTES_PER_DAY;
	while (from < to) {
		const int64_t word = from / 64, end = (word + 1) * 64 < to ? (word + 1) * 64 : to;
		const int64_t bits = end - from;
		const uint64_t ones = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;

		m->bit[word] |= ones << (from - word * 64);
		from = end;
	}
}

static bool minutes_has(const struct minutes *m, int minute)
{
	return m->bit[minute / 64] >> (minute % 64) & 1;
}

/* False when there are more windows than a day may have. */
static bool minutes_windows(const struct minutes *m, struct pattern *out)
{
	int minute = 0;

	*out = (struct pattern){ 0 };
	while (minute < MINUTES_PER_DAY) {
		int from;

		if (m->bit[minute / 64] >> (minute % 64) == 0) {
			minute = (minute / 64 + 1) * 64;
			continue;
		}
		while (!minutes_has(m, minute))
			minute++;
		from = minute;
		while (minute < MINUTES_PER_DAY && minutes_has(m, minute))
			minute++;
		if (out->count == CALENDAR_WINDOWS_PER_DAY_MAX)
			return false;
		out->windows[out->count++] = (struct calendar_window){ (uint16_t)from,
		    (uint16_t)minute };
	}
	return true;
}

/* --- compiling -------------------------------------------------------------- */

/* That an occurrence of a part, begun `ago` days before, reaches a day. */
struct cover {
	uint16_t	part, ago;
};

struct found {
	day_t		day;		/* index into the table */
	struct cover	cover;
};

struct compiler {
	const struct ics	*ics;
	struct calendar		*cal;
	struct found		*found;		/* part by part */
	uint32_t		 found_count;
	struct cover		*covers;	/* in the order of days, then parts */
	uint32_t		*ends;		/* by day: where its covers end */
	day_t			*alike;		/* by hash: a day with such covers */
};

/* Minutes of a day that one occurrence covers. */
static void cover_minutes(const struct compiler *c, const struct cover *cover,
    struct minutes *m)
{
	const struct ics_part *p = &c->ics->parts[cover->part];
	const int64_t from = p->minute - (int64_t)cover->ago * MINUTES_PER_DAY;

	minutes_add(m, from, from + p->minutes);
}

/* Adds each day of the table that an occurrence of the part reaches. */
static bool part_days(struct compiler *c, size_t part)
{
	const struct ics_part *p = &c->ics->parts[part];
	const day_t first = c->cal->first, end = first + c->cal->count;
	const int last = (p->minute + p->minutes - 1) / MINUTES_PER_DAY;

	for (day_t day = ics_part_next(p, first - last); day < end;
	    day = ics_part_next(p, day + 1)) {
		for (int ago = 0; ago <= last; ago++) {
			if (day + ago < first || day + ago >= end)
				continue;
			if (c->found_count == CALENDAR_COVERS_MAX)
				return false;
			c->found[c->found_count++] = (struct found){ day + ago - first,
			    { (uint16_t)part, (uint16_t)ago } };
			c->ends[day + ago - first]++;
		}
	}
	return true;
}

/* Puts the covers of each day together: afterwards those of a day lie before
 * its end and after that of the day before. */
static bool covers_find(struct compiler *c)
{
	uint32_t total = 0;

	for (size_t i = 0; i < c->ics->part_count; i++)
		if (!part_days(c, i))
			return false;
	for (day_t k = 0; k < c->cal->count; k++) {
		const uint32_t here = c->ends[k];

		c->ends[k] = total;
		total += here;
	}
	for (uint32_t i = 0; i < c->found_count; i++)
		c->covers[c->ends[c->found[i].day]++] = c->found[i].cover;
	return true;
}

static size_t covers_of(const struct compiler *c, day_t index, const struct cover **out)
{
	const uint32_t from = index == 0 ? 0 : c->ends[index - 1];

	*out = c->covers + from;
	return c->ends[index] - from;
}

/* The strictest scope wins; a minute of which none speaks is closed. */
static struct minutes open_minutes(const struct compiler *c, day_t index)
{
	const day_t day = c->cal->first + index;
	const struct cover *covers;
	const size_t count = covers_of(c, index, &covers);
	struct minutes spoken = { 0 }, denied = { 0 };

	for (size_t s = 0; s < c->ics->scope_count; s++) {
		const struct ics_scope *scope = &c->ics->scopes[s];
		struct minutes speaks = { 0 }, open = { 0 };

		if (day < scope->from_day || day > scope->to_day)
			continue;
		minutes_add(&speaks, day == scope->from_day ? scope->from_minute : 0,
		    day == scope->to_day ? scope->to_minute : MINUTES_PER_DAY);
		for (size_t i = 0; i < count; i++) {
			const struct ics_part *p = &c->ics->parts[covers[i].part];

			if (!p->busy && p->scope == (int)s)
				cover_minutes(c, &covers[i], &open);
		}
		for (int i = 0; i < MINUTE_WORDS; i++) {
			spoken.bit[i] |= speaks.bit[i];
			denied.bit[i] |= speaks.bit[i] & ~open.bit[i];
		}
	}
	for (int i = 0; i < MINUTE_WORDS; i++)
		spoken.bit[i] &= ~denied.bit[i];
	return spoken;
}

static bool is_whole_day(const struct ics_part *p)
{
	return p->minute == 0 && p->minutes % MINUTES_PER_DAY == 0;
}

/* Takes the events of a day away, and notes which of them weighs most. */
static void close_minutes(const struct compiler *c, day_t index, struct minutes *open)
{
	static const int weights[] = { [CALENDAR_ORDINARY] = 1, [CALENDAR_CLOSED] = 2,
	    [CALENDAR_AS_SUNDAY] = 3, [CALENDAR_HOLIDAY] = 4 };
	struct entry *e = &c->cal->entries[index];
	const struct cover *covers;
	const size_t count = covers_of(c, index, &covers);
	int weight = 0;

	for (size_t i = 0; i < count; i++) {
		const struct ics_part *p = &c->ics->parts[covers[i].part];
		struct minutes closed = { 0 };

		if (!p->busy)
			continue;
		cover_minutes(c, &covers[i], &closed);
		for (int k = 0; k < MINUTE_WORDS; k++)
			open->bit[k] &= ~closed.bit[k];
		/* what closes the whole day tells more than what closes a part */
		if (weights[p->kind] + (is_whole_day(p) ? 4 : 0) > weight) {
			weight = weights[p->kind] + (is_whole_day(p) ? 4 : 0);
			e->kind = (uint8_t)p->kind;
			e->name = (uint16_t)(covers[i].part + 1);
		}
	}
}

static bool pattern_find(struct calendar *cal, const struct pattern *wanted, uint16_t *out)
{
	for (size_t i = 0; i < cal->pattern_count; i++) {
		if (memcmp(&cal->patterns[i], wanted, sizeof(*wanted)) == 0) {
			*out = (uint16_t)i;
			return true;
		}
	}
	if (cal->pattern_count == PATTERNS_MAX)
		return false;
	cal->patterns[cal->pattern_count] = *wanted;
	*out = (uint16_t)cal->pattern_count++;
	return true;
}

/* Does some scope begin or end on the day? */
static bool is_scope_edge(const struct compiler *c, day_t index)
{
	const day_t day = c->cal->first + index;

	for (size_t s = 0; s < c->ics->scope_count; s++)
		if (day == c->ics->scopes[s].from_day || day == c->ics->scopes[s].to_day)
			return true;
	return false;
}

/* An earlier day that the same occurrences reach, so that it is open and
 * closed alike; -1 for none known.  Remembers this one for later. */
static day_t alike_find(struct compiler *c, day_t index)
{
	const struct cover *covers, *others;
	const size_t count = covers_of(c, index, &covers);
	uint32_t hash = UINT32_C(2166136261);	/* FNV-1a */
	day_t *slot, found;

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ (uint32_t)covers[i].part << 8 ^ covers[i].ago) * UINT32_C(16777619);
	slot = &c->alike[(hash ^ hash >> 16) % ALIKE_SLOTS];
	found = *slot;
	*slot = index;
	if (found < 0 || covers_of(c, found, &others) != count ||
	    memcmp(covers, others, count * sizeof(*covers)) != 0)
		return -1;
	return found;
}

static bool compile(struct compiler *c, const char *name, struct err *err)
{
	struct calendar *cal = c->cal;

	if (!covers_find(c))
		return err_set(err, ERR_INPUT, "%s: more hours and closed days than this "
		    "table holds; use fewer", name);
	for (day_t k = 0; k < cal->count; k++) {
		const bool edge = is_scope_edge(c, k);
		const day_t alike = edge ? -1 : alike_find(c, k);
		struct minutes open;
		struct pattern pattern;

		/* what was seen under other scopes is of no use */
		if (edge)
			memset(c->alike, 0xff, ALIKE_SLOTS * sizeof(*c->alike));
		if (alike >= 0) {
			cal->entries[k] = cal->entries[alike];
			continue;
		}
		open = open_minutes(c, k);
		close_minutes(c, k, &open);
		if (!minutes_windows(&open, &pattern) ||
		    !pattern_find(cal, &pattern, &cal->entries[k].pattern))
			return err_set(err, ERR_INPUT, "%s: more windows than this table "
			    "holds; use fewer and plainer ones", name);
	}
	return true;
}

static bool compiler_run(struct calendar *cal, const struct ics *ics, const char *name,
    struct err *err)
{
	void *work = talloc_new(cal);
	struct compiler c = { .ics = ics, .cal = cal };
	bool ok;

	must(work != NULL);
	c.found = talloc_array(work, struct found, CALENDAR_COVERS_MAX);
	c.covers = talloc_array(work, struct cover, CALENDAR_COVERS_MAX);
	c.ends = talloc_zero_array(work, uint32_t, (unsigned)cal->count);
	c.alike = talloc_array(work, day_t, ALIKE_SLOTS);
	must(c.found != NULL && c.covers != NULL && c.ends != NULL && c.alike != NULL);
	memset(c.alike, 0xff, ALIKE_SLOTS * sizeof(*c.alike));
	ok = compile(&c, name, err);
	talloc_free(work);
	return ok;
}

static struct calendar *parse(void *ctx, const char *name, const char *text, size_t len,
    enum ics_content content, struct err *err)
{
	struct calendar *cal = talloc_zero(ctx, struct calendar);
	struct ics *ics;
	bool ok = false;

	must(cal != NULL);
	ics = ics_read(cal, name, text, len, content, err);
	if (ics != NULL) {
		cal->first = day_from_ymd(CALENDAR_YEAR_FIRST, 1, 1);
		cal->count = day_from_ymd(CALENDAR_YEAR_LAST + 1, 1, 1) - cal->first;
		cal->entries = talloc_zero_array(cal, struct entry, (unsigned)cal->count);
		cal->patterns = talloc_zero_array(cal, struct pattern, PATTERNS_MAX);
		cal->names = talloc_array(cal, const char *, (unsigned)ics->part_count);
		must(cal->entries != NULL && cal->patterns != NULL && cal->names != NULL);
		for (size_t i = 0; i < ics->part_count; i++)
			cal->names[i] = talloc_strdup(cal, ics->parts[i].name);
		if (ics->zone != NULL)
			cal->zone = zone_find(ics->zone, NULL);
		ok = compiler_run(cal, ics, name, err);
		talloc_free(ics);
	}
	if (!ok) {
		talloc_free(cal);
		return NULL;
	}
	return cal;
}

struct calendar *calendar_parse(void *ctx, const char *name, const char *text,
    size_t len, struct err *err)
{
	return parse(ctx, name, text, len, ICS_HOURS, err);
}

struct calendar *calendar_parse_closed(void *ctx, const char *name, const char *text,
    size_t len, struct err *err)
{
	return parse(ctx, name, text, len, ICS_CLOSED_DAYS, err);
}

char *calendar_join(void *ctx, const char *text, const char *closed)
{
	const size_t len = strlen(text);
	const char *end = len > 0 && text[len - 1] != '\n' ? "\r\n" : "";
	char *joined = talloc_asprintf(ctx, "%s%s%s", text, end, closed);

	must(joined != NULL);
	return joined;
}

/* --- questions -------------------------------------------------------------- */

static const struct entry *entry_of(const struct calendar *cal, day_t day)
{
	if (day < cal->first || day >= cal->first + cal->count)
		return NULL;
	return &cal->entries[day - cal->first];
}

size_t calendar_windows(const struct calendar *cal, day_t day,
    const struct calendar_window **out)
{
	const struct entry *e = entry_of(cal, day);

	*out = e == NULL ? NULL : cal->patterns[e->pattern].windows;
	return e == NULL ? 0 : cal->patterns[e->pattern].count;
}

enum calendar_kind calendar_kind(const struct calendar *cal, day_t day)
{
	const struct entry *e = entry_of(cal, day);

	return e == NULL ? CALENDAR_ORDINARY : (enum calendar_kind)e->kind;
}

const char *calendar_event_name(const struct calendar *cal, day_t day)
{
	const struct entry *e = entry_of(cal, day);

	return e == NULL || e->name == 0 ? "" : cal->names[e->name - 1];
}

bool calendar_is_closed_day(const struct calendar *cal, day_t day)
{
	return calendar_kind(cal, day) != CALENDAR_ORDINARY;
}

bool calendar_is_bank_day(const struct calendar *cal, day_t day)
{
	return day_weekday(day) <= 5 && !calendar_is_closed_day(cal, day);
}

const struct zone *calendar_zone(const struct calendar *cal)
{
	return cal->zone;
}
