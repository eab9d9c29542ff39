/* locale.h - money, dates and counts as people of one language write them.
 *
 * Names and formats come from ICU; the choices that ICU leaves open, or makes
 * in a way that a debtor could misread, are stated here:
 *
 *   money   da  1.234,50 kr.   1.234,50 EUR   1.234,50 NOK
 *           en  £1,234.50      EUR 1,234.50   DKK 1,234.50
 *           nb  1 234,50 kr    sv  1 234,50 kr
 *           fi  1 234,50 €     de  1.234,50 €
 *           A sign ("kr", "£", "€", "$") means the currency of the language's
 *           home country only; for every other the ISO 4217 code stands.
 *   day     da, nb, de  22. november 2026       sv  22 november 2026
 *           en  22 November 2026                fi  22. marraskuuta 2026
 *           en in the US  November 22, 2026, and $1,234.50
 *           (never figures only: 3/4 is two different days)
 *
 * Spaces are U+0020: U+00A0 and U+202F would push an SMS out of GSM-7.
 *
 * Source:  Unicode CLDR as shipped in ICU (marks, months, plurals); ISO 4217.
 * Units:   minor units of the currency; civil days.
 * Memory:  a locale is made at first use, kept for the life of the process,
 *          never freed by the caller.
 * Threads: locale_find() is not for threads; all else only reads, and so may be
 *          shared.  (uplrules_select() of ICU is const, too.)
 * Errors:  a language that purr has no choices for is ERR_INPUT, never a
 *          silent English.
 */
#ifndef BASE_LOCALE_H
#define BASE_LOCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/str.h"

struct err;
struct locale;

/* By ISO 639-1 code, and by the reader's country (ISO 3166-1) where a language
 * is written differently there; an unknown country is no error. */
const struct locale	*locale_find_in(const char *lang, const char *country,
			    struct err *);
const struct locale	*locale_find(const char *lang, struct err *);
const char		*locale_lang(const struct locale *);
const char		*locale_name(const struct locale *);	/* "Dansk" */

/* The languages that there are, ended by NULL. */
extern const char *const locale_langs[];

/* The language that people of a country are written to in where nobody has said: one that
 * there are texts in, else English. */
const char	*locale_of_country(const char *country);

/* How a post office reads a country in the last line of an address: in English and capitals
 * ("FINLAND"); the code itself where there is no such country. */
void	locale_put_country(struct str *, const char *code);

/* `currency` must be one that currency_exponent() knows. */
void	locale_put_money(const struct locale *, struct str *, int64_t minor,
	    const char *currency);
void	locale_put_day(const struct locale *, struct str *, day_t);
void	locale_put_count(const struct locale *, struct str *, int64_t);

/* True when the language uses its singular for this count ("1 dag"). */
bool	locale_is_one(const struct locale *, int64_t count);

#endif
