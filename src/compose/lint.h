/* lint.h - what `purr check` says about the texts of a library.
 *
 * A library that was closed is sound: its names exist, its tones are there.
 * This looks at what a debtor would feel, and at what a tone must not change:
 *
 *   - the same facts and the same partials in every tone of a step
 *   - the debtor's link exactly once
 *   - no exclamation mark, no shouting, no threat, no hurry
 *   - debt collection is spoken of in a formal notice only, never in a subject
 *   - a text that is a legal notice names the whole claim
 *   - an SMS fits in SMS_PARTS_MAX parts of GSM-7 with long names
 *   - prose is easy (LIX_MAX), an e-mail small and loads nothing
 *
 * Source:  Inkassoloven section 9 and 10 (good practice, content of a notice);
 *          compose/lix.h; model/sms.h.
 * Memory:  what the callbacks get lives during the call.
 */
#ifndef COMPOSE_LINT_H
#define COMPOSE_LINT_H

#include <stddef.h>

#include "model/word.h"

struct library;

#define SMS_PARTS_MAX 2
#define LIX_MAX 35	/* of most languages: lint_words.h has the others */
#define LIX_WORDS_MIN 40		/* fewer (an SMS): told, not judged */
#define MAIL_HTML_BYTES_MAX (20 * 1024)

struct lint_problem {
	const char	*path;
	int		 line;		/* 1 when it is the file as a whole */
	const char	*text;
};

/* One text's figures, rendered with the sample facts. */
struct lint_figures {
	const char	*path;
	enum channel	 channel;
	int		 lix;
	int		 sms_parts;		/* 0 unless an SMS; with long names */
	size_t		 text_bytes, html_bytes;
};

struct lint_sink {
	void	(*problem)(void *arg, const struct lint_problem *);
	void	(*figures)(void *arg, const struct lint_figures *);
	void	*arg;
};

void	lint_library(const struct library *, void *ctx, const struct lint_sink *);

#endif
