/* library.h - all texts of one version, compiled once.
 *
 * A text is a file  templates/CHANNEL/LANG/TEMPLATE.TONE.mustache ; a name
 * that starts with '_' is a partial, shared by the texts of its directory.
 * What a file looks like is told in docs/templates.md.
 *
 * Add the files (of a workspace, or the ones that travel in the program),
 * then close: closing compiles every text with its partials, refuses unknown
 * variables, and demands that whatever language a channel has, it has for
 * every step and every tone.  A closed library does not change.
 *
 *   lib = library_new(ctx);
 *   for each file:  library_add(lib, path, text, len, &err)
 *   library_close(lib, &err)
 *   compose_message(lib, ...)
 *
 * Memory:  a library is a talloc child of `ctx` and copies what it is given.
 * Errors:  ERR_INPUT, "PATH:LINE: what is wrong and what to write instead".
 * Threads: a closed library renders through buffers of its own: one thread.
 */
#ifndef COMPOSE_LIBRARY_H
#define COMPOSE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"
#include "model/word.h"

struct err;
struct library;

#define TEMPLATE_FILE_BYTES_MAX (64 * 1024)

/* The steps that a library must have texts for, ended by NULL. */
extern const char *const template_names[];

struct library	*library_new(void *ctx);

/* `path` starts with "templates/", also when it came from a workspace; the
 * debtor's pages (templates/page/) are passed over. */
bool		 library_add(struct library *, const char *path,
		    const char *text, size_t len, struct err *);

/* Every file of asset_table[] below templates/. */
bool		 library_add_assets(struct library *, struct err *);

/* Every *.mustache below `directory` (a workspace's templates/). */
bool		 library_add_directory(struct library *, const char *directory,
		    struct err *);

/* What a workspace uses: its templates/ folder; where it has none, the texts
 * that travel in the program.  Closed.  NULL on an error. */
struct library	*library_open(void *ctx, const char *workspace, struct err *);

bool		 library_close(struct library *, struct err *);

/* Is there any text in that language?  What a channel has in one is whole. */
bool		 library_speaks(const struct library *, const char *lang);
bool		 library_has(const struct library *, enum channel,
		    const char *lang, const char *template, enum tone);

/* Does such a text use a variable, itself or through a partial? */
bool		 library_names(const struct library *, enum channel, const char *lang,
		    const char *template, enum tone, const char *variable);

/* SHA-256 over the sorted paths and contents: the version that decisions and
 * contacts name.  Of a closed library. */
const char	*library_hash(const struct library *);

/* Every file as one JSON object, path to text: what the store keeps. */
char		*library_content(const struct library *, void *ctx);

#endif
