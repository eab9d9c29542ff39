/* html_entity.c - see html_entity.h. */
#include "net/html_entity.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES_MAX 12
#define DIGITS_MAX 8
#define NOT_A_LETTER 0xfffd

/* From U+00A0 on, without a gap. */
static const char *const latin[] = { "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar",
	"sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2",
	"sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14",
	"frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig",
	"Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH",
	"Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute",
	"Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml",
	"aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
	"iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash",
	"ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml" };
_Static_assert(sizeof(latin) / sizeof(latin[0]) == 0x60, "U+00A0 to U+00FF");

static const struct { const char *name; uint32_t letter; } others[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
	{ "euro", 0x20ac }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 },
	{ "rsquo", 0x2019 }, { "sbquo", 0x201a }, { "ldquo", 0x201c }, { "rdquo", 0x201d },
	{ "bdquo", 0x201e }, { "hellip", 0x2026 }, { "bull", 0x2022 }, { "trade", 0x2122 },
	{ "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "ensp", 0x2002 }, { "emsp", 0x2003 },
	{ "thinsp", 0x2009 }, { "zwnj", 0x200c }, { "zwj", 0x200d }, { "OElig", 0x152 },
	{ "oelig", 0x153 }, { "Scaron", 0x160 }, { "scaron", 0x161 }, { "Yuml", 0x178 },
	{ "minus", 0x2212 }, { "larr", 0x2190 }, { "rarr", 0x2192 }, { "colon", ':' },
	{ "period", '.' }, { "comma", ',' }, { "commat", '@' }, { "excl", '!' },
};

uint32_t letter_of_1252(unsigned char byte)
{
	static const uint16_t upper[] = { 0x20ac, NOT_A_LETTER, 0x201a, 0x192, 0x201e, 0x2026, 0x2020,
	    0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, NOT_A_LETTER, 0x17d, NOT_A_LETTER,
	    NOT_A_LETTER, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161,
	    0x203a, 0x153, NOT_A_LETTER, 0x17e, 0x178 };

	return byte < 0x80 || byte >= 0xa0 ? byte : upper[byte - 0x80];
}

void letter_put(struct str *s, uint32_t c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = NOT_A_LETTER;
	if (c < 0x80) {
		str_putc(s, (char)c);
		return;
	}
	if (c < 0x800) {
		str_putc(s, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			str_putc(s, (char)(0xe0 | c >> 12));
		} else {
			str_putc(s, (char)(0xf0 | c >> 18));
			str_putc(s, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		str_putc(s, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	str_putc(s, (char)(0x80 | (c & 0x3f)));
}

static int digit_of(char c, int base)
{
	const int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ?
	    (c | 0x20) - 'a' + 10 : base;

	return digit < base ? digit : -1;
}

static size_t numbered(const char *at, const char *end, uint32_t *letter)
{
	const int base = at + 2 < end && (at[2] | 0x20) == 'x' ? 16 : 10;
	const char *const from = at + (base == 16 ? 3 : 2), *to = from;

	*letter = 0;
	for (; to < end && to - from < DIGITS_MAX && digit_of(*to, base) >= 0; to++)
		*letter = *letter * (uint32_t)base + (uint32_t)digit_of(*to, base);
	if (to == from)
		return 0;
	if (*letter < 0x100)
		*letter = letter_of_1252((unsigned char)*letter);
	return (size_t)(to - at) + (to < end && *to == ';');
}

static bool named(const char *name, uint32_t *letter)
{
	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++)
		if (strcmp(latin[i], name) == 0) {
			*letter = 0xa0 + (uint32_t)i;
			return true;
		}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].name, name) == 0) {
			*letter = others[i].letter;
			return true;
		}
	return false;
}

size_t html_entity(const char *at, const char *end, uint32_t *letter)
{
	char name[NAME_BYTES_MAX + 1];
	size_t n = 0;

	if (at + 1 < end && at[1] == '#')
		return numbered(at, end, letter);
	while (n < NAME_BYTES_MAX && at + 1 + n < end && ((at[1 + n] >= '0' && at[1 + n] <= '9') ||
	    ((at[1 + n] | 0x20) >= 'a' && (at[1 + n] | 0x20) <= 'z'))) {
		name[n] = at[1 + n];
		n++;
	}
	name[n] = '\0';
	if (at + 1 + n == end || at[1 + n] != ';' || !named(name, letter))
		return 0;
	return n + 2;
}
