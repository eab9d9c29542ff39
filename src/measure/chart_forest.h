/* chart_forest.h - differences as points with their intervals, one row each.
 *
 * Memory, threads: as chart.h.
 */
#ifndef MEASURE_CHART_FOREST_H
#define MEASURE_CHART_FOREST_H

#include "measure/chart.h"

struct forest_row {
	const char	*name;
	double		 estimate, lower, upper;	/* NAN: a dash */
	double		 margin;	/* NAN: none; the dashed line */
	int		 style;
	bool		 plain;		/* a level, not a difference: no signs */
	double		 pulled;	/* NAN: none; a shrunken figure, a thick mark */
};

/* Line at 0, dashed at the margin; the numbers stand beside each row. */
struct scene	*chart_forest(void *ctx, const json_t *spec, const struct forest_row *,
		    size_t count);

#endif
