/* stop.h - is this all that somebody wrote: leave me alone?
 *
 * In one of the languages that we write, by SMS or e-mail, or in one that is often written
 * in their countries.  Marks, capitals, pictures, a greeting, a please and the signature
 * of a person or a telephone count for nothing.  "Stop it, I have paid" is no such word, nor
 * is "don't stop": a person reads it.
 *
 * A number that services share asks for the keyword of one first: to a short code any one
 * word may stand before the stop, to another number one in capitals ("NORDLYS STOP").
 *
 * Source:  CTIA Messaging Principles and Best Practices 5.1.3 (2023), the words of the
 *          Nordic and German operators, and the lists of the providers.
 * Threads: pure.
 */
#ifndef INBOUND_STOP_H
#define INBOUND_STOP_H

#include <stdbool.h>

/* to: the number that was written to, as the provider has it; "" for a mail. */
bool	stop_is_all(const char *text, const char *to);

#endif
