/* face.h - one paragraph in the font of our papers (inside draw/ only).
 *
 * Of the document, not of somebody's screen: no hinting, 72 points to the inch.
 *
 * Units:   points; width <= 0: not wrapped.
 * Memory:  g_object_unref() ends each.
 */
#ifndef DRAW_FACE_H
#define DRAW_FACE_H

#include <stdbool.h>

#include <pango/pangocairo.h>

PangoContext	*face_context(cairo_t *);
PangoLayout	*face_layout(PangoContext *, const char *text, double points, bool bold,
		    double width);
double		 face_height(PangoLayout *);

#endif
