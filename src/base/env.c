/* env.c - see env.h. */
#include "base/env.h"

#include <stdlib.h>

const char *env_text(const char *name)
{
	const char *text = getenv(name);

	return text != NULL && text[0] != '\0' ? text : NULL;
}
