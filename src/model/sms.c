/* sms.c - see sms.h. */
#include "model/sms.h"

#include <string.h>

#include <talloc.h>

#include "base/fold.h"
#include "base/must.h"
#include "base/str.h"

/* The default alphabet outside ASCII, sorted by code point. */
static const uint16_t gsm_beyond_ascii[] = {
	0x00A1, 0x00A3, 0x00A4, 0x00A5, 0x00A7, 0x00BF, 0x00C4, 0x00C5, 0x00C6,
	0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00D8, 0x00DC, 0x00DF, 0x00E0, 0x00E4,
	0x00E5, 0x00E6, 0x00E8, 0x00E9, 0x00EC, 0x00F1, 0x00F2, 0x00F6, 0x00F8,
	0x00F9, 0x00FC, 0x0393, 0x0394, 0x0398, 0x039B, 0x039E, 0x03A0, 0x03A3,
	0x03A6, 0x03A8, 0x03A9,
};

#define EURO_SIGN 0x20AC
#define LATIN_LAST 0x024F

static bool in_table(uint32_t codepoint)
{
	size_t low = 0, high = sizeof(gsm_beyond_ascii) / sizeof(gsm_beyond_ascii[0]);

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (gsm_beyond_ascii[mid] == codepoint)
			return true;
		if (gsm_beyond_ascii[mid] < codepoint)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

int sms_septets(uint32_t codepoint)
{
	if (codepoint == EURO_SIGN)
		return 2;
	if (codepoint >= 0x80)
		return in_table(codepoint) ? 1 : 0;
	if (codepoint == '\f' ||
	    (codepoint > ' ' && strchr("^{}\\[~]|", (int)codepoint) != NULL))
		return 2;
	if (codepoint == '\n' || codepoint == '\r')
		return 1;
	return codepoint >= ' ' && codepoint != '`' && codepoint != 0x7F ? 1 : 0;
}

/* One character of text that is known to be valid UTF-8. */
static uint32_t next_codepoint(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	uint32_t first = p[0], codepoint;
	int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;

	codepoint = more == 0 ? first : first & (0x3Fu >> more);
	for (int i = 1; i <= more; i++)
		codepoint = codepoint << 6 | (p[i] & 0x3Fu);
	*at += more + 1;
	return codepoint;
}

static int units_of(uint32_t codepoint, enum sms_alphabet alphabet)
{
	if (alphabet == SMS_GSM7)
		return sms_septets(codepoint);
	return codepoint > 0xFFFF ? 2 : 1;
}

bool sms_outsider(const char *text, size_t len, uint32_t *codepoint, size_t *offset)
{
	const char *at = text, *end = text + len;

	if (!utf8_is_valid(text, len))
		return false;
	while (at < end) {
		const char *start = at;
		uint32_t found = next_codepoint(&at);

		if (sms_septets(found) == 0) {
			*codepoint = found;
			*offset = (size_t)(start - text);
			return true;
		}
	}
	return false;
}

bool sms_measure(const char *text, size_t len, struct sms_size *out)
{
	const char *at = text, *end = text + len;
	uint32_t codepoint;
	size_t offset;
	int alone_max, part_max, used = 0;

	memset(out, 0, sizeof(*out));
	if (!utf8_is_valid(text, len))
		return false;
	out->alphabet = sms_outsider(text, len, &codepoint, &offset) ? SMS_UCS2 : SMS_GSM7;
	alone_max = out->alphabet == SMS_GSM7 ? SMS_GSM7_UNITS_MAX : SMS_UCS2_UNITS_MAX;
	part_max = out->alphabet == SMS_GSM7 ? SMS_GSM7_PART_UNITS_MAX : SMS_UCS2_PART_UNITS_MAX;
	out->parts = len > 0 ? 1 : 0;
	while (at < end) {
		int units = units_of(next_codepoint(&at), out->alphabet);

		out->units += units;
		if (used + units > part_max) {
			out->parts++;
			used = 0;
		}
		used += units;
	}
	if (out->units <= alone_max && len > 0)
		out->parts = 1;
	return true;
}

/* --- the plain text ----------------------------------------------------------------- */

/* NULL: no mark that can be written otherwise and says the same. */
static const char *plain_mark(uint32_t codepoint)
{
	static const struct { uint32_t first, last; const char *plain; } marks[] = {
		{ 0x0009, 0x0009, " " }, { 0x00A0, 0x00A0, " " },	/* tab, hard space */
		{ 0x00AB, 0x00AB, "\"" }, { 0x00BB, 0x00BB, "\"" },	/* guillemets */
		{ 0x00B4, 0x00B4, "'" }, { 0x0060, 0x0060, "'" },
		{ 0x00D7, 0x00D7, "x" },				/* times */
		{ 0x2000, 0x200A, " " },				/* widths */
		{ 0x2010, 0x2015, "-" }, { 0x2212, 0x2212, "-" },	/* hyphens, dashes, minus */
		{ 0x2018, 0x201B, "'" }, { 0x2032, 0x2032, "'" }, { 0x2039, 0x203A, "'" },
		{ 0x201C, 0x201F, "\"" }, { 0x2033, 0x2033, "\"" },
		{ 0x2022, 0x2022, "-" }, { 0x2026, 0x2026, "..." },	/* bullet, ellipsis */
		{ 0x2028, 0x2029, "\n" },				/* ends of lines, paragraphs */
		{ 0x202F, 0x202F, " " }, { 0x205F, 0x205F, " " },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (codepoint >= marks[i].first && codepoint <= marks[i].last)
			return marks[i].plain;
	return NULL;
}

/* Soft hyphen, space without width, non-joiner and joiner, word joiner, byte order mark. */
static bool is_invisible(uint32_t codepoint)
{
	return codepoint == 0x00AD || (codepoint >= 0x200B && codepoint <= 0x200D) ||
	    codepoint == 0x2060 || codepoint == 0xFEFF;
}

/* An end of the text, Latin, or a mark: what is not seen beside it changes nothing.  Emoji
 * and other scripts are joined and parted by it. */
static bool stands_alone(uint32_t codepoint)
{
	return codepoint <= LATIN_LAST || sms_septets(codepoint) > 0 || plain_mark(codepoint) != NULL;
}

static uint32_t peek(const char *at)
{
	return next_codepoint(&at);
}

static void put_plain(struct str *out, const char *at, bool marks)
{
	uint32_t codepoint, before = 0;

	while (*at != '\0') {
		const char *start = at, *plain;

		codepoint = next_codepoint(&at);
		if (is_invisible(codepoint)) {
			while (is_invisible(peek(at)))
				(void)next_codepoint(&at);
			if (!stands_alone(before) || !stands_alone(peek(at)))
				str_putn(out, start, (size_t)(at - start));
			continue;
		}
		plain = marks ? plain_mark(codepoint) : NULL;
		if (plain != NULL)
			str_put(out, plain);
		else
			str_putn(out, start, (size_t)(at - start));
		before = codepoint;
	}
}

/* NULL: what is in GSM-7 is composed, and some scripts are longer so. */
static char *composed(void *ctx, const char *text, struct sms_size *size)
{
	struct sms_size apart = *size;
	char *made = size->alphabet == SMS_GSM7 ? NULL : fold_composed(ctx, text);

	if (made == NULL || (sms_measure(made, strlen(made), size) && size->parts <= apart.parts))
		return made;
	*size = apart;
	talloc_free(made);
	return NULL;
}

/* Marks give way only where the whole is GSM-7 then: a mark in UCS-2 costs no more than
 * what would stand for it. */
char *sms_plain(void *ctx, const char *text)
{
	struct sms_size before, after;
	char *kept;

	must(sms_measure(text, strlen(text), &before));
	kept = composed(ctx, text, &before);
	if (kept == NULL)
		kept = talloc_strdup(ctx, text);
	must(kept != NULL);
	for (int marks = 1; marks >= 0 && before.alphabet == SMS_UCS2; marks--) {
		struct str out;

		str_init(&out, ctx, 3 * strlen(kept) + 1);
		put_plain(&out, kept, marks == 1);
		if (out.len > 0 && str_ok(&out) && sms_measure(out.at, out.len, &after) &&
		    after.parts < before.parts && (marks == 0 || after.alphabet == SMS_GSM7)) {
			talloc_free(kept);
			return str_take(&out);
		}
		str_release(&out);
	}
	return kept;
}

const char *sms_alphabet_name(enum sms_alphabet alphabet)
{
	must(alphabet == SMS_GSM7 || alphabet == SMS_UCS2);
	return alphabet == SMS_GSM7 ? "gsm7" : "ucs2";
}
