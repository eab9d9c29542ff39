/* locale.c - see locale.h.
 *
 * Each language is one row of `choices`: ICU knows how to group digits and
 * what November is called, the row says what we write around it.  Formatters
 * are opened once; opening them costs a hundred times a formatting.
 */
#include "base/locale.h"

#include <inttypes.h>
#include <string.h>

#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/err.h"
#include "base/money.h"
#include "base/must.h"

#define FORMATTED_UNITS_MAX 96		/* UTF-16 units of one formatted value */
#define FORMATTED_BYTES_MAX (3 * FORMATTED_UNITS_MAX + 1)
#define PLAIN_NUMBER_BYTES_MAX 32	/* "-9223372036854775808.000" and NUL */
#define DECIMALS_MAX 3			/* of any currency in money.c */
#define MILLISECONDS_PER_DAY 86400000.0

struct choice {
	const char	*lang;
	const char	*icu;			/* locale name of ICU */
	const char	*day_pattern;
	const char	*own_currency;		/* written by a word of its own */
	const char	*own_suffix;
	bool		 code_first;		/* "EUR 10" or "10 EUR" */
};

static const struct choice choices[] = {
	{ "da", "da_DK", "d. MMMM y", "DKK", " kr.", false },
	{ "en", "en_GB", "d MMMM y",  "",    "",     true },
};

#define CHOICES (sizeof(choices) / sizeof(choices[0]))

const char *const locale_langs[] = { "da", "en", NULL };

struct locale {
	const struct choice	*choice;
	UNumberFormat		*amount[DECIMALS_MAX + 1];
	UNumberFormat		*count;
	UDateFormat		*day;
	UPluralRules		*plural;
};

static struct locale opened[CHOICES];

static UNumberFormat *number_open(const char *icu, int decimals)
{
	UErrorCode code = U_ZERO_ERROR;
	UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, icu, NULL, &code);

	if (U_FAILURE(code))
		return NULL;
	unum_setAttribute(format, UNUM_MIN_FRACTION_DIGITS, decimals);
	unum_setAttribute(format, UNUM_MAX_FRACTION_DIGITS, decimals);
	return format;
}

static bool locale_open(struct locale *l, const struct choice *choice)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar pattern[FORMATTED_UNITS_MAX];
	static const UChar utc[] = { 'U', 'T', 'C', 0 };

	for (int i = 0; i <= DECIMALS_MAX; i++) {
		l->amount[i] = number_open(choice->icu, i);
		if (l->amount[i] == NULL)
			return false;
	}
	l->count = number_open(choice->icu, 0);
	u_uastrncpy(pattern, choice->day_pattern, FORMATTED_UNITS_MAX);
	l->day = udat_open(UDAT_PATTERN, UDAT_PATTERN, choice->icu, utc, -1,
	    pattern, -1, &code);
	l->plural = uplrules_open(choice->icu, &code);
	if (U_FAILURE(code) || l->count == NULL)
		return false;
	l->choice = choice;
	return true;
}

const struct locale *locale_find(const char *lang, struct err *err)
{
	for (size_t i = 0; i < CHOICES; i++) {
		if (strcmp(choices[i].lang, lang) != 0)
			continue;
		if (opened[i].choice == NULL && !locale_open(&opened[i], &choices[i])) {
			err_set(err, ERR_SYSTEM, "ICU has no data for the language '%s'", lang);
			return NULL;
		}
		return &opened[i];
	}
	err_set(err, ERR_INPUT, "no language '%.20s' here; there are da and en", lang);
	return NULL;
}

const char *locale_lang(const struct locale *l)
{
	return l->choice->lang;
}

/* UTF-8, with every space that is not U+0020 and every minus that is not the
 * hyphen replaced: they would cost an SMS more than half of its room. */
static void put_units(struct str *s, const UChar *units, int32_t length)
{
	UChar plain[FORMATTED_UNITS_MAX];
	char text[FORMATTED_BYTES_MAX];
	int32_t bytes = 0;
	UErrorCode code = U_ZERO_ERROR;

	must(length >= 0 && length < FORMATTED_UNITS_MAX);
	for (int32_t i = 0; i < length; i++) {
		plain[i] = units[i];
		if (units[i] == 0x00a0 || units[i] == 0x202f || units[i] == 0x2009)
			plain[i] = ' ';
		else if (units[i] == 0x2212)
			plain[i] = '-';
	}
	u_strToUTF8(text, (int32_t)sizeof(text), &bytes, plain, length, &code);
	must(U_SUCCESS(code));
	str_putn(s, text, (size_t)bytes);
}

static void put_number(struct str *s, const UNumberFormat *format, int64_t minor,
    int exponent)
{
	char plain[PLAIN_NUMBER_BYTES_MAX];
	UChar units[FORMATTED_UNITS_MAX];
	struct str digits;
	int32_t length;
	UErrorCode code = U_ZERO_ERROR;

	/* A decimal text, not a double: every minor unit survives. */
	digits = (struct str){ .at = plain, .room = sizeof(plain),
	    .bytes_max = sizeof(plain) - 1 };
	money_put(&digits, minor, exponent);
	must(str_ok(&digits));
	length = unum_formatDecimal(format, digits.at, (int32_t)digits.len, units,
	    FORMATTED_UNITS_MAX, NULL, &code);
	must(U_SUCCESS(code));
	put_units(s, units, length);
}

void locale_put_money(const struct locale *l, struct str *s, int64_t minor,
    const char *currency)
{
	const int exponent = currency_exponent(currency);
	const bool own = strcmp(currency, l->choice->own_currency) == 0;

	must(exponent >= 0 && exponent <= DECIMALS_MAX);
	if (l->choice->code_first && !own)
		str_printf(s, "%s ", currency);
	put_number(s, l->amount[exponent], minor, exponent);
	if (own)
		str_put(s, l->choice->own_suffix);
	else if (!l->choice->code_first)
		str_printf(s, " %s", currency);
}

void locale_put_day(const struct locale *l, struct str *s, day_t day)
{
	UChar units[FORMATTED_UNITS_MAX];
	UErrorCode code = U_ZERO_ERROR;
	int32_t length;

	must(day != DAY_NONE);
	length = udat_format(l->day, (double)day * MILLISECONDS_PER_DAY, units,
	    FORMATTED_UNITS_MAX, NULL, &code);
	must(U_SUCCESS(code));
	put_units(s, units, length);
}

void locale_put_count(const struct locale *l, struct str *s, int64_t count)
{
	put_number(s, l->count, count, 0);
}

bool locale_is_one(const struct locale *l, int64_t count)
{
	static const UChar one[] = { 'o', 'n', 'e', 0 };
	UChar word[16];
	UErrorCode code = U_ZERO_ERROR;
	int32_t length;

	length = uplrules_select(l->plural, (double)count, word, 16, &code);
	must(U_SUCCESS(code) && length < 16);
	return u_strcmp(word, one) == 0;
}
