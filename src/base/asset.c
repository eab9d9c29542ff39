/* asset.c - see asset.h; the table itself is made by the Makefile. */
#include "base/asset.h"

#include <string.h>

const struct asset *asset_find(const char *path)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++)
		if (strcmp(a->path, path) == 0)
			return a;
	return NULL;
}
