/* mail.h - a finished message as the bytes of an e-mail.
 *
 * Memory:  the bytes hang on `ctx`.
 */
#ifndef DISPATCH_MAIL_H
#define DISPATCH_MAIL_H

#include <stdbool.h>

#include "base/str.h"
#include "model/message.h"

/* False when the message cannot be one (an empty address, a control character
 * in an id): trying again is useless. */
bool	mail_bytes(const struct message *, void *ctx, struct str *out);

#endif
