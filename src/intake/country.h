/* country.h - the countries there are.
 *
 * A debtor's country chooses the law, the holidays and the telephone plan, so
 * "XX" or "UK" must not pass.
 *
 * Source:  ISO 3166-1 alpha-2, the 249 officially assigned codes.
 * Threads: pure.
 */
#ifndef INTAKE_COUNTRY_H
#define INTAKE_COUNTRY_H

#include <stdbool.h>

#define COUNTRY_BYTES 3		/* "DK" and the closing NUL */

bool	country_is_known(const char code[COUNTRY_BYTES]);	/* upper case */

#endif
