/* planted.h - the program's own texts, with one thing changed in one file.
 *
 * Tests of library and lint plant a fault and look whether it is found. */
#ifndef TESTS_UNIT_COMPOSE_PLANTED_H
#define TESTS_UNIT_COMPOSE_PLANTED_H

#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "compose/library.h"

struct plant {
	const char	*path;
	const char	*from;		/* NULL: the file is left out */
	const char	*to;
};

static inline char *plant_text(void *ctx, const struct asset *a, const struct plant *p,
    bool *found)
{
	char *text = talloc_strndup(ctx, a->at, (size_t)(a->end - a->at));
	char *at;

	if (p->path == NULL || strcmp(a->path, p->path) != 0)
		return text;
	if (p->from == NULL) {
		*found = true;
		return NULL;
	}
	at = strstr(text, p->from);
	if (at == NULL)
		return text;
	*found = true;
	return talloc_asprintf(ctx, "%.*s%s%s", (int)(at - text), text, p->to,
	    at + strlen(p->from));
}

/* NULL when the library was refused, with the reason in err; *found tells
 * whether there was something to change. */
static inline struct library *planted_library(void *ctx, const struct plant *p,
    bool *found, struct err *err)
{
	struct library *lib = library_new(ctx);

	*found = false;
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		char *text;

		if (strncmp(a->path, "templates/", 10) != 0)
			continue;
		text = plant_text(lib, a, p, found);
		if (text != NULL && !library_add(lib, a->path, text, strlen(text), err))
			return NULL;
	}
	return library_close(lib, err) ? lib : NULL;
}

#endif
