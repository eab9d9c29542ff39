/* stop.h - is this all that somebody wrote: leave me alone?
 *
 * In one of the languages that we write, by SMS or e-mail; marks and capitals count for
 * nothing.  "Stop it, I have paid" is no such word: a person reads it.
 *
 * Source:  CTIA Messaging Principles and Best Practices 5.1.3 (2023), and the words of the
 *          Nordic and German operators.
 * Threads: pure.
 */
#ifndef INBOUND_STOP_H
#define INBOUND_STOP_H

#include <stdbool.h>

bool	stop_is_all(const char *text);

#endif
