/* tmpl_parse.h - a template's text on its way to nodes.
 *
 * Only for base/tmpl_parse.c (lines and text) and base/tmpl_tag.c (tags).
 */
#ifndef BASE_TMPL_PARSE_H
#define BASE_TMPL_PARSE_H

#include <stdint.h>

#include "base/tmpl_node.h"

struct err;

#define DELIMITER_BYTES_MAX 16
#define NONE UINT32_MAX

/* A view as arguments of "%.*s", cut to what fits in a message. */
#define SHOW(v) (int)((v).len < TMPL_NAME_BYTES_MAX ? (v).len : TMPL_NAME_BYTES_MAX), (v).at

struct tag {
	char		 sigil;		/* # ^ / > < $ & { ! = or 0 */
	struct view	 content;	/* trimmed, without the sigil */
	const char	*end;		/* behind the closing delimiter */
	uint32_t	 line, column;
};

struct open_tag {
	uint32_t	node;
	uint32_t	line_node;	/* of a parent at a line's start, else NONE */
};

struct parser {
	struct tmpl	*tmpl;
	struct err	*err;
	bool		 failed;
	bool		 raw;
	uint32_t	 room;		/* nodes allocated */
	const char	*at, *end;
	struct view	 opener, closer;
	const char	*line_end;	/* the next newline at or behind `at`, or end */
	bool		 begins;	/* `at` is the first byte of a line */
	bool		 untouched;	/* nothing but white space so far ... */
	struct view	 indent;	/* ... which is this */
	const char	*counted;	/* line and column are known up to here */
	const char	*counted_line;	/* first byte of that line */
	uint32_t	 line;
	struct open_tag	 open[TMPL_NESTING_MAX];
	unsigned	 open_count;
};

/* Records "NAME:LINE:COLUMN: ..." and ends the parsing. */
void	parser_fail(struct parser *, uint32_t line, uint32_t column, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 4, 5)));
void	parser_position(struct parser *, const char *at, uint32_t *line, uint32_t *column);

/* The pointer is good until the next node is added. */
struct node	*parser_add(struct parser *, enum node_kind, struct view text);

/* Something that shows stands on this line: its white space shows too. */
void	parser_touch(struct parser *, bool blank);

/* Is there nothing but white space between `at` and the end of its line?
 * *next is then the first byte of the next line. */
bool	parser_rest_is_blank(const struct parser *, const char *at, const char **next);

/* Goes on behind a tag, and takes the whole line away when the tag stands
 * alone on it. */
bool	parser_pass(struct parser *, const struct tag *);

/* Reads the tag that begins at p->at. */
void	tag_read(struct parser *);

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

#endif
