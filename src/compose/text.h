/* text.h - one compiled text of a library: what library.c makes, compose.c
 * renders and lint.c judges.  Only these three include it.
 *
 * Memory:  children of the library.
 */
#ifndef COMPOSE_TEXT_H
#define COMPOSE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/tmpl.h"
#include "compose/source.h"

#define TEXT_NAMES_MAX 256	/* different names in one text */

/* A name that a text uses, itself or through a partial. */
struct text_name {
	const char	*name;
	const char	*template;	/* file in which it stands first */
	int		 line;
	int		 uses;
	bool		 partial;	/* {{> name}}, of the body */
};

struct text {
	const struct source	*source;
	struct tmpl_bound	*subject;	/* NULL in an SMS */
	struct tmpl_bound	*body;
	struct tmpl_bound	*html;		/* e-mail only, else NULL */
	struct text_name	 names[TEXT_NAMES_MAX];	/* of body and subject */
	size_t			 name_count;
	int			 html_links;	/* uses of link_url in the HTML part */
};

struct library;

size_t			 library_text_count(const struct library *);
const struct text	*library_text(const struct library *, size_t);

/* Every file, partials too, sorted by path. */
size_t			 library_source_count(const struct library *);
const struct source	*library_source(const struct library *, size_t);

/* NULL when there is none. */
const struct text	*library_find(const struct library *, enum channel,
			    const char *lang, const char *name, enum tone);

#endif
