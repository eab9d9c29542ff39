/* chart.h - axes, legends and lines of the reports' drawings.
 *
 * A drawing is made from a report's JSON object: from its figures, and from its
 * "charts", where title, description and the ticks of both axes stand, so that each
 * number that can be read in the picture stands in the object.
 *
 * Source:  step lines, bands and the table of those at risk as proposed by
 *          T. Morris et al., BMJ Open 9 (2019) e030215 (KMunicate).
 * Units:   values in the axis' own units; scene pixels (draw/scene.h).
 * Memory:  scenes are talloc children of the context given; chart_json() returns a
 *          new reference.
 * Threads: pure.
 */
#ifndef MEASURE_CHART_H
#define MEASURE_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/json_look.h"
#include "draw/scene.h"

struct chart_axis {
	double	lo, hi, step;
};

struct chart {
	struct scene		*scene;
	double			 left, right, top, bottom;	/* of the plot */
	struct chart_axis	 x, y;
};

/* From a round number below lo to one above hi, in at most `ticks` steps. */
struct chart_axis	chart_axis(double lo, double hi, int ticks);

/* The values at its steps; of NULL none. */
json_t	*chart_ticks(const struct chart_axis *);
/* {id, title, description, x: {label, ticks}, y: {label, ticks}} */
json_t	*chart_json(const char *id, const char *title, const char *description,
	    const char *x_label, const struct chart_axis *x, const char *y_label,
	    const struct chart_axis *y);

/* A scene of that height with the frame, the grid and the axes' texts.  `below`: room
 * under the axis; `flat`: the y axis has no ticks, its rows have names. */
struct chart	 chart_begin(void *ctx, const json_t *spec, double height, double left,
		    double right, double below, bool flat);
double		 chart_x(const struct chart *, double);
double		 chart_y(const struct chart *, double);
/* The next name of the line above the plot; *at: where it begins, 0 at first. */
void		 chart_legend(const struct chart *, double *at, int style, const char *name);

struct chart_point {
	double	x, y, lower, upper;		/* limits NAN: no band there */
};
/* Straight, or in steps that rise at each point; with its band. */
void		 chart_line(const struct chart *, const struct chart_point *, size_t count,
		    int style, bool steps);

#endif
