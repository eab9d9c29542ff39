/* form_key.h - the hidden field that makes a form count once.
 *
 * Every form that is shown holds a fresh random number and its keyed hash over
 * the token and what the form does.  The number is the idempotency key: a form
 * sent twice (a double tap, a reload) has one effect.  The hash shows that the
 * form came from us and for this link.
 *
 * Source:  the hash is HMAC-SHA-256, cut to 128 bits.
 * Units:   FORM_KEY_BYTES: 22 + 22 of base64url and NUL.
 */
#ifndef WEB_FORM_KEY_H
#define WEB_FORM_KEY_H

#include <stdbool.h>

#include "base/secret.h"
#include "model/pay_desk.h"

#define FORM_KEY_BYTES 45

void	form_key_make(const struct key *, const char *token, enum pay_act,
	    char out[FORM_KEY_BYTES]);

/* False when the text was not made by form_key_make() for the same token and
 * act; else writes the idempotency key. */
bool	form_key_check(const struct key *, const char *token, enum pay_act,
	    const char *text, char key[PAY_KEY_BYTES]);

/* The key of a form that is shown below the answer to another: always the same after
 * the same form, so that an answer reloaded is the same page. */
void	form_key_follow(const struct key *, const char *token, enum pay_act,
	    const char before[PAY_KEY_BYTES], char out[FORM_KEY_BYTES]);

/* For a request without a form (RFC 8058): always the same for one link. */
void	form_key_one_click(const struct key *, const char *token, char key[PAY_KEY_BYTES]);

#endif
