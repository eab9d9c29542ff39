/* zone.c - see zone.h.
 *
 * A zone is one sorted table of the instants at which its offset changes.  The
 * file lists them up to some year; the rule at its end (a POSIX TZ text) is
 * turned into one more turn of the Gregorian calendar, 400 years, after which
 * the table repeats.  An index by spans of 194 days says where in it to begin,
 * so that a question costs a look or two, whatever the year.
 */
#include "base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/tz_rule.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define ZONE_FILE_BYTES_MAX (256 * 1024)
#define ZONE_SLOTS 4096			/* of the cache; a power of two */
#define ZONES_MAX 2048
#define ZONE_CHANGES_MAX 8192
#define FOOTER_BYTES_MAX 128
#define OFFSET_SECONDS_MAX 93600	/* 26 hours: RFC 8536 section 3.2 */
#define CYCLE_YEARS 400
#define SPAN_BITS 24			/* of the index: 2^24 seconds */
#define CYCLE_SECONDS INT64_C(12622780800)	/* 146097 days */

struct change {
	instant_t	at;
	int32_t		offset;		/* from then on */
};

struct zone {
	char		 name[ZONE_NAME_BYTES_MAX];
	int32_t		 offset_before;	/* of the first change */
	struct change	*changes;
	size_t		 count;
	instant_t	 repeats_after;	/* the table's end: go back a cycle */
	uint16_t	*index;		/* by span from 1970: changes up to its start */
	int64_t		 spans;		/* 0: no change since 1970 */
};

/* --- the table of changes --------------------------------------------------- */

static void add_change(struct zone *z, instant_t at, int32_t offset)
{
	must(z->count < ZONE_CHANGES_MAX);
	z->changes[z->count++] = (struct change){ at, offset };
}

/* Stable: of two changes at the same instant the later added one counts. */
static void sort_from(struct zone *z, size_t from)
{
	for (size_t i = from + 1; i < z->count; i++) {
		const struct change c = z->changes[i];
		size_t k = i;

		for (; k > from && z->changes[k - 1].at > c.at; k--)
			z->changes[k] = z->changes[k - 1];
		z->changes[k] = c;
	}
}

/* Drops what changes nothing: another name for the same offset, the first of
 * two changes at one instant. */
static void drop_idle_changes(struct zone *z)
{
	size_t kept = 0;

	for (size_t i = 0; i < z->count; i++) {
		const struct change c = z->changes[i];

		if (i + 1 < z->count && z->changes[i + 1].at == c.at)
			continue;
		if (c.offset == (kept == 0 ? z->offset_before : z->changes[kept - 1].offset))
			continue;
		z->changes[kept++] = c;
	}
	z->count = kept;
}

/* What the footer says from `last` (the file's last change) on. */
static void extend(struct zone *z, const struct tz_rule *f, instant_t last, bool has_last)
{
	const int first = has_last ? day_ymd((day_t)(last / SECONDS_PER_DAY)).year : 1900;
	const size_t from = z->count;

	if (!f->has_daylight) {
		if (!has_last)
			z->offset_before = f->standard;
		return;
	}
	if (!has_last)
		z->offset_before = f->standard;
	/* two years more than a cycle: the cut below lies well inside */
	for (int year = first - 1; year <= first + CYCLE_YEARS + 2; year++) {
		const instant_t on = day_instant_utc(tz_turn_day(&f->begins, year)) +
		    f->begins.second - f->standard;
		const instant_t off = day_instant_utc(tz_turn_day(&f->ends, year)) +
		    f->ends.second - f->daylight;

		if (!has_last || on > last)
			add_change(z, on, f->daylight);
		if (!has_last || off > last)
			add_change(z, off, f->standard);
	}
	sort_from(z, from);
	z->repeats_after = day_instant_utc(day_from_ymd(first + CYCLE_YEARS + 2, 1, 15));
}

static void index_make(struct zone *z)
{
	const instant_t last = z->count == 0 ? -1 : z->changes[z->count - 1].at;
	size_t n = 0;

	z->spans = last < 0 ? 0 : (last >> SPAN_BITS) + 1;
	z->index = talloc_array(z, uint16_t, (unsigned)z->spans);
	must(z->index != NULL);
	for (int64_t span = 0; span < z->spans; span++) {
		while (n < z->count && z->changes[n].at <= span << SPAN_BITS)
			n++;
		z->index[span] = (uint16_t)n;
	}
}

/* --- the file --------------------------------------------------------------- */

struct bytes {
	const uint8_t	*at, *end;
};

struct tzif_counts {
	uint32_t	utc, std, leap, time, type, chars;
	size_t		block;		/* bytes of the data block that follows */
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t get64(const uint8_t *p)
{
	return (int64_t)((uint64_t)get32(p) << 32 | get32(p + 4));
}

/* Reads one of the two headers; `width` is the size of a time in its block. */
static bool take_header(struct bytes *b, size_t width, struct tzif_counts *c)
{
	const uint8_t *p = b->at;

	if (b->end - p < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	*c = (struct tzif_counts){ get32(p + 20), get32(p + 24), get32(p + 28),
	    get32(p + 32), get32(p + 36), get32(p + 40), 0 };
	b->at += 44;
	if (c->time > 4096 || c->type < 1 || c->type > 256 || c->leap > 4096 ||
	    c->chars > 4096 || c->std > 256 || c->utc > 256)
		return false;
	c->block = c->time * (width + 1) + c->type * 6 + c->chars +
	    c->leap * (width + 4) + c->std + c->utc;
	return (size_t)(b->end - b->at) >= c->block;
}

/* The newline-enclosed rule at the end of the file; "" where there is none. */
static bool take_footer(struct bytes b, char text[FOOTER_BYTES_MAX])
{
	const uint8_t *stop;
	size_t len;

	if (b.at == b.end || *b.at++ != '\n')
		return false;
	stop = memchr(b.at, '\n', (size_t)(b.end - b.at));
	if (stop == NULL || (len = (size_t)(stop - b.at)) >= FOOTER_BYTES_MAX)
		return false;
	memcpy(text, b.at, len);
	text[len] = '\0';
	return strlen(text) == len;
}

static bool take_changes(struct zone *z, const uint8_t *p, const struct tzif_counts *c)
{
	const uint8_t *kinds = p + c->time * 8, *types = kinds + c->time;

	for (uint32_t i = 0; i < c->type; i++) {
		const int32_t offset = (int32_t)get32(types + i * 6);

		if (offset < -OFFSET_SECONDS_MAX || offset > OFFSET_SECONDS_MAX)
			return false;
	}
	z->offset_before = (int32_t)get32(types);
	for (uint32_t i = 0; i < c->time; i++) {
		const int64_t at = get64(p + i * 8);

		if (kinds[i] >= c->type || (i > 0 && at <= z->changes[z->count - 1].at))
			return false;
		add_change(z, at, (int32_t)get32(types + kinds[i] * 6));
	}
	return true;
}

static bool tzif_read(struct zone *z, struct bytes b)
{
	struct tzif_counts c;
	struct tz_rule footer;
	char text[FOOTER_BYTES_MAX];
	bool has_last;

	if (!take_header(&b, 4, &c))
		return false;
	b.at += c.block;
	if (!take_header(&b, 8, &c) || c.leap != 0 || !take_changes(z, b.at, &c))
		return false;
	b.at += c.block;
	if (!take_footer(b, text))
		return false;
	z->repeats_after = INSTANT_FOREVER;
	has_last = z->count > 0;
	if (text[0] != '\0') {
		if (!tz_rule_parse(text, &footer))
			return false;
		extend(z, &footer, has_last ? z->changes[z->count - 1].at : 0, has_last);
	}
	drop_idle_changes(z);
	return true;
}

static bool file_read(const char *path, uint8_t *into, size_t room, size_t *len)
{
	FILE *f = fopen(path, "rbe");
	bool ok;

	if (f == NULL)
		return false;
	*len = fread(into, 1, room, f);
	ok = !ferror(f) && feof(f);
	(void)fclose(f);
	return ok;
}

/* --- the cache -------------------------------------------------------------- */

static struct zone *slots[ZONE_SLOTS];
static size_t zones;

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* IANA names begin with a capital; so the folder's other files (localtime,
 * posixrules, tzdata.zi) and its posix/ and right/ copies are no names. */
static bool name_is_wellformed(const char *name)
{
	size_t len = 0;

	if (name[0] < 'A' || name[0] > 'Z')
		return false;
	for (; name[len] != '\0'; len++) {
		const char c = name[len];

		if (len + 1 >= ZONE_NAME_BYTES_MAX)
			return false;
		if (c == '/' && (name[len + 1] == '/' || name[len + 1] == '\0'))
			return false;
		if (!is_letter(c) && !(c >= '0' && c <= '9') && strchr("_+-/", c) == NULL)
			return false;
	}
	return true;
}

static struct zone **slot_of(const char *name)
{
	uint32_t hash = UINT32_C(2166136261);	/* FNV-1a */

	for (const char *c = name; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * UINT32_C(16777619);
	for (uint32_t i = hash;; i++) {
		struct zone **slot = &slots[i & (ZONE_SLOTS - 1)];

		if (*slot == NULL || strcmp((*slot)->name, name) == 0)
			return slot;
	}
}

static struct zone *zone_load(const char *name)
{
	void *work = talloc_new(NULL);
	struct zone *z = talloc_zero(NULL, struct zone);
	uint8_t *text = talloc_array(work, uint8_t, ZONE_FILE_BYTES_MAX);
	const char *path = talloc_asprintf(work, "%s/%s", ZONE_FOLDER, name);
	size_t len;
	bool ok;

	must(work != NULL && z != NULL && text != NULL && path != NULL);
	z->changes = talloc_array(z, struct change, ZONE_CHANGES_MAX);
	must(z->changes != NULL);
	(void)snprintf(z->name, sizeof(z->name), "%s", name);
	ok = file_read(path, text, ZONE_FILE_BYTES_MAX, &len) &&
	    tzif_read(z, (struct bytes){ text, text + len });
	talloc_free(work);
	if (!ok) {
		talloc_free(z);
		return NULL;
	}
	if (z->count > 0) {
		z->changes = talloc_realloc(z, z->changes, struct change,
		    (unsigned)z->count);
		must(z->changes != NULL);
	}
	index_make(z);
	return z;
}

const struct zone *zone_find(const char *name, struct err *err)
{
	struct zone **slot;

	if (!name_is_wellformed(name)) {
		err_set(err, ERR_INPUT, "'%.64s' is not the name of a time zone; "
		    "give one like Europe/Copenhagen", name);
		return NULL;
	}
	slot = slot_of(name);
	if (*slot == NULL) {
		must(zones < ZONES_MAX);
		*slot = zone_load(name);
		if (*slot == NULL) {
			err_set(err, ERR_INPUT, "this machine knows no time zone '%s'; "
			    "give one like Europe/Copenhagen", name);
			return NULL;
		}
		zones++;
	}
	return *slot;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* --- questions -------------------------------------------------------------- */

/* How many changes are at or before an instant; `at` must not lie behind the
 * table's end. */
static size_t changes_until(const struct zone *z, instant_t at)
{
	size_t low = 0, high = z->count;

	if (at >= 0 && at >> SPAN_BITS < z->spans) {
		for (low = z->index[at >> SPAN_BITS]; low < high &&
		    z->changes[low].at <= at; low++)
			;
		return low;
	}
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (z->changes[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t zone_segment(const struct zone *z, instant_t at, instant_t *until)
{
	int64_t back = 0;
	size_t n;

	if (at >= z->repeats_after)
		back = ((at - z->repeats_after) / CYCLE_SECONDS + 1) * CYCLE_SECONDS;
	n = changes_until(z, at - back);
	*until = n < z->count ? z->changes[n].at + back : INSTANT_FOREVER;
	return n == 0 ? z->offset_before : z->changes[n - 1].offset;
}

int32_t zone_offset(const struct zone *z, instant_t at)
{
	instant_t until;

	return zone_segment(z, at, &until);
}

struct local_time zone_local(const struct zone *z, instant_t at)
{
	const int64_t local = at + zone_offset(z, at);
	int64_t day = local / SECONDS_PER_DAY, second = local % SECONDS_PER_DAY;

	if (second < 0) {
		second += SECONDS_PER_DAY;
		day--;
	}
	return (struct local_time){ (day_t)day, (int32_t)second };
}

instant_t zone_instant(const struct zone *z, day_t day, int32_t second)
{
	const int64_t local = day_instant_utc(day) + second;
	instant_t from = local - OFFSET_SECONDS_MAX, until;
	int32_t offset = zone_segment(z, from, &until), before;

	must(second >= 0 && second <= SECONDS_PER_DAY);
	/* no instant with this local time lies before `from` */
	while (local - offset >= until) {
		before = offset;
		from = until;
		offset = zone_segment(z, from, &until);
		if (local - offset < from)
			return local - before;	/* left out: a gap */
	}
	return local - offset;
}

/* --- which release ---------------------------------------------------------- */

static bool read_version(const char *path, const char *before, char *out, size_t room)
{
	char line[80];
	FILE *f = fopen(path, "re");
	const size_t skip = strlen(before);
	bool ok;

	if (f == NULL)
		return false;
	ok = fgets(line, sizeof(line), f) != NULL && strncmp(line, before, skip) == 0;
	(void)fclose(f);
	if (!ok)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	(void)snprintf(out, room, "%.15s", line + skip);
	return out[0] != '\0';
}

const char *zone_data_version(void)
{
	static char version[16];

	if (version[0] == '\0' &&
	    !read_version(ZONE_FOLDER "/tzdata.zi", "# version ", version, sizeof(version)) &&
	    !read_version(ZONE_FOLDER "/+VERSION", "", version, sizeof(version)))
		(void)snprintf(version, sizeof(version), "unknown");
	return version;
}
