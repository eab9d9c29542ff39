/* trace.c - see trace.h. */
#include "model/trace.h"

#include <stdarg.h>
#include <stdio.h>

#include <talloc.h>

#include "base/must.h"

void trace_init(struct trace *trace, void *ctx)
{
	*trace = (struct trace){ .ctx = ctx };
}

void trace_add(struct trace *trace, const char *rule, const char *source,
    const char *confidence, enum trace_answer answer, const char *fmt, ...)
{
	struct trace_line *line;
	va_list ap;

	if (trace == NULL)
		return;
	trace->lines = talloc_realloc(trace->ctx, trace->lines, struct trace_line,
	    (unsigned)trace->count + 1);
	must(trace->lines != NULL);
	line = &trace->lines[trace->count++];
	*line = (struct trace_line){ .rule = rule, .source = source,
	    .confidence = confidence, .answer = answer };
	va_start(ap, fmt);
	(void)vsnprintf(line->text, sizeof(line->text), fmt, ap);
	va_end(ap);
}

const char *trace_answer_name(enum trace_answer answer)
{
	static const char *const names[] = { "pass", "wait", "stop", "note" };

	must(answer <= TRACE_NOTE);
	return names[answer];
}
