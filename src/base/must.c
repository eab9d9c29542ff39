/* must.c - ends the process at a broken invariant, naming the place. */
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void must_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "purr: bug: %s:%d: must(%s)\n", file, line, condition);
	fflush(stderr);
	abort();
}
