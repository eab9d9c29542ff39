/* said.h - what providers say by themselves: receipts of messages, and what debtors
 * wrote; and the last two states of a contact, which come of the former.
 *
 * Memory, threads, errors: as store.h.
 */
#ifndef STORE_SAID_H
#define STORE_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/word.h"

struct err;
struct store;

struct receipt_record {
	int64_t		 contact_id;
	const char	*provider, *provider_id;
	const char	*state;		/* "on_its_way", "delivered", "failed", "dead" */
	const char	*code;
	instant_t	 said_at, taken_at;
};
/* *added false: it was said before. */
bool	said_add_receipt(struct store *, const struct receipt_record *, bool *added, struct err *);
/* The receipt of a contact that decides: dead, failed or delivered, the first said.
 * *found false: none does yet. */
bool	said_deciding_receipt(struct store *, void *ctx, int64_t contact_id,
	    struct receipt_record *, bool *found, struct err *);

/* sent -> delivered; false in *changed when it is not sent any more. */
bool	said_delivered(struct store *, int64_t contact_id, instant_t, bool *changed, struct err *);
/* sent -> bounced: its steps are free again. */
bool	said_bounced(struct store *, int64_t contact_id, instant_t, const char *code,
	    bool *changed, struct err *);
#define SAID_STOPPED "stopped "		/* and the provider's code: no fault of the number */
#define SAID_OPTED_OUT "opted out"	/* the provider keeps a STOP of the number */
#define SAID_NOT_CALLED "not_called"	/* code of a call that nobody made: no fault of the number */

/* Messages that the address gave back since the last that arrived. */
bool	said_bounces(struct store *, int64_t address_id, int64_t *count, struct err *);

struct inbound_record {
	enum channel	 channel;
	const char	*provider, *provider_id, *sender, *recipient, *text;
	instant_t	 said_at, taken_at;
	bool		 stop;
	int64_t		 debtor_id, contact_id;		/* 0: none */
};
bool	said_add_inbound(struct store *, const struct inbound_record *, bool *added, struct err *);
/* Who wrote the message of that id; false in *found: there is none. */
bool	said_inbound_sender(struct store *, void *ctx, const char *provider, const char *provider_id,
	    char **sender, bool *found, struct err *);
/* What was written and is no debtor's, newest first, at most 1000. */
struct stranger_record {
	int64_t		 id;
	enum channel	 channel;
	const char	*sender, *recipient, *text;
	instant_t	 taken_at;
};
bool	said_by_strangers(struct store *, void *ctx, struct stranger_record **, size_t *count,
	    struct err *);

/* What a debtor answered to "how did we treat you?", 1 to 5. */
struct rating_record {
	int64_t		contact_id, debtor_id;
	instant_t	at;
	int		answer;
};
bool	said_add_rating(struct store *, const struct rating_record *, struct err *);
/* The last that was given by this link; 0: none. */
bool	said_rating(struct store *, int64_t contact_id, int64_t debtor_id, int64_t *answer,
	    struct err *);
/* The last answer of anyone of the debtor's unit from `since` on and before `before`; 0:
 * none. */
bool	said_unit_rating(struct store *, int64_t debtor_id, instant_t since, instant_t before,
	    int64_t *answer, struct err *);

/* Whom a creditor writes to at that address (current), one per creditor; and the last
 * message that left for it, 0: none. */
struct address_holder {
	int64_t	creditor_id, debtor_id, address_id, contact_id;
};
bool	said_holders(struct store *, void *ctx, enum channel, const char *value,
	    struct address_holder **, size_t *count, struct err *);


/* How many messages left by a channel, and how many of them brought about something:
 * the link was used, an answer, money within 14 days and before the next one. */
struct habit_record {
	enum party	party;		/* of all; unset for a debtor */
	enum channel	channel;
	int64_t		tried, reacted;
};
bool	said_habits(struct store *, void *ctx, int64_t debtor_id, instant_t now,
	    struct habit_record **, size_t *count, struct err *);
/* Of the newest `many` messages, those whose 14 days are over. */
bool	said_habits_of_all(struct store *, void *ctx, int64_t many, instant_t now,
	    struct habit_record **, size_t *count, struct err *);
/* When a debtor has used a link or written, newest first, at most 20. */
bool	said_acted_at(struct store *, void *ctx, int64_t debtor_id, instant_t now, instant_t **,
	    size_t *count, struct err *);
/* The channel of a debtor's last answer; false in *found: there was none. */
bool	said_last_reply(struct store *, int64_t debtor_id, instant_t now, enum channel *,
	    bool *found, struct err *);

/* Calls made into tasks before then, of which nobody has said what came. */
bool	said_calls_before(struct store *, void *ctx, instant_t, int64_t **ids, size_t *count,
	    struct err *);

/* And those that must not be made any more: held, paid in part or whole, or the number closed. */
bool	said_calls_overtaken(struct store *, void *ctx, instant_t now, int64_t **ids,
	    size_t *count, struct err *);

/* The newest e-mails to an address; and all since then, newest first. */
bool	said_mails_to(struct store *, void *ctx, const char *address, int64_t **ids, size_t *count,
	    struct err *);
bool	said_mails_since(struct store *, void *ctx, instant_t since, int64_t **ids, size_t *count,
	    struct err *);
/* The address as a ledger has it, whatever the case of its letters; *known false: none
 * has it, and *out is what was asked. */
bool	said_mail_address(struct store *, void *ctx, const char *address, char **out, bool *known,
	    struct err *);

#endif
