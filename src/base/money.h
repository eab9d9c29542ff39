/* money.h - amounts in minor units of one currency; never a double.
 *
 * Source:  ISO 4217 for the exponents (list in money.c: the currencies of
 *          Europe, North America and the larger trading partners).
 * Units:   int64_t minor units (oere, cent); MONEY_MINOR_MAX bounds a single
 *          amount so that the sum of a million of them cannot overflow.
 * Threads: pure.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct err;

#define MONEY_MINOR_MAX 1000000000000	/* 10,000,000,000.00 */
#define CURRENCY_BYTES 4		/* "DKK" and the closing NUL */

/* Number of decimals of a currency, or -1 when the code is not known. */
int	currency_exponent(const char *code);

/* How a ledger writes numbers. */
struct number_form {
	char	decimal_mark;	/* ',' or '.' */
	char	group_mark;	/* '.', ',', ' ' or '\'' between thousands; 0: none */
};

/* Reads "-1.234,50" by the given form.  Group marks must stand before exactly
 * three digits; U+00A0 and U+202F count as the space.  More decimals than the
 * currency has are refused unless they are zeros.  */
bool	money_parse(struct view, struct number_form, int exponent,
	    int64_t *minor, struct err *);

/* Writes "1234.50": machine form, always a point, no grouping. */
void	money_put(struct str *, int64_t minor, int exponent);

#endif
