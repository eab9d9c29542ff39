/* preview_run.h - what the coming days would bring, as one JSON object, and
 * that as text and as a calendar.
 *
 *   from, until   the look: [from, until)
 *   assumes       in words
 *   contacts      messages; debtors: people
 *   by_day        [{ day, step, channel, tone, contacts }]
 *   moved         [{ from, to, why, contacts }]     whole days, by closed ones
 *   held          [{ reason, says, debtors }]       people without a message
 *   handed_over   [{ day, debtors, invoices }]
 *   cost          { currency, total, channels: [{ channel, unit, units, price,
 *                   cost }] }                        amounts as texts
 *   samples       [{ step, channel, language, tone, sms_parts, subject, text }]
 *                 the first of its kind; its link leads nowhere
 *   approval      { id, expires_at, contacts, author }, or null: nobody asked
 *   list          [{ creditor, debtor, step, channel, tone, day, at, fee,
 *                   deadline_on|null }], only when asked for
 *
 * The workspace is only read; with an author the preview itself is kept, so
 * that somebody else can approve it (approve_run.h).  It stands for the contacts
 * planned until it expires.
 *
 * Memory:  *out is a new reference.
 */
#ifndef ENGINE_PREVIEW_RUN_H
#define ENGINE_PREVIEW_RUN_H

#include <jansson.h>

#include "base/str.h"
#include "engine/forward.h"

#define PREVIEW_TEXT_BYTES_MAX (4 * 1024 * 1024)

struct preview_options {
	instant_t			 now;
	int				 days;		/* after the rest of today */
	const struct forward_options	*runs;		/* its runs only; NULL: always */
	const char			*schedule;	/* name or file that all open cases
							 * are put on; NULL: as they are */
	const char			*author;	/* NULL: not kept */
	bool				 list;
	void				(*progress)(void *arg, instant_t);
	void				*arg;
};

/* `dir`: the workspace. */
bool	preview_run(const char *dir, const struct preview_options *, json_t **out, struct err *);

/* Pure: the object above. */
void	preview_text(const json_t *preview, struct str *out);
/* One all-day event for each day with messages (RFC 5545). */
void	preview_ics(const json_t *preview, struct str *out);

#endif
