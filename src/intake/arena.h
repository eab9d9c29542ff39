/* arena.h - many short texts that live and die together.
 *
 * A ledger has millions of them, and a talloc chunk of its own for each would
 * take more room than the texts do.
 *
 * Memory:  the blocks are children of `ctx`; texts are freed with it.
 */
#ifndef INTAKE_ARENA_H
#define INTAKE_ARENA_H

#include <stddef.h>

#include "base/str.h"

#define ARENA_BLOCK_BYTES (128 * 1024)

struct arena {
	void	*ctx;
	char	*at;
	size_t	 left;
};

void		 arena_init(struct arena *, void *ctx);

/* A NUL-terminated copy; longer than half a block is our bug. */
const char	*arena_copy(struct arena *, struct view);

#endif
