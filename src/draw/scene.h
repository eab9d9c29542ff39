/* scene.h - a drawing as a list of marks, made once and written as SVG text or on
 * a page of paper (draw/paper.h).
 *
 * The same scene gives the same bytes.  In SVG it has presentation attributes and
 * real text, no script and no style, so that it needs no exception in a page's
 * content security policy; `currentColor` lets the page choose what ink is on its
 * paper.  A colour never stands alone: each style has its own dash and marker.
 *
 * Source:  M. Okabe, K. Ito, Color Universal Design (2008) for the colours; SVG 2
 *          and WAI-ARIA for role, title and description.
 * Units:   one unit is a CSS pixel; y grows downward; sizes of text are at least 12.
 * Memory:  a scene is a talloc child of the context given; texts are copied.
 * Threads: pure.
 * Errors:  none; coordinates must be finite (must()).
 */
#ifndef DRAW_SCENE_H
#define DRAW_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define SCENE_STYLES 8
#define SCENE_WIDTH 720.0

/* What something is drawn in: the page's ink, pale lines behind, a style's colour. */
enum ink { INK_TEXT, INK_GRID, INK_STYLE };

enum dash { DASH_NONE, DASH_PLAIN, DASH_OF_STYLE };

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

enum mark_kind { MARK_LINE, MARK_AREA, MARK_SPOT, MARK_TEXT };

struct point {
	double	x, y;
};

struct mark {
	enum mark_kind	 kind;
	enum ink	 ink;
	int		 style;		/* of INK_STYLE, from 0; a spot's shape */
	enum dash	 dash;		/* of a line */
	double		 width;		/* of a line; a spot's half; a text's size */
	double		 opacity;	/* of an area */
	bool		 bold;
	enum anchor	 anchor;
	struct point	*points;
	size_t		 count;
	const char	*text;
};

struct scene {
	double		 width, height;
	const char	*id;		/* begins the ids of its parts in a page */
	const char	*title;		/* states the finding */
	const char	*description;
	struct mark	*marks;
	size_t		 count;
};

struct scene	*scene_new(void *ctx, const char *id, const char *title,
		    const char *description, double height);

void	scene_line(struct scene *, double x1, double y1, double x2, double y2, enum ink,
	    bool dashed);
/* In a style's colour and dash, over a wider line of ink where the colour alone
 * would be too pale on white. */
void	scene_path(struct scene *, const struct point *, size_t count, int style);
void	scene_stroke(struct scene *, double x1, double y1, double x2, double y2, int style,
	    double width);
void	scene_area(struct scene *, const struct point *, size_t count, int style, double opacity);
void	scene_bar(struct scene *, double x, double y, double width, double height, int style,
	    double opacity);
void	scene_spot(struct scene *, double x, double y, double half, int style);
void	scene_text(struct scene *, double x, double y, enum anchor, double size, bool bold,
	    enum ink, const char *text);

/* How a mark is painted, for those who write scenes. */
struct paint {
	double		red, green, blue;
	bool		current;	/* the ink of the page */
	const char	*hex;
	double		dash[6];
	size_t		dash_count;
};
struct paint	scene_paint(const struct mark *);
/* The corners of a spot's shape; 0: a circle. */
size_t		scene_shape(const struct mark *, struct point out[12]);

void	scene_svg(const struct scene *, struct str *out);

#endif
