/* history.h - what only grows: events, policy versions, assignments, exposures,
 * tasks for people, import runs; and the counts that a summary tells.
 *
 * Units, memory, errors: as store.h.
 */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stddef.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"
#include "store/store.h"

/* Versions of what finance teams edit, by SHA-256 of their text. */
bool	history_put_policy(struct store *, const char *hash, const char *kind,
	    const char *name, const char *content, instant_t, struct err *);
bool	history_has_policy(struct store *, const char *hash, bool *, struct err *);
/* *content NULL: no such version. */
bool	history_get_policy(struct store *, void *ctx, const char *hash, char **content,
	    struct err *);

/* One change of state, who made it and why; data is JSON. */
struct event_new {
	instant_t	 at;
	const char	*kind;		/* "contact.sent", "hold.added" */
	const char	*who;		/* "engine", "debtor", a person's name */
	int64_t		 creditor_id, debtor_id, contact_id, invoice_id;	/* 0: none */
	const char	*data;		/* "{}" for nothing more */
};
bool	history_add_event(struct store *, const struct event_new *, struct err *);

struct event_record {
	instant_t	 at;
	const char	*kind, *who, *data;
	int64_t		 contact_id, invoice_id;
};
/* Newest first. */
bool	history_events(struct store *, void *ctx, int64_t debtor_id, int max,
	    struct event_record **, size_t *, struct err *);

/* What needs a person. */
bool	history_add_task(struct store *, int64_t creditor_id, int64_t debtor_id,
	    int64_t contact_id, const char *kind, const char *text, instant_t, struct err *);
/* About money that fits nothing (debtor 0: nobody's, so far); and the end of those tasks. */
bool	history_add_payment_task(struct store *, int64_t creditor_id, int64_t debtor_id,
	    int64_t payment_id, const char *kind, const char *text, instant_t, struct err *);
bool	history_end_payment_tasks(struct store *, int64_t payment_id, const char *who,
	    instant_t, struct err *);
/* All open ones of the kind; contact 0: whichever they are about. */
bool	history_task_done(struct store *, int64_t debtor_id, int64_t contact_id,
	    const char *kind, const char *who, instant_t, struct err *);
/* Somebody has seen to all open ones of a kind. */
bool	history_end_tasks(struct store *, int64_t debtor_id, const char *kind, const char *who,
	    instant_t, struct err *);
/* Debtors with an open task of that kind. */
bool	history_debtors_with_task(struct store *, void *ctx, const char *kind, int64_t **ids,
	    size_t *count, struct err *);
bool	history_task_is_open(struct store *, int64_t debtor_id, const char *kind, bool *,
	    struct err *);

/* Does the debtor wait for a person: a wish, words or a complaint without an answer? */
bool	history_waits_for_person(struct store *, int64_t debtor_id, bool *, struct err *);

/* One that is open; texts "" where a task is about no debtor.  `zone` is the
 * creditor's. */
struct task_record {
	int64_t		 id, creditor_id, debtor_id, contact_id;	/* 0: none */
	instant_t	 made_at;
	const char	*kind, *text, *creditor, *zone, *debtor, *name;
};
/* All open ones, oldest first. */
bool	history_open_tasks(struct store *, void *ctx, struct task_record **, size_t *,
	    struct err *);
/* Its ids alone; id 0: there is none of that number. */
bool	history_get_task(struct store *, int64_t id, struct task_record *, struct err *);
bool	history_end_task(struct store *, int64_t id, const char *who, instant_t, bool *ended,
	    struct err *);

struct import_record {
	const char	*kind, *file_hash, *profile_hash;
	instant_t	 at;
	int64_t		 rows_read, rows_new, rows_changed, rows_rejected;
};
bool	history_add_import(struct store *, const struct import_record *, struct err *);

/* --- experiments -------------------------------------------------------------------- */

struct assignment_new {
	const char	*experiment, *experiment_hash, *arm;
	const char	*templates_hash;	/* the texts then in force */
	int64_t		 unit_id, debtor_id, case_id;
	int		 bucket;
	instant_t	 at;
	day_t		 on;
	int64_t		 opening_minor;
	const char	*currency;
};
/* *id 0: the unit is not assigned. */
bool	history_find_assignment(struct store *, void *ctx, const char *experiment,
	    int64_t unit_id, int64_t *id, char **arm, struct err *);
bool	history_add_assignment(struct store *, const struct assignment_new *, int64_t *id,
	    struct err *);
bool	history_add_assignment_invoice(struct store *, int64_t assignment_id,
	    int64_t invoice_id, int64_t balance_minor, struct err *);
bool	history_add_exposure(struct store *, int64_t contact_id, int64_t assignment_id,
	    const char *tone, instant_t, struct err *);

struct assignment_record {
	int64_t		 id, debtor_id;
	const char	*arm, *experiment_hash, *templates_hash;
	instant_t	 at;
	day_t		 on;			/* of `at`, in the creditor's zone */
	int64_t		 opening_minor;
	const char	*currency, *zone;	/* the creditor's zone */
	instant_t	 exposed_at;		/* first toned message, 0: none left */
	bool		 delivered;		/* one of them has a receipt */
	bool		 softened;		/* one of them was softened by a person */
};
bool	history_assignments(struct store *, void *ctx, const char *experiment,
	    struct assignment_record **, size_t *, struct err *);
/* Two assignments, the earlier one first, whose units have by now a verified address in
 * common, as the register tells it today: it keeps no day on which it learnt so. */
struct assignment_twins {
	int64_t	id, other_id;
};
bool	history_assignment_twins(struct store *, void *ctx, const char *experiment,
	    struct assignment_twins **, size_t *, struct err *);

struct assignment_invoice_record {
	int64_t	invoice_id, balance_minor, debtor_id;
	bool	handed_over;
};
bool	history_assignment_invoices(struct store *, void *ctx, int64_t assignment_id,
	    struct assignment_invoice_record **, size_t *, struct err *);

/* What lowered the balance of an invoice, by value day. */
struct reduction {
	day_t		on;
	instant_t	booked_at;
	int64_t		minor;		/* negative: taken back, a payment that bounced */
	enum { REDUCED_BY_MONEY, REDUCED_BY_CREDIT, REDUCED_BY_WRITE_OFF } by;
};
bool	history_reductions(struct store *, void *ctx, int64_t invoice_id,
	    struct reduction **, size_t *, struct err *);
/* Instant of the first dispute on it (or on the debtor) since then, 0: none. */
bool	history_first_dispute(struct store *, int64_t invoice_id, int64_t debtor_id,
	    instant_t since, instant_t *, struct err *);
/* Instant of its first hand-over since then, 0: none. */
bool	history_first_hand_over(struct store *, int64_t invoice_id, int64_t debtor_id,
	    instant_t since, instant_t *, struct err *);
/* What was known of a unit when it was assigned. */
struct assignment_past {
	const char	*public_id, *lang;
	day_t		 due_on;		/* the oldest invoice of the opening balance */
	int64_t		 reminders;		/* that had left */
	int64_t		 earlier, on_time;	/* other invoices due before; paid by then */
};
bool	history_assignment_past(struct store *, void *ctx, int64_t assignment_id,
	    struct assignment_past *, struct err *);
/* What was done about a unit within so many seconds of its assignment: messages that
 * left by channel, in the order of model/word.h, an SMS by its parts, and tasks that were
 * made. */
struct assignment_touch {
	int64_t	sent[CHANNELS], tasks;
};
bool	history_assignment_touch(struct store *, int64_t assignment_id, int64_t seconds,
	    struct assignment_touch *, struct err *);
/* When money was last booked before that instant; 0: never. */
bool	history_last_booking(struct store *, instant_t before, instant_t *, struct err *);
/* Instants of the first since then for anyone of the debtor's unit, 0: none. */
bool	history_unit_first_hold(struct store *, int64_t debtor_id, const char *type,
	    instant_t since, instant_t *, struct err *);
bool	history_unit_first_complaint(struct store *, int64_t debtor_id, instant_t since,
	    instant_t *, struct err *);
bool	history_unit_first_opt_out(struct store *, int64_t debtor_id, instant_t since,
	    instant_t *, struct err *);
/* The start of a planned experiment; *at 0: it was not started. */
struct experiment_start {
	const char	*experiment, *hash, *who, *underpowered_ok, *plan;
	instant_t	 at;
};
bool	history_start_experiment(struct store *, const struct experiment_start *, struct err *);
bool	history_experiment_started(struct store *, const char *experiment, instant_t *at,
	    struct err *);
/* The hash of the version that was written down at its start; "": none was. */
bool	history_experiment_registered(struct store *, void *ctx, const char *experiment,
	    const char **hash, struct err *);
/* Experiment ids in use and the hash of the newest version. */
struct experiment_used {
	const char	*id, *hash;
};
bool	history_experiments(struct store *, void *ctx, struct experiment_used **, size_t *,
	    struct err *);

/* --- counts --------------------------------------------------------------------------- */

struct contact_count {
	const char	*step, *channel, *tone, *state;
	int64_t		 count;
};
bool	history_count_contacts(struct store *, void *ctx, struct contact_count **, size_t *,
	    struct err *);

struct word_count {
	const char	*word;
	int64_t		 count, debtors;	/* debtors: 0 where not counted */
};
bool	history_count_holds(struct store *, void *ctx, struct word_count **, size_t *, struct err *);
bool	history_count_decisions(struct store *, void *ctx, struct word_count **, size_t *,
	    struct err *);
bool	history_count_dropped(struct store *, void *ctx, struct word_count **, size_t *,
	    struct err *);
bool	history_count_tasks(struct store *, void *ctx, struct word_count **, size_t *, struct err *);
/* Settled invoices by the number of messages that had spoken of them. */
struct paid_count {
	int64_t	messages, invoices;
};
bool	history_count_paid(struct store *, void *ctx, struct paid_count **, size_t *, struct err *);
bool	history_count_paid_late(struct store *, int64_t *, struct err *);
bool	history_count_handed_over(struct store *, int64_t *, struct err *);
bool	history_count_ledger(struct store *, int64_t *debtors, int64_t *invoices,
	    int64_t *open_invoices, struct err *);

#endif
