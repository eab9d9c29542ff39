/* phone.h - telephone numbers as people write them, to E.164.
 *
 * A wrong number texts a stranger.  So nothing is guessed: a text that holds
 * anything but digits and the usual punctuation is refused, and so is a
 * number of a length that its country does not have ("not possible").  A
 * number of a good length in a range that is not known to be given out ("not
 * valid") is passed on with a mark: the library's lists age, and a new range
 * is not a wrong one.
 *
 * Source:  ITU-T E.164; libphonenumber and the metadata it carries.
 * Units:   bytes.
 * Threads: pure after the first call, which loads the metadata (about 5 ms).
 */
#ifndef BASE_PHONE_H
#define BASE_PHONE_H

#include <stdbool.h>

#include "base/str.h"

#define PHONE_TEXT_BYTES_MAX 40		/* longest text that is looked at */
#define PHONE_E164_BYTES 17		/* '+', 15 digits and the closing NUL */

struct err;

#ifdef __cplusplus
extern "C" {
#endif

struct phone {
	char	e164[PHONE_E164_BYTES];		/* "+4520123456" */
	bool	valid;			/* in a range known to be given out */
};

/* Reads a number in national form of `region` (ISO 3166-1 alpha-2, upper case;
 * "" when no country is known) or in international form (+ or the region's
 * own prefix).  False and ERR_INPUT: the reason, without the number. */
bool	phone_parse(struct view text, const char *region, struct phone *out,
	    struct err *);

#ifdef __cplusplus
}
#endif

#endif
