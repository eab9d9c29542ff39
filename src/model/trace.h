/* trace.h - the list of rules that were asked, and what each answered.
 *
 * Every decision can be told as such a list.  Live runs pass a NULL trace and
 * pay nothing; `purr explain` replays the decision with one.
 *
 * Memory:  lines live on the trace's talloc context; rule, source and
 *          confidence are borrowed from the pack or schedule that was asked.
 */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H

#include <stddef.h>

enum trace_answer {
	TRACE_PASS,	/* the rule has nothing against it */
	TRACE_WAIT,	/* not now; the text says until when */
	TRACE_STOP,	/* no */
	TRACE_NOTE,	/* a fact that shaped the decision */
};

#define TRACE_TEXT_BYTES_MAX 200

struct trace_line {
	const char		*rule;		/* "DK-HOURS-1", "hold.dispute" */
	const char		*source;	/* law, page or file; "" for our own */
	const char		*confidence;	/* A B C M P, "" for our own */
	enum trace_answer	 answer;
	char			 text[TRACE_TEXT_BYTES_MAX];
};

struct trace {
	void			*ctx;
	struct trace_line	*lines;
	size_t			 count;
};

void		 trace_init(struct trace *, void *ctx);
void		 trace_add(struct trace *, const char *rule, const char *source,
		    const char *confidence, enum trace_answer, const char *fmt, ...)
		    __attribute__((__format__(__printf__, 6, 7)));
const char	*trace_answer_name(enum trace_answer);

#endif
