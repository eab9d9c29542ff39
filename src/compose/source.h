/* source.h - one file of templates/ taken apart: path, front matter, body.
 *
 *	templates/CHANNEL/LANG/TEMPLATE.TONE.mustache   a text
 *	templates/CHANNEL/LANG/_NAME.FORM.mustache      a partial of that channel
 *	templates/shared/LANG/_NAME.FORM.mustache       a partial of all channels
 *
 * FORM is text or html.  A text begins with its front matter:
 *
 *	---
 *	subject: what the subject line says (e-mail, letter)
 *	requires: names that must hold something
 *	legal_notice: yes
 *	---
 *
 * The body of an e-mail is written once, as text; source_html() makes the HTML
 * part's body of it, so that the two cannot say different things.
 *
 * Memory:  a source is a talloc child of `ctx`; its texts are children of it.
 * Errors:  ERR_INPUT, "PATH:LINE: ...".
 */
#ifndef COMPOSE_SOURCE_H
#define COMPOSE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/word.h"

struct err;

#define SOURCE_REQUIRES_MAX 32
#define SOURCE_NAME_BYTES_MAX 64

enum source_form { FORM_TEXT, FORM_HTML, FORMS };

struct source {
	const char		*path;
	const char		*text;			/* the whole file */
	size_t			 len;
	bool			 shared;		/* below templates/shared/ */
	enum channel		 channel;		/* unless shared */
	const char		*lang;
	const char		*name;			/* step, or _partial */
	bool			 partial;
	enum tone		 tone;			/* of a text */
	enum source_form	 form;			/* of a partial */

	struct view		 subject;		/* front matter */
	int			 subject_line;
	struct view		 requires[SOURCE_REQUIRES_MAX];
	size_t			 require_count;
	bool			 legal_notice;
	struct view		 body;
	int			 body_line;		/* of its first line, in the file */
};

struct source	*source_parse(void *ctx, const char *path, const char *text,
		    size_t len, struct err *);

/* The body with its paragraphs marked up for HTML, line by line, so that line
 * numbers stay.  A line that holds one section or partial tag and nothing else
 * stands between paragraphs. */
char		*source_html(void *ctx, const struct source *);

/* The subject in HTML's spelling, for the heading. */
char		*source_html_subject(void *ctx, const struct source *);

#endif
