/* agenda.h - what people outside will do, in the order of time.
 *
 * A binary heap; two acts of the same instant come out in the order in which
 * they were put in, so that a run is the same twice.
 *
 * Units:   instants in UTC seconds.
 * Memory:  a talloc child of the context given to agenda_new().
 */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/secret.h"

enum act_kind {
	ACT_IMPORT,		/* the ledger tells of a bill */
	ACT_IMPORT_AGAIN,	/* the same row once more; number: days that it moved by */
	ACT_CREDIT,		/* a credit note for a bill; number: its share, basis points */
	ACT_PAY,		/* a person pays; detail: enum payment_way */
	ACT_BOOK,		/* the bank's file tells of it; number: minor units */
	ACT_LINK,		/* a person answers through a link; detail: enum pay_act */
	ACT_RELEASE,		/* somebody at the desk ends a hold; number: the hold */
	ACTS
};

enum payment_way { PAY_NAMED, PAY_BY_REFERENCE, PAY_DEBTOR_ONLY, PAY_NAMELESS, PAY_WAYS };

struct act {
	instant_t	at;
	int64_t		order;		/* set by agenda_put(): the number of the act */
	enum act_kind	kind;
	int32_t		person;
	int32_t		bill;		/* -1: all that the person has */
	int32_t		detail;
	int64_t		number;
	char		token[TOKEN_TEXT_BYTES];	/* of a link, "" */
};

struct agenda;

struct agenda	*agenda_new(void *ctx);
void		 agenda_put(struct agenda *, const struct act *);
/* The next one whose time is `until` or sooner; false: there is none. */
bool		 agenda_take(struct agenda *, instant_t until, struct act *);

const char	*act_name(enum act_kind);

#endif
