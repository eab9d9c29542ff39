/* segments.c - see segments.h. */
#include "measure/segments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_make.h"
#include "measure/shrink.h"

#define SEGMENT_DEBTORS_MIN 50
#define SEGMENT_EVENTS_MIN 5

static int name_order(const void *a, const void *b)
{
	const struct segment_counts *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool is_thin(const struct segment_counts *s)
{
	return s->one.n < SEGMENT_DEBTORS_MIN || s->zero.n < SEGMENT_DEBTORS_MIN ||
	    s->one.x < SEGMENT_EVENTS_MIN || s->zero.x < SEGMENT_EVENTS_MIN;
}

/* The thin ones become one, behind the others; how many are left. */
static size_t gather(struct segment_counts *s, size_t count)
{
	struct segment_counts other = { .name = "other" };
	size_t kept = 0;

	qsort(s, count, sizeof(s[0]), name_order);
	for (size_t i = 0; i < count; i++) {
		if (!is_thin(&s[i]) && kept < SHRINK_PARTS_MAX - 1) {
			s[kept++] = s[i];
			continue;
		}
		other.one.n += s[i].one.n;
		other.one.x += s[i].one.x;
		other.zero.n += s[i].zero.n;
		other.zero.x += s[i].zero.x;
	}
	if (other.one.n > 0 && other.zero.n > 0)
		s[kept++] = other;
	return kept;
}

json_t *segments_json(struct segment_counts *s, size_t given, double level)
{
	const size_t count = gather(s, given);
	struct shrink_part parts[SHRINK_PARTS_MAX];
	json_t *list = json_array();
	struct shrink all;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct figure d = share_difference(s[i].one, s[i].zero, level);

		if (d.se > 0)
			parts[n++] = (struct shrink_part){ .estimate = d.estimate, .se = d.se };
	}
	all = shrink_make(parts, n);
	n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct figure d = share_difference(s[i].one, s[i].zero, level);
		const struct shrink_part *p = d.se > 0 && all.parts >= 2 ? &parts[n++] : NULL;

		json_push(list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "segment", s[i].name,
		    "difference", figure_json(&d),
		    "shrink_factor", real_json(p != NULL ? p->factor : (double)NAN),
		    "shrunk", real_json(p != NULL ? p->shrunk : (double)NAN),
		    "shrunk_se", real_json(p != NULL ? p->shrunk_se : (double)NAN)));
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "q", real_json(all.q),
	    "p", real_json(all.p), "i2", real_json(all.i2), "tau2", real_json(all.tau2),
	    "mu", real_json(all.mu), "mu_se", real_json(all.mu_se), "parts", list,
	    "no_sign_of_difference", all.tau2 == 0);
}
