/* tmpl_node.h - a compiled template's nodes and the walk over them.
 *
 * Only for the files base/tmpl_*.c; everyone else includes tmpl.h.
 *
 * Nodes lie in one array in the order of the text; what stands inside node i
 * is i+1 .. nodes[i].next.  Partials, inheritance and indentation are the
 * walk's work and the same for every source of data; a source answers only
 * what a name means (struct walk_source).  There are three: a JSON value, the
 * binding to a record, the list of names.
 */
#ifndef BASE_TMPL_NODE_H
#define BASE_TMPL_NODE_H

#include <stdint.h>

#include "base/str.h"
#include "base/tmpl.h"

struct err;

#define WALK_INDENT_BYTES_MAX 4096

enum node_kind {
	NODE_NONE,
	NODE_LINE,	/* a line begins: the indentation, then `indent` */
	NODE_TEXT,
	NODE_VALUE,
	NODE_RAW,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_PARENT,
	NODE_BLOCK,
};

struct node {
	struct view	text;		/* the text, or the tag's name */
	struct view	indent;		/* LINE: its white space; PARTIAL, PARENT and
					 * BLOCK: added to each line they bring */
	uint32_t	next;		/* index behind what stands inside */
	uint32_t	line, column;
	uint8_t		kind;		/* enum node_kind */
	bool		dynamic;	/* PARTIAL, PARENT: the name is looked up */
	bool		alone;		/* PARTIAL, PARENT, BLOCK: fills whole lines */
	bool		fresh;		/* BLOCK: its content begins a line */
	bool		blank;		/* LINE: nothing but white space */
};

struct tmpl {
	char		*name;
	char		*text;		/* nodes point into it */
	enum tmpl_kind	 kind;
	struct node	*nodes;
	uint32_t	 count;
};

struct walk;

struct walk_source {
	void	(*text)(struct walk *, struct view);
	void	(*value)(struct walk *, const struct node *);
	/* A section or inverted section: shall its inside be walked? */
	bool	(*enter)(struct walk *, const struct node *);
	/* The inside was walked: once more?  If not, leave it. */
	bool	(*again)(struct walk *, const struct node *);
	/* The template that a dynamic name stands for; false: none. */
	bool	(*dynamic)(struct walk *, const struct node *, struct view *);
	/* A partial, parent or block is met; may be NULL. */
	void	(*seen)(struct walk *, const struct node *);
};

enum walk_reuse {		/* a template inside itself: */
	WALK_REUSE_ALLOWED,	/* to TMPL_PARTIAL_DEPTH_MAX */
	WALK_REUSE_REFUSED,
	WALK_REUSE_SKIPPED,
};

struct walk_frame {		/* the blocks that one parent tag gives */
	const struct tmpl	*tmpl;
	const struct node	*parent;
};

struct walk {
	const struct walk_source	*source;
	void				*data;		/* the source's own */
	const struct tmpl_partials	*partials;	/* NULL: none */
	bool				 partials_must_exist;
	enum walk_reuse			 reuse;
	struct err			*err;
	bool				 failed;

	const struct tmpl	*tmpl;		/* whose nodes are walked now */
	struct str		 indent;		/* of all that is open */
	size_t			 indent_from;	/* the part that counts here */
	size_t			 indent_done;	/* bytes of it that are on the line */
	struct walk_frame	 frames[TMPL_PARTIAL_DEPTH_MAX];
	unsigned		 frame_count;	/* outermost first */
	const struct tmpl	*open[TMPL_PARTIAL_DEPTH_MAX];
	unsigned		 open_count;
	unsigned		 depth;
	unsigned long		 steps;
};

/* Walks a whole template; the caller has filled the first block of members
 * and zeroed the rest.  False when `err` was set. */
bool	walk_run(struct walk *, const struct tmpl *);

/* Records "NAME:LINE:COLUMN: ..." of a node and ends the walk. */
void	walk_fail(struct walk *, const struct node *, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 3, 4)));

/* --- escaping (tmpl_escape.c) ----------------------------------------------- */

#define ESCAPE_BYTES_MAX 6	/* longest replacement of one byte */

struct escape {
	uint8_t		class_of[256];		/* 0: as it is */
	struct view	to[6];			/* by class */
};

/* NULL: the kind escapes nothing. */
const struct escape	*escape_of(enum tmpl_kind);
void			 escape_put(struct str *, const struct escape *, struct view);

#endif
