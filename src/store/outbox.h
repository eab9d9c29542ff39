/* outbox.h - decisions, contacts from planned to their end, links.
 *
 * Every change of a contact's state goes through here and is refused unless
 * contact_may_become() (model/contact.h) allows it; results of a send are
 * written only where the lease token still matches.
 *
 * Units, memory, errors: as store.h.  Calls that may find the contact changed
 * meanwhile say so in a bool, which is not an error.
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include <stddef.h>

#include "base/date.h"
#include "model/contact.h"
#include "model/word.h"
#include "store/store.h"

struct decision_record {
	int64_t		 id, debtor_id;
	instant_t	 at;
	const char	*result;
	const char	*facts, *answer;	/* decide/frozen.h */
	const char	*pack_hash, *calendar_hash, *experiment_hash, *zone_data;
};

bool	outbox_add_decision(struct store *, const struct decision_record *, int64_t *id,
	    struct err *);
bool	outbox_get_decision(struct store *, void *ctx, int64_t id, struct decision_record *,
	    struct err *);
/* All of a debtor, oldest first. */
bool	outbox_decisions(struct store *, void *ctx, int64_t debtor_id, int64_t **ids,
	    size_t *count, struct err *);
/* Of everybody, by id, from `after` (exclusive) on. */
bool	outbox_all_decisions(struct store *, void *ctx, int64_t after, int max, int64_t **ids,
	    size_t *count, struct err *);
/* The newest of a debtor; id 0: none yet. */
bool	outbox_last_decision(struct store *, void *ctx, int64_t debtor_id, int64_t *id,
	    char **result, struct err *);

struct contact_record {
	int64_t			 id, creditor_id, debtor_id, decision_id, address_id;
	enum channel		 channel;
	const char		*step, *template, *lang, *lease_token, *reason, *worker;
	enum tone		 tone;
	bool			 legal_notice;
	enum contact_state	 state;
	instant_t		 planned_at, ripe_at, expires_at, armed_at, sent_at;
	day_t			 deadline_on;
	int			 attempt;
	int			 outcome_code;
	const char		*templates_hash;
	int64_t			 assignment_id;	/* whose arm chose the tone; 0: none */
	int64_t			 waits_for;	/* the run of which a person must say yes, 0: none */
};

struct contact_case_record {
	int64_t		 case_id, invoice_id;	/* the carrying invoice */
	int64_t		 fee_minor;
	const char	*step;
	bool		 void_;
};

struct contact_invoice_record {
	int64_t	invoice_id;
	int64_t	balance_minor;
	bool	counts;
	int64_t	interest_minor, compensation_minor;	/* that the contact adds */
};

bool	outbox_add_contact(struct store *, const struct contact_record *, int64_t *id,
	    struct err *);
/* ERR_REFUSED when that step of that ladder is taken already. */
bool	outbox_add_case(struct store *, int64_t contact_id, const struct contact_case_record *,
	    struct err *);
bool	outbox_set_case_fee(struct store *, int64_t contact_id, int64_t case_id,
	    int64_t fee_minor, struct err *);
bool	outbox_clear_invoices(struct store *, int64_t contact_id, struct err *);
bool	outbox_put_invoice(struct store *, int64_t contact_id,
	    const struct contact_invoice_record *, struct err *);

bool	outbox_get(struct store *, void *ctx, int64_t id, struct contact_record *, struct err *);
bool	outbox_cases(struct store *, void *ctx, int64_t contact_id,
	    struct contact_case_record **, size_t *, struct err *);
bool	outbox_invoices(struct store *, void *ctx, int64_t contact_id,
	    struct contact_invoice_record **, size_t *, struct err *);

/* Planned contacts whose time has come and that wait for nobody, oldest first. */
bool	outbox_ripe(struct store *, void *ctx, instant_t now, int max, int64_t **ids,
	    size_t *count, struct err *);

/* Where the ledger and the holds stand now, to be compared with later. */
struct outbox_mark {
	int64_t	entry, hold;
};
bool	outbox_mark_now(struct store *, struct outbox_mark *, struct err *);
/* Has anything come in for an armed contact since that mark: money or a credit for what it
 * speaks of, a hold, an opt-out or a bounce of its address? */
bool	outbox_is_overtaken(struct store *, int64_t contact_id, const struct outbox_mark *,
	    bool *out, struct err *);

/* SMS that may have left or not, armed since then; how often their provider was asked. */
struct doubt_record {
	int64_t		 contact_id;
	const char	*to, *provider;		/* "": nobody knows which it was */
	const char	*ways;			/* which it may have been */
	instant_t	 armed_at;
	int64_t		 times;
};
bool	outbox_in_doubt(struct store *, void *ctx, instant_t since, struct doubt_record **,
	    size_t *count, struct err *);
bool	outbox_asked(struct store *, int64_t contact_id, instant_t at, struct err *);

/* All contacts of a debtor, dropped ones too, oldest first. */
bool	outbox_ever(struct store *, void *ctx, int64_t debtor_id, int64_t **ids,
	    size_t *count, struct err *);

/* A debtor's contacts that did not end before the wire, newest first. */
#define OUTBOX_BRIEFS_MAX 200
struct contact_brief {
	int64_t			id;
	enum contact_state	state;
	enum channel		channel;
	instant_t		at;		/* sent, else armed, else 0 */
	const char		*step;
	instant_t		planned_at;
	bool			other;		/* of another debtor at the same address */
};
bool	outbox_of_debtor(struct store *, void *ctx, int64_t debtor_id,
	    struct contact_brief **, size_t *, struct err *);
/* Those of all debtors of the creditor who share an e-mail address or telephone
 * with this one, too: gaps and caps belong to the person who reads them,
 * whatever the ledger calls them.  A house with many doors is no person. */
bool	outbox_of_address(struct store *, void *ctx, int64_t debtor_id,
	    struct contact_brief **, size_t *, struct err *);

/* Steps of a case's ladder that are taken for one invoice. */
struct step_taken {
	const char	*step;
	instant_t	 at;
	day_t		 deadline_on;
};
bool	outbox_steps_taken(struct store *, void *ctx, int64_t invoice_id, int64_t case_id,
	    struct step_taken **, size_t *, struct err *);

/* --- the send protocol ------------------------------------------------------------ */

struct contact_lease {
	const char	*worker, *token, *boot_id;
	instant_t	 until;
	const char	*ways;		/* providers of SMS and accounts; NULL, "": none */
};

/* How many parts an SMS is paid for as. */
bool	outbox_set_parts(struct store *, int64_t contact_id, int parts, struct err *);
bool	outbox_arm(struct store *, int64_t id, instant_t, const struct contact_lease *,
	    day_t deadline_on, int64_t decision_id, int64_t assignment_id,
	    const char *templates_hash, bool *armed, struct err *);
bool	outbox_postpone(struct store *, int64_t id, instant_t ripe_at, const char *reason,
	    struct err *);
bool	outbox_drop(struct store *, int64_t id, instant_t, const char *reason, struct err *);

struct contact_result {
	enum send_outcome	 outcome;
	int			 code;
	const char		*provider;	/* NULL: nobody knows */
	const char		*provider_id, *detail;
	instant_t		 retry_at;	/* SEND_LATER */
};

/* Writes an outcome where the token still matches; *recorded false: it does
 * not, somebody else has settled this contact. */
bool	outbox_record(struct store *, int64_t id, const char *token, instant_t,
	    const struct contact_result *, bool *recorded, struct err *);

/* A person (or the provider) says what became of an unknown contact. */
bool	outbox_resolve(struct store *, int64_t id, bool was_sent, instant_t,
	    const char *reason, bool *resolved, struct err *);

struct armed_contact {
	int64_t		 id;
	const char	*token, *boot_id, *worker;
	instant_t	 armed_at;
};
bool	outbox_armed_by(struct store *, void *ctx, const char *worker,
	    struct armed_contact **, size_t *, struct err *);
bool	outbox_armed_expired(struct store *, void *ctx, instant_t now,
	    struct armed_contact **, size_t *, struct err *);

/* The letter that this print house calls so; 0: none. */
bool	outbox_find_letter(struct store *, const char *provider, const char *provider_id,
	    int64_t *contact_id, struct err *);

/* First e-mail that this debtor got, for the thread; 0: none. */
bool	outbox_first_mail(struct store *, int64_t debtor_id, int64_t but, int64_t *out,
	    struct err *);

/* How many are planned, and when the first of them may go; 0 and 0: none. */
bool	outbox_planned(struct store *, int64_t *count, instant_t *first, struct err *);

/* --- links and forms --------------------------------------------------------------- */

bool	outbox_put_link(struct store *, const char *token_hash, int64_t contact_id,
	    int generation, const char *key_id, instant_t made_at, instant_t expires_at,
	    struct err *);
bool	outbox_find_link(struct store *, const char *token_hash, int64_t *contact_id,
	    instant_t *expires_at, struct err *);	/* contact 0: no such link */
/* The last message that was sent to somebody who still owes, and whose link
 * works at `now`; 0: none. */
bool	outbox_link_to_show(struct store *, instant_t now, int64_t *contact_id, struct err *);
bool	outbox_add_submission(struct store *, const char *key, int64_t contact_id,
	    const char *action, const char *receipt, instant_t, struct err *);
bool	outbox_find_submission(struct store *, void *ctx, const char *key, char **receipt,
	    struct err *);				/* NULL: none */

#endif
