/* visit.h - one request on its way through the pages (inside web/ only).
 *
 * Memory:  a visit lives on the stack of site_answer(); everything it makes
 *          belongs to its `ctx`.
 */
#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include "web/page_facts.h"
#include "web/site.h"

struct locale;

struct visit {
	struct site		*site;
	const struct site_options *options;
	void			*ctx;
	const struct web_request *request;
	struct web_answer	*answer;
	const char		*lang;
	const struct locale	*locale;
	struct pay_view		 view;
	struct page_facts	 facts;
};

/* Takes `lang` when there are pages in it; false and unchanged else. */
bool	visit_speak(struct visit *, const char *lang);

/* Answers with a page. */
void	visit_show(struct visit *, int status, enum page_name);

/* The page that says what went wrong, by status. */
void	visit_trouble(struct visit *, int status);

/* The desk could not answer: logged, and told to the reader. */
void	visit_desk_failed(struct visit *, const struct err *);

/* The link's own state: limits, look-up, language.  False: an answer was
 * given.  An expired link is answered too unless `expired_too`. */
bool	visit_open(struct visit *, bool expired_too);

/* The two families of pages. */
void	pay_page_visit(struct visit *);
void	unsubscribe_visit(struct visit *);

#endif
