/* look.h - what the commands that look ahead share. */
#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include <stdbool.h>

#include "base/clock.h"

#define LOOK_DAYS_STANDARD 7

/* NULL: the standard.  False: not a number of days. */
bool	look_days(const char *text, int *days);

/* One line on a terminal: how far the look is. */
void	look_progress(void *arg, instant_t now);
void	look_progress_end(bool shown);

#endif
