/* page.h - the texts of the debtor's pages: loaded, checked, rendered.
 *
 * A page is templates/page/LANG/NAME.mustache; files whose name begins with
 * "_" are partials of the same language.  All pages of all languages must be
 * there and every name in them known, else the library does not close: a text
 * with a mistake is found when the server starts, not when a debtor looks.
 *
 * Memory:  everything is a talloc child of `ctx`.
 * Threads: read only once closed.
 * Errors:  ERR_INPUT names file, line and column.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct err;
struct page_facts;
struct page_library;

#define PAGE_BYTES_MAX (50 * 1000)	/* one page, style sheet aside */
#define PAGE_LANGS_MAX 16
#define PAGE_STYLE_PATH "templates/page/purr.css"

enum page_name {
	PAGE_PAY, PAGE_LATER, PAGE_PARTS, PAGE_PAID, PAGE_WRONG, PAGE_WRONG_CHECK,
	PAGE_HELP, PAGE_DONE, PAGE_RATE, PAGE_RATED, PAGE_SETTLED, PAGE_PASSED,
	PAGE_UNSUBSCRIBE, PAGE_UNSUBSCRIBED,
	PAGE_GONE, PAGE_TROUBLE, PAGES
};

struct page_library	*page_library_new(void *ctx);

/* One file of templates/page/: `path` as in the asset table.  The text is
 * copied. */
bool	page_library_add(struct page_library *, const char *path, const char *text,
	    size_t len, struct err *);
/* All files of templates/page/ that travel inside the program. */
bool	page_library_add_assets(struct page_library *, struct err *);
bool	page_library_close(struct page_library *, struct err *);

bool		 page_has_lang(const struct page_library *, const char *lang);
struct view	 page_style(const struct page_library *);
const char	*page_style_url(const struct page_library *);	/* with its version */

/* Appends the page to `out`. */
bool	page_render(const struct page_library *, enum page_name, const char *lang,
	    const struct page_facts *, struct str *out, struct err *);

#endif
