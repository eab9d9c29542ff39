/* locale.c - see locale.h.
 *
 * Each language is one row of `choices`: ICU knows which marks part the digits
 * and what November is called, the row says what we write around it.  ICU is
 * asked once, when a language is opened; its formatters take 2.5 microseconds
 * for each amount, and a message has dozens of them.  The unit test compares
 * what is written here with what ICU writes.
 */
#include "base/locale.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/err.h"
#include "base/money.h"
#include "base/must.h"

#define COUNTRY_NAME_MAX 100
#define MARK_BYTES 8			/* a decimal or group mark, UTF-8 and NUL */
#define MONTH_BYTES 40			/* a month's name */
#define SYMBOL_UNITS_MAX 32		/* UTF-16 units of either */
#define DIGITS_MAX 21			/* of an int64_t, in decimal, and NUL */
#define DECIMALS_MAX 3			/* of any currency in money.c */
#define MONTHS 12

struct choice {
	const char	*lang;
	const char	*country;		/* "": wherever no other row says so */
	const char	*name;			/* of the language, in itself */
	const char	*icu;			/* locale name of ICU */
	const char	*after_day;		/* between the day and the month */
	const char	*own_currency;		/* written by a sign of its own */
	const char	*own_prefix, *own_suffix;
	bool		 code_first;		/* "EUR 10" or "10 EUR" */
	bool		 month_first;		/* "November 22, 2026" */
};

static const struct choice choices[] = {
	{ "da", "",   "Dansk",   "da_DK", ". ", "DKK", "",  " kr.", false, false },
	{ "en", "",   "English", "en_GB", " ",  "GBP", "£", "",     true,  false },
	{ "en", "US", "English", "en_US", " ",  "USD", "$", "",     true,  true },
	{ "nb", "",   "Norsk",   "nb_NO", ". ", "NOK", "",  " kr",  false, false },
	{ "sv", "",   "Svenska", "sv_SE", " ",  "SEK", "",  " kr",  false, false },
	{ "fi", "",   "Suomi",   "fi_FI", ". ", "EUR", "",  " €",   false, false },
	{ "de", "",   "Deutsch", "de_DE", ". ", "EUR", "",  " €",   false, false },
};

#define CHOICES (sizeof(choices) / sizeof(choices[0]))

const char *const locale_langs[] = { "da", "en", "nb", "sv", "fi", "de", NULL };

struct locale {
	const struct choice	*choice;
	char			 decimal_mark[MARK_BYTES];
	char			 group_mark[MARK_BYTES];
	int			 group_digits;		/* 0: no grouping */
	int			 group_digits_min;	/* before the first mark */
	char			 month[MONTHS][MONTH_BYTES];
	UPluralRules		*plural;
};

static struct locale opened[CHOICES];

/* UTF-8, with every space that is not U+0020 replaced: one of them would cost
 * an SMS more than half of its room. */
static bool keep_symbol(char *out, int32_t bytes, const UChar *units, int32_t length)
{
	UChar plain[SYMBOL_UNITS_MAX];
	UErrorCode code = U_ZERO_ERROR;
	int32_t written = 0;

	if (length <= 0 || length >= SYMBOL_UNITS_MAX)
		return false;
	for (int32_t i = 0; i < length; i++) {
		plain[i] = units[i];
		if (units[i] == 0x00a0 || units[i] == 0x202f || units[i] == 0x2009)
			plain[i] = ' ';
	}
	u_strToUTF8(out, bytes, &written, plain, length, &code);
	return U_SUCCESS(code) && written < bytes;
}

static bool numbers_open(struct locale *l, const char *icu)
{
	UErrorCode code = U_ZERO_ERROR;
	UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, icu, NULL, &code);
	UChar mark[SYMBOL_UNITS_MAX];
	int32_t length;
	bool ok;

	if (U_FAILURE(code))
		return false;
	length = unum_getSymbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, mark,
	    SYMBOL_UNITS_MAX, &code);
	ok = U_SUCCESS(code) && keep_symbol(l->decimal_mark, MARK_BYTES, mark, length);
	length = unum_getSymbol(format, UNUM_GROUPING_SEPARATOR_SYMBOL, mark,
	    SYMBOL_UNITS_MAX, &code);
	ok = ok && U_SUCCESS(code) && keep_symbol(l->group_mark, MARK_BYTES, mark, length);
	l->group_digits = unum_getAttribute(format, UNUM_GROUPING_SIZE);
	l->group_digits_min = unum_getAttribute(format, UNUM_MINIMUM_GROUPING_DIGITS);
	if (l->group_digits_min < 1)
		l->group_digits_min = 1;
	unum_close(format);
	return ok;
}

static bool months_open(struct locale *l, const char *icu)
{
	UErrorCode code = U_ZERO_ERROR;
	UDateFormat *format = udat_open(UDAT_LONG, UDAT_LONG, icu, NULL, 0, NULL, 0, &code);
	UChar name[SYMBOL_UNITS_MAX];
	bool ok = true;

	if (U_FAILURE(code))
		return false;
	for (int i = 0; ok && i < MONTHS; i++) {
		int32_t length = udat_getSymbols(format, UDAT_MONTHS, i, name,
		    SYMBOL_UNITS_MAX, &code);

		ok = U_SUCCESS(code) && keep_symbol(l->month[i], MONTH_BYTES, name, length);
	}
	udat_close(format);
	return ok;
}

static bool locale_open(struct locale *l, const struct choice *choice)
{
	UErrorCode code = U_ZERO_ERROR;

	if (!numbers_open(l, choice->icu) || !months_open(l, choice->icu))
		return false;
	l->plural = uplrules_open(choice->icu, &code);
	if (U_FAILURE(code))
		return false;
	l->choice = choice;
	return true;
}

/* The row of the country before the one of the whole language; CHOICES: none. */
static size_t choice_find(const char *lang, const char *country)
{
	size_t best = CHOICES;

	for (size_t i = 0; i < CHOICES; i++)
		if (strcmp(choices[i].lang, lang) == 0 && (choices[i].country[0] == '\0' ||
		    strcmp(choices[i].country, country) == 0))
			best = i;
	return best;
}

const struct locale *locale_find_in(const char *lang, const char *country, struct err *err)
{
	const size_t i = choice_find(lang, country);

	if (i == CHOICES) {
		err_set(err, ERR_INPUT, "no language '%.20s' here; there are da, en, nb, sv, fi "
		    "and de", lang);
		return NULL;
	}
	if (opened[i].choice == NULL && !locale_open(&opened[i], &choices[i])) {
		err_set(err, ERR_SYSTEM, "ICU has no data for the language '%s'", lang);
		return NULL;
	}
	return &opened[i];
}

const struct locale *locale_find(const char *lang, struct err *err)
{
	return locale_find_in(lang, "", err);
}

const char *locale_name(const struct locale *l)
{
	return l->choice->name;
}

const char *locale_lang(const struct locale *l)
{
	return l->choice->lang;
}

static void put_grouped(const struct locale *l, struct str *s, uint64_t whole)
{
	char digits[DIGITS_MAX];
	int from = DIGITS_MAX, count;

	do {
		digits[--from] = (char)('0' + whole % 10);
		whole /= 10;
	} while (whole > 0);
	count = DIGITS_MAX - from;
	for (int i = 0; i < count; i++) {
		if (i > 0 && l->group_digits > 0 && (count - i) % l->group_digits == 0 &&
		    count >= l->group_digits + l->group_digits_min)
			str_put(s, l->group_mark);
		str_putc(s, digits[from + i]);
	}
}

/* Unsigned, so that INT64_MIN has a size too. */
static uint64_t size_of(int64_t minor)
{
	return minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
}

static void put_size(const struct locale *l, struct str *s, uint64_t size, int exponent)
{
	uint64_t unit = 1;

	for (int i = 0; i < exponent; i++)
		unit *= 10;
	put_grouped(l, s, size / unit);
	if (exponent > 0)
		str_put(s, l->decimal_mark);
	for (uint64_t place = unit / 10; place > 0; place /= 10)
		str_putc(s, (char)('0' + size / place % 10));
}

static void put_number(const struct locale *l, struct str *s, int64_t minor, int exponent)
{
	if (minor < 0)
		str_putc(s, '-');
	put_size(l, s, size_of(minor), exponent);
}

void locale_put_money(const struct locale *l, struct str *s, int64_t minor,
    const char *currency)
{
	const int exponent = currency_exponent(currency);
	const bool own = strcmp(currency, l->choice->own_currency) == 0;

	must(exponent >= 0 && exponent <= DECIMALS_MAX);
	if (l->choice->code_first && !own) {
		str_put(s, currency);
		str_putc(s, ' ');
	}
	if (own && l->choice->own_prefix[0] != '\0') {
		if (minor < 0)
			str_putc(s, '-');
		str_put(s, l->choice->own_prefix);
		put_size(l, s, size_of(minor), exponent);
		return;
	}
	put_number(l, s, minor, exponent);
	if (own) {
		str_put(s, l->choice->own_suffix);
	} else if (!l->choice->code_first) {
		str_putc(s, ' ');
		str_put(s, currency);
	}
}

static void put_plain(struct str *s, int number)
{
	char digits[DIGITS_MAX];
	int from = DIGITS_MAX;

	do {
		digits[--from] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	str_putn(s, digits + from, (size_t)(DIGITS_MAX - from));
}

void locale_put_day(const struct locale *l, struct str *s, day_t day)
{
	struct ymd ymd;

	must(day != DAY_NONE);
	ymd = day_ymd(day);
	must(ymd.year > 0);
	if (l->choice->month_first) {
		str_put(s, l->month[ymd.month - 1]);
		str_put(s, l->choice->after_day);
		put_plain(s, ymd.day);
		str_put(s, ", ");
	} else {
		put_plain(s, ymd.day);
		str_put(s, l->choice->after_day);
		str_put(s, l->month[ymd.month - 1]);
		str_putc(s, ' ');
	}
	put_plain(s, ymd.year);
}

void locale_put_count(const struct locale *l, struct str *s, int64_t count)
{
	put_number(l, s, count, 0);
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

void locale_put_country(struct str *out, const char *code)
{
	UChar name[COUNTRY_NAME_MAX], upper[COUNTRY_NAME_MAX];
	char place[8], text[4 * COUNTRY_NAME_MAX];
	UErrorCode trouble = U_ZERO_ERROR;
	int32_t len, bytes = 0;

	(void)snprintf(place, sizeof(place), "und_%.2s", code);
	len = uloc_getDisplayCountry(place, "en", name, COUNTRY_NAME_MAX, &trouble);
	len = u_strToUpper(upper, COUNTRY_NAME_MAX, name, len, "en", &trouble);
	u_strToUTF8(text, sizeof(text), &bytes, upper, len, &trouble);
	if (U_FAILURE(trouble) || bytes == 0)
		str_put(out, code);
	else
		str_putn(out, text, (size_t)bytes);
}

const char *locale_of_country(const char *country)
{
	static const struct { const char *country, *lang; } places[] = {
		{ "DK", "da" }, { "GL", "da" }, { "FO", "da" }, { "NO", "nb" }, { "SE", "sv" },
		{ "FI", "fi" }, { "DE", "de" }, { "AT", "de" }, { "LI", "de" },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].country, country) == 0)
			return places[i].lang;
	return "en";
}
