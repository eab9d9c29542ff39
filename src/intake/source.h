/* source.h - the bytes of an outside file, a chunk at a time.
 *
 * Only regular files are read: what a directory, a device or a pipe holds
 * cannot be read twice, and an import may need two passes.
 *
 * Memory:  a descriptor is open between source_open() and source_close().
 */
#ifndef INTAKE_SOURCE_H
#define INTAKE_SOURCE_H

#include "intake/table.h"

#define SOURCE_CHUNK_BYTES (64 * 1024)

struct source {
	int		fd;		/* -1: the text */
	struct view	text;		/* what is left of it */
};

bool	source_open(struct source *, const struct table_source *, struct err *);
void	source_close(struct source *);

/* Fills `chunk` as far as the file goes; *len below SOURCE_CHUNK_BYTES means
 * that this was the end. */
bool	source_read(struct source *, char *chunk, size_t *len, struct err *);

#endif
