/* email.h - does a text look like one e-mail address?
 *
 * Stricter than RFC 5321 on purpose: quoted local parts, comments, lists and
 * display names are what slips of the pen look like, and nobody's ledger
 * needs them.  The domain may be written in UTF-8 (RFC 6531) or as xn--.
 *
 * Threads: pure.
 */
#ifndef INTAKE_EMAIL_H
#define INTAKE_EMAIL_H

#include "base/str.h"

#define EMAIL_BYTES_MAX 254		/* RFC 5321, 4.5.3.1.3, less the brackets */
#define EMAIL_LOCAL_BYTES_MAX 64
#define EMAIL_LABEL_BYTES_MAX 63

/* NULL when it does, a reason for people when it does not. */
const char	*email_fault(struct view);

#endif
