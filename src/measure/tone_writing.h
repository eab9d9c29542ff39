/* tone_writing.h - what the parts of a tone report's document share; private to
 * tone_document*.c.
 *
 * Threads: pure.
 */
#ifndef MEASURE_TONE_WRITING_H
#define MEASURE_TONE_WRITING_H

#include <jansson.h>

#include "draw/document.h"
#include "measure/tone_charts.h"

#define LINE_BYTES 1400

struct writing {
	struct document	*doc;
	const json_t	*report;
	void		*ctx;
};

static inline const json_t *part(const struct writing *w, const char *key)
{
	return json_object_get(w->report, key);
}

static inline const json_t *list(const struct writing *w, const char *block, const char *key)
{
	return json_object_get(part(w, block), key);
}

static inline void chart_put(const struct writing *w, const struct scene *scene)
{
	if (scene != NULL)
		document_chart(w->doc, scene);
}

/* When they paid, and the money by day. */
void	tone_course_write(const struct writing *);
/* What it must not cost, what stands beside it, the looks, who is counted. */
void	tone_rest_write(const struct writing *);

#endif
