/* tmpl.h - Mustache templates: compiled once, checked, rendered many times.
 *
 * A text is compiled, then used in one of two ways:
 *
 *   tmpl_render_json()   against a JSON value: the Mustache specification to
 *                        the letter (a missing name or partial is empty);
 *   tmpl_bind()          against a declared record (struct tmpl_layout): the
 *                        strict way of stored templates.  Partials and
 *                        inheritance are unfolded, each name becomes an offset
 *                        and an unknown name is refused, once.  After that
 *                        tmpl_bound_render() looks up nothing and allocates
 *                        nothing but the growth of its output.
 *
 * Everything of the specification is known but lambdas: comments, delimiters,
 * interpolation, sections, inverted sections, partials, inheritance (parents
 * and blocks), dynamic names.
 *
 * Escaping is chosen by the kind of the text, when it is compiled.  {{x}}
 * escapes; {{{x}}} and {{&x}} do not, and are refused unless `raw` is set.
 * In HTML write attributes in double quotes: the specification escapes
 * & < > and " only.
 *
 * True are: a text that is not empty, a number that is not 0, a list that is
 * not empty, an object, true.  Lists and objects print nothing.
 *
 * Source:  mustache(5) and the specification 1.4.2, github.com/mustache/spec.
 *          Left open there and decided here: a blank line of a partial is
 *          indented like any other; a block's blank lines are not.
 * Units:   bytes; lines and columns count from 1, columns in bytes.
 * Memory:  compiled and bound templates are talloc children of `ctx`; they
 *          copy what they need and borrow nothing (a bound template may
 *          outlive the compiled one and the layout).
 * Threads: compiled and bound templates are only read by rendering.
 * Errors:  ERR_INPUT, "NAME:LINE:COLUMN: what is wrong; what to write".
 */
#ifndef BASE_TMPL_H
#define BASE_TMPL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/str.h"

struct err;
struct tmpl;
struct tmpl_bound;

#define TMPL_TEXT_BYTES_MAX (1024 * 1024)	/* one template's text */
#define TMPL_OUTPUT_BYTES_MAX (64 * 1024 * 1024)	/* a limit for str_init() */
#define TMPL_NAME_BYTES_MAX 128			/* one tag's name */
#define TMPL_NESTING_MAX 64			/* tags open inside one template */
#define TMPL_PARTIAL_DEPTH_MAX 128		/* partials and parents inside each other */
#define TMPL_WALK_DEPTH_MAX 1024		/* all of them inside each other */
#define TMPL_WALK_STEPS_MAX 10000000		/* tags and texts in one render */
#define TMPL_BOUND_STEPS_MAX 65536		/* steps of one bound template */
#define TMPL_LIST_DEPTH_MAX 8			/* lists inside each other, bound */

enum tmpl_kind {
	TMPL_HTML,	/* & < > " become entities */
	TMPL_TEXT,	/* nothing is escaped */
	TMPL_SMS,	/* nothing is escaped */
	TMPL_LINE,	/* a subject or header: control characters become spaces */
	TMPL_ICS,	/* RFC 5545 TEXT: backslash ; , and line ends */
};

/* What to compile. */
struct tmpl_text {
	const char	*name;		/* shown in errors: the file's path */
	struct view	 text;
	int		 first_line;	/* of the text in that file; 0 counts as 1 */
	enum tmpl_kind	 kind;
	bool		 raw;		/* may hold {{{x}}} and {{&x}} */
};

/* NULL and ERR_INPUT when the text is not a template. */
struct tmpl	*tmpl_compile(void *ctx, const struct tmpl_text *, struct err *);

const char	*tmpl_name(const struct tmpl *);
enum tmpl_kind	 tmpl_kind(const struct tmpl *);

/* Where partials and parents come from.  find() returns NULL when there is no
 * such template, and sets `err` only when looking for it failed.  A template
 * may only use templates of its own kind.  A NULL struct: there are none. */
struct tmpl_partials {
	const struct tmpl	*(*find)(void *arg, struct view name, struct err *);
	void			*arg;
};

/* Appends the text to `out`; false on an error of a partial, a depth, the
 * number of steps or the size of `out` (its bytes_max). */
bool	tmpl_render_json(const struct tmpl *, const json_t *data,
	    const struct tmpl_partials *, struct str *out, struct err *);

/* --- records ----------------------------------------------------------------
 *
 * A record is a C struct whose members are declared by name:
 *
 *	struct row { struct view number, due; };
 *	struct mail { struct view debtor; bool fee; struct tmpl_rows rows; };
 *
 *	static const struct tmpl_field row_fields[] = {
 *		{ "number", TMPL_VIEW, offsetof(struct row, number), NULL },
 *		{ "due",    TMPL_VIEW, offsetof(struct row, due),    NULL },
 *	};
 *	static const struct tmpl_layout row_layout = {
 *		row_fields, 2, sizeof(struct row) };
 *	static const struct tmpl_field mail_fields[] = {
 *		{ "debtor", TMPL_VIEW, offsetof(struct mail, debtor), NULL },
 *		{ "fee",    TMPL_BOOL, offsetof(struct mail, fee),    NULL },
 *		{ "rows",   TMPL_LIST, offsetof(struct mail, rows),   &row_layout },
 *	};
 *
 * A name is sought in the innermost section first, then outwards, as in
 * Mustache.  In a section of a text, and in a row with a field named ".",
 * {{.}} is that text.
 */
enum tmpl_type {
	TMPL_VIEW,	/* struct view; as a section: when not empty */
	TMPL_BOOL,	/* bool; only as a section */
	TMPL_LIST,	/* struct tmpl_rows of `inner` */
	TMPL_RECORD,	/* a struct of layout `inner` inside this one: a.b */
};

struct tmpl_layout;

struct tmpl_field {
	const char			*name;
	enum tmpl_type			 type;
	size_t				 offset;
	const struct tmpl_layout	*inner;	/* of LIST and RECORD, else NULL */
};

struct tmpl_layout {
	const struct tmpl_field	*fields;
	size_t			 field_count;
	size_t			 bytes;		/* sizeof the struct: rows lie this far apart */
};

struct tmpl_rows {
	const void	*at;
	size_t		 count;
};

/* NULL and ERR_INPUT on an unknown name (the nearest known one is named), a
 * name of the wrong type, an unknown partial, a partial that uses itself, a
 * dynamic name (which partial is used must be known when it is loaded). */
struct tmpl_bound	*tmpl_bind(void *ctx, const struct tmpl *,
			    const struct tmpl_layout *,
			    const struct tmpl_partials *, struct err *);

/* Appends the text to `out`.  `record` is a struct of the layout it was bound
 * to.  False (ERR_INPUT) only when `out` is full. */
bool	tmpl_bound_render(const struct tmpl_bound *, const void *record,
	    struct str *out, struct err *);

/* --- names ------------------------------------------------------------------ */

enum tmpl_use {
	TMPL_USE_VALUE,		/* {{x}} */
	TMPL_USE_RAW,		/* {{{x}}} {{&x}} */
	TMPL_USE_SECTION,	/* {{#x}} */
	TMPL_USE_INVERTED,	/* {{^x}} */
	TMPL_USE_PARTIAL,	/* {{>x}} */
	TMPL_USE_PARENT,	/* {{<x}} */
	TMPL_USE_BLOCK,		/* {{$x}} */
	TMPL_USE_DYNAMIC,	/* {{>*x}} {{<*x}}: the name without the asterisk */
};

struct tmpl_name_used {
	enum tmpl_use	 use;
	struct view	 name;
	struct view	 path;		/* enclosing sections, "" or "rows" or "a/b";
					 * an inverted section is ^x */
	const char	*template;	/* in which it stands: a partial, perhaps */
	int		 line, column;
};

/* Calls `each` for every name, in the order of the text; partials and parents
 * are followed where `partials` has them (one that uses itself: once).  Views
 * live during the call only.  Ends early, with false, when `each` returns
 * false. */
bool	tmpl_names(const struct tmpl *, const struct tmpl_partials *,
	    bool (*each)(void *arg, const struct tmpl_name_used *), void *arg,
	    struct err *);

#endif
