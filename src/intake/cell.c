/* cell.c - see cell.h: texts, days, amounts and words. */
#include "intake/cell.h"

#include <string.h>

#include "base/err.h"
#include "base/must.h"
#include "intake/sheet.h"

#define WORD_BYTES 16

/* The value, when there is one to read. */
static bool value_want(struct sheet *s, enum intake_field field, enum need need,
    struct view *out)
{
	if (!sheet_value(s, field, out))
		return false;
	if (out->len == 0 && need == MUST_BE_THERE)
		sheet_fault(s, field, out, "must be there");
	return out->len > 0;
}

/* The copy that the row before made is as good, when the text is the same. */
static const char *keep(struct sheet *s, enum intake_field field, struct view v)
{
	if (v.len == 0)
		return "";
	if (s->last[field] == NULL || !view_is(v, s->last[field]))
		s->last[field] = arena_copy(&s->texts, v);
	return s->last[field];
}

static const char *text_check(struct sheet *s, enum intake_field field, struct view v,
    size_t bytes_max)
{
	if (utf8_has_control(v, false))
		sheet_fault(s, field, &v, "holds a line break or a control character");
	else if (v.len > bytes_max)
		sheet_fault(s, field, &v, "longer than %zu bytes", bytes_max);
	else
		return keep(s, field, v);
	return "";
}

const char *cell_text(struct sheet *s, enum intake_field field, size_t bytes_max,
    enum need need)
{
	struct view v;

	if (!value_want(s, field, need, &v))
		return "";
	return text_check(s, field, v, bytes_max);
}

/* "1,23457E+11": the digits are gone, and other rows may have the same. */
static bool is_shortened(struct view v)
{
	size_t i = 0;

	while (i < v.len && ((v.at[i] >= '0' && v.at[i] <= '9') || v.at[i] == '.' ||
	    v.at[i] == ','))
		i++;
	if (i < 3 || (v.at[1] != '.' && v.at[1] != ',') || v.len - i < 3 ||
	    (v.at[i] != 'E' && v.at[i] != 'e') || v.at[i + 1] != '+')
		return false;
	for (i += 2; i < v.len; i++)
		if (v.at[i] < '0' || v.at[i] > '9')
			return false;
	return true;
}

const char *cell_id(struct sheet *s, enum intake_field field, enum need need)
{
	struct view v;

	if (!value_want(s, field, need, &v))
		return "";
	if (!is_shortened(v))
		return text_check(s, field, v, ID_BYTES_MAX);
	sheet_fault(s, field, &v, "a spreadsheet has shortened this number; format the column "
	    "as text before the export");
	return "";
}

static bool is_break(char c)
{
	return c == '\r' || c == '\n' || c == '\t';
}

const char *cell_prose(struct sheet *s, enum intake_field field, size_t bytes_max)
{
	char flat[STREET_BYTES_MAX + 1];
	struct view v;
	size_t len = 0;

	must(bytes_max < sizeof(flat));
	if (!value_want(s, field, MAY_BE_EMPTY, &v))
		return "";
	if (v.len > bytes_max || (memchr(v.at, '\n', v.len) == NULL &&
	    memchr(v.at, '\r', v.len) == NULL && memchr(v.at, '\t', v.len) == NULL))
		return text_check(s, field, v, bytes_max);
	for (size_t i = 0; i < v.len; i++) {
		if (!is_break(v.at[i]))
			flat[len++] = v.at[i];
		else if (len > 0 && flat[len - 1] != ' ')
			flat[len++] = ' ';
	}
	return text_check(s, field, (struct view){ flat, len }, bytes_max);
}

day_t cell_day(struct sheet *s, enum intake_field field, enum need need)
{
	struct err err = { 0 };
	struct view v;
	day_t day = DAY_NONE;

	if (!value_want(s, field, need, &v))
		return DAY_NONE;
	if (!day_form_read(s->date, v, &day, &err))
		sheet_fault(s, field, &v, "%.180s", err.text);
	return day;
}

bool cell_bool(struct sheet *s, enum intake_field field)
{
	static const char *const yes[] = { "true", "yes", "1" };
	static const char *const no[] = { "false", "no", "0" };
	struct view v;

	if (!value_want(s, field, MAY_BE_EMPTY, &v))
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (view_is_nocase(v, yes[i]))
			return true;
		if (view_is_nocase(v, no[i]))
			return false;
	}
	sheet_fault(s, field, &v, "neither yes nor no: translate it in the profile's \"values\"");
	return false;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

int cell_currency(struct sheet *s, char out[CURRENCY_BYTES])
{
	struct view v;
	int exponent = -1;

	memset(out, 0, CURRENCY_BYTES);
	if (!value_want(s, FIELD_CURRENCY, MUST_BE_THERE, &v))
		return -1;
	if (v.len == 3) {
		for (size_t i = 0; i < 3; i++)
			out[i] = upper(v.at[i]);
		exponent = currency_exponent(out);
	}
	if (exponent < 0)
		sheet_fault(s, FIELD_CURRENCY, &v,
		    "no known currency: ISO 4217 in three letters, such as DKK; other words "
		    "can be translated in the profile's \"values\"");
	return exponent;
}

bool cell_amount(struct sheet *s, enum intake_field field, int exponent, enum need need,
    int64_t *minor)
{
	struct err err = { 0 };
	struct view v;

	*minor = 0;
	if (!value_want(s, field, need, &v))
		return false;
	if (money_parse(v, s->profile->number, exponent, minor, &err))
		return true;
	sheet_fault(s, field, &v, "%.180s", err.text);
	return false;
}

bool cell_word(struct sheet *s, enum intake_field field, char out[WORD_BYTES])
{
	const char *wanted = "shorter";
	struct view v;

	if (!value_want(s, field, MAY_BE_EMPTY, &v))
		return false;
	if (v.len < WORD_BYTES) {
		memcpy(out, v.at, v.len);
		out[v.len] = '\0';
		wanted = intake_field_fault(field, out);
	} else {
		wanted = intake_field_fault(field, "");
	}
	if (wanted != NULL)
		sheet_fault(s, field, &v, "must be %s", wanted);
	return wanted == NULL;
}

const char *cell_country(struct sheet *s)
{
	char code[COUNTRY_BYTES] = "";
	struct view v;

	if (!value_want(s, FIELD_COUNTRY, MAY_BE_EMPTY, &v))
		return "";
	if (v.len == 2) {
		code[0] = upper(v.at[0]);
		code[1] = upper(v.at[1]);
	}
	if (v.len == 2 && country_is_known(code))
		return keep(s, FIELD_COUNTRY, view_of(code));
	sheet_fault(s, FIELD_COUNTRY, &v, "no known country: ISO 3166 in two letters, such as DK");
	return "";
}

const char *cell_lang(struct sheet *s)
{
	char code[4] = "";
	struct view v;
	bool right;

	if (!value_want(s, FIELD_LANG, MAY_BE_EMPTY, &v))
		return "";
	right = v.len == 2 || v.len == 3;
	for (size_t i = 0; right && i < v.len; i++) {
		code[i] = (char)(upper(v.at[i]) + ('a' - 'A'));
		right = code[i] >= 'a' && code[i] <= 'z';
	}
	if (right)	/* "no" is Norwegian of either kind; texts are in bokmål */
		return keep(s, FIELD_LANG, view_of(strcmp(code, "no") == 0 ? "nb" : code));
	sheet_fault(s, FIELD_LANG, &v, "no language: ISO 639 in two letters, such as da");
	return "";
}

/* Whether this machine knows the zone is for the engine to say. */
const char *cell_zone(struct sheet *s)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_+-/";
	struct view v;
	bool right;

	if (!value_want(s, FIELD_ZONE, MAY_BE_EMPTY, &v))
		return "";
	right = v.len < ID_BYTES_MAX && v.at[0] != '/' && memchr(v.at, '/', v.len) != NULL;
	for (size_t i = 0; right && i < v.len; i++)
		right = memchr(allowed, v.at[i], sizeof(allowed) - 1) != NULL;
	if (right)
		return keep(s, FIELD_ZONE, v);
	sheet_fault(s, FIELD_ZONE, &v, "no time zone: an IANA name, such as Europe/Copenhagen");
	return "";
}
