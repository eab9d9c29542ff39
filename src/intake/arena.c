/* arena.c - see arena.h. */
#include "intake/arena.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"

void arena_init(struct arena *a, void *ctx)
{
	*a = (struct arena){ .ctx = ctx };
}

const char *arena_copy(struct arena *a, struct view text)
{
	char *out;

	if (text.len == 0)
		return "";
	must(text.len < ARENA_BLOCK_BYTES / 2);
	if (text.len + 1 > a->left) {
		a->at = talloc_array(a->ctx, char, ARENA_BLOCK_BYTES);
		must(a->at != NULL);
		a->left = ARENA_BLOCK_BYTES;
	}
	out = a->at;
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	a->at += text.len + 1;
	a->left -= text.len + 1;
	return out;
}
