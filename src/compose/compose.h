/* compose.h - facts + text -> the words of one message.
 *
 * Pure: no clock, no database, no log.  The same library and facts give the
 * same bytes.
 *
 * Fills channel, lang, subject, text and html of `out`; all other members
 * stay as they were (addresses, dates and ids are the engine's).
 *   email   subject, text, html
 *   sms     text                       (subject and html are "")
 *   letter  subject (the heading), text
 *   call    is not composed: ERR_INPUT
 *
 * Nothing falls back silently: a language, step or tone that the library has
 * no text for is ERR_INPUT, and so is a fact that the text requires and that
 * is missing (an account line in a formal notice, say).
 *
 * Memory:  texts are talloc children of `ctx`.
 * Errors:  ERR_INPUT; the text names the template and the variable, never a
 *          name or an amount.
 */
#ifndef COMPOSE_COMPOSE_H
#define COMPOSE_COMPOSE_H

#include <stdbool.h>

#include "model/facts.h"
#include "model/message.h"

struct err;
struct library;

bool	compose_message(const struct library *, void *ctx,
	    const struct message_facts *, struct message *out, struct err *);

#endif
