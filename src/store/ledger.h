/* ledger.h - invoices, what changes their balance, cases and holds.
 *
 * The balance of an invoice is the sum of its entries; the schema keeps it so
 * (a trigger), entries are never changed or deleted.
 *
 * Units, memory, errors: as store.h.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include <stddef.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"
#include "store/store.h"

#define INVOICE_OPEN "open"
#define INVOICE_HANDED_OVER "handed_over"
#define INVOICE_CLOSED "closed"

struct invoice_record {
	int64_t		 id, creditor_id, debtor_id, case_id;	/* case 0: none yet */
	const char	*external_id, *reference, *subject, *state, *row_hash;
	const char	*schedule;	/* that the ledger names for it, "" */
	const char	*schedule_by;	/* which level chose its case: see choice.h */
	char		 currency[CURRENCY_BYTES];
	day_t		 issued_on, due_on;
	int64_t		 balance_minor;
	int64_t		 principal_minor, charged_minor;	/* ledger_invoices_of_case()
								 * only: less credits; fees,
								 * interest, waivers */
	bool		 is_credit;
};

struct entry_new {
	int64_t		 invoice_id;
	enum entry_type	 type;
	int64_t		 amount_minor;		/* signed: what it adds to the balance */
	day_t		 value_on;
	instant_t	 booked_at;
	int64_t		 payment_id, contact_id;	/* 0: none */
	const char	*source;
};

/* out->id is 0 when there is none. */
bool	ledger_find_invoice(struct store *, void *ctx, int64_t creditor_id,
	    const char *external_id, struct invoice_record *out, struct err *);
bool	ledger_get_invoice(struct store *, void *ctx, int64_t id, struct invoice_record *,
	    struct err *);
/* A debtor's invoices with compensation booked on them that was not waived. */
struct compensation_record {
	int64_t		 invoice_id, balance_minor, booked_minor;
	const char	*number;
	char		 currency[CURRENCY_BYTES];
};
bool	ledger_compensations(struct store *, void *ctx, int64_t debtor_id,
	    struct compensation_record **, size_t *, struct err *);

/* By payment reference: 0 when none or when two debtors share it. */
bool	ledger_find_reference(struct store *, int64_t creditor_id, const char *reference,
	    int64_t *invoice_id, struct err *);
bool	ledger_add_invoice(struct store *, const struct invoice_record *, int64_t *id,
	    struct err *);
bool	ledger_update_invoice(struct store *, const struct invoice_record *, struct err *);
bool	ledger_set_state(struct store *, int64_t invoice_id, const char *state, struct err *);
bool	ledger_add_entry(struct store *, const struct entry_new *, struct err *);
bool	ledger_principal(struct store *, int64_t invoice_id, int64_t *out, struct err *);
bool	ledger_fees(struct store *, int64_t invoice_id, int64_t *out, struct err *);
/* Fees and interest booked on an invoice, oldest first. */
struct charge_record {
	enum entry_type	type;		/* ENTRY_FEE or ENTRY_INTEREST */
	int64_t		amount_minor;
	day_t		value_on;
	bool		compensation;	/* a fee: the fixed sum that the law gives */
};
#define LEDGER_COMPENSATION "compensation"	/* source of such an entry */
bool	ledger_charges(struct store *, void *ctx, int64_t invoice_id, struct charge_record **,
	    size_t *, struct err *);
/* The numbers of a debtor's oldest invoices that are owed, with ", " between; "" for none. */
bool	ledger_numbers(struct store *, void *ctx, int64_t debtor_id, const char **, struct err *);
/* How many invoices of a debtor in that state are not paid. */
bool	ledger_owes(struct store *, int64_t debtor_id, const char *state, int64_t *count,
	    struct err *);
/* Sum of the credits (allocations) on an invoice that one source booked. */
bool	ledger_allocated_by(struct store *, int64_t invoice_id, const char *source,
	    int64_t *out, struct err *);
bool	ledger_credited_by(struct store *, int64_t invoice_id, const char *source,
	    int64_t *out, struct err *);

/* Open invoices with a balance, oldest due first. */
bool	ledger_invoices_of_case(struct store *, void *ctx, int64_t case_id,
	    struct invoice_record **, size_t *, struct err *);
/* The same over all of a debtor's cases in one currency. */
bool	ledger_invoices_of_debtor(struct store *, void *ctx, int64_t debtor_id,
	    const char *currency, struct invoice_record **, size_t *, struct err *);
bool	ledger_open_of_creditor(struct store *, void *ctx, int64_t creditor_id,
	    struct invoice_record **, size_t *, struct err *);	/* id, external_id */

/* The invoice of which a credit's row says that it credits it; "": of none. */
bool	ledger_name_credited(struct store *, int64_t credit_id, const char *number, struct err *);

struct payment_new {
	int64_t		 creditor_id, debtor_id;	/* debtor 0: not known */
	const char	*external_id;
	const char	*invoice, *reference, *debtor;	/* as the row names them; NULL: not */
	char		 currency[CURRENCY_BYTES];
	int64_t		 amount_minor;
	day_t		 paid_on;
	instant_t	 booked_at;
};

bool	ledger_add_payment(struct store *, const struct payment_new *, int64_t *id, struct err *);
struct payment_record {
	int64_t		 id, debtor_id;			/* debtor 0: not known */
	char		 currency[CURRENCY_BYTES];
	int64_t		 amount_minor, unallocated_minor;
	day_t		 paid_on;
	const char	*invoice, *reference, *debtor;	/* of ledger_waiting() and _get_payment() */
	const char	*external_id;			/* of ledger_get_payment() ... */
	int64_t		 creditor_id;			/* ... only */
};
/* out->id is 0 when there is none. */
bool	ledger_find_payment(struct store *, int64_t creditor_id, const char *external_id,
	    struct payment_record *out, struct err *);
/* One that is there. */
bool	ledger_get_payment(struct store *, void *ctx, int64_t id, struct payment_record *,
	    struct err *);
/* What is left of it is nobody's: paid back, or booked by mistake. */
bool	ledger_return_payment(struct store *, int64_t id, struct err *);
/* Is anything of any payment to this creditor not placed? */
bool	ledger_some_loose(struct store *, int64_t creditor_id, bool *, struct err *);
/* Payments with something left that belong to the debtor, or name the debtor
 * or one of the debtor's invoices; in the order in which they were booked. */
bool	ledger_waiting(struct store *, void *ctx, int64_t debtor_id, struct payment_record **,
	    size_t *, struct err *);
/* Whose it is, once known; nothing happens when some of it is placed already. */
bool	ledger_own_payment(struct store *, int64_t payment_id, int64_t debtor_id, struct err *);
/* Moves money of a payment to an invoice: entry and remainder in one. */
bool	ledger_allocate(struct store *, int64_t payment_id, int64_t invoice_id,
	    int64_t amount_minor, day_t value_on, instant_t, struct err *);
/* What a debtor has paid and nothing was asked for, by currency. */
struct credit_record {
	char	currency[CURRENCY_BYTES];
	int64_t	minor;
};
bool	ledger_in_favour(struct store *, void *ctx, int64_t debtor_id, struct credit_record **,
	    size_t *, struct err *);
/* A payment, a credit or an overpaid invoice with something left over. */
bool	ledger_has_loose_money(struct store *, int64_t debtor_id, bool *, struct err *);

/* A debtor's invoices and credits in one currency that are not even, or on
 * which credits were moved; oldest due first. */
struct netting_record {
	int64_t	id, balance_minor;
	int64_t	moved_minor;		/* sum of its entries of that source */
	int64_t	names_id;		/* the invoice that a credit names, 0: none known */
	bool	open;
};
bool	ledger_netting(struct store *, void *ctx, int64_t debtor_id, const char *currency,
	    struct netting_record **, size_t *, struct err *);

/* --- cases -------------------------------------------------------------------- */

struct case_record {
	int64_t		 id, debtor_id;
	char		 currency[CURRENCY_BYTES];
	const char	*schedule_name;		/* of the file, without its ending */
	const char	*schedule_hash;
	bool		 open;
};

/* The one on that schedule, whatever its version; 0: there is none. */
bool	ledger_open_case(struct store *, int64_t debtor_id, const char *currency,
	    const char *schedule_name, int64_t *out, struct err *);
bool	ledger_add_case(struct store *, int64_t creditor_id, int64_t debtor_id,
	    const char *currency, const char *schedule_name, const char *schedule_hash,
	    instant_t, int64_t *id, struct err *);
/* Invoices that are owed and in no open case, oldest due first: id, schedule, and the closed
 * case that they are in, 0 for none. */
bool	ledger_without_case(struct store *, void *ctx, int64_t debtor_id, const char *currency,
	    struct invoice_record **, size_t *, struct err *);
bool	ledger_set_case(struct store *, int64_t invoice_id, int64_t case_id,
	    const char *schedule_by, struct err *);
/* An invoice leaves a case for another: what was done and said there holds on. */
bool	ledger_stood_in(struct store *, int64_t invoice_id, int64_t case_id, struct err *);
/* Open cases on a schedule, but for those on version `hash`; of one case or one
 * debtor where that is not 0; by debtor. */
bool	ledger_cases_on_schedule(struct store *, void *ctx, const char *name,
	    const char *hash, int64_t case_id, int64_t debtor_id, struct case_record **,
	    size_t *, struct err *);
bool	ledger_set_version(struct store *, int64_t case_id, const char *schedule_hash,
	    struct err *);
/* The open ones, oldest first, at most LEDGER_CASES_MAX. */
#define LEDGER_CASES_MAX 16
bool	ledger_cases_of_debtor(struct store *, void *ctx, int64_t debtor_id,
	    struct case_record **, size_t *, struct err *);
bool	ledger_get_case(struct store *, void *ctx, int64_t id, struct case_record *, struct err *);
/* Closes the debtor's cases in which nothing is open any more. */
bool	ledger_close_settled(struct store *, int64_t debtor_id, instant_t, struct err *);
/* The reverse, where something is owed again in a closed case: a fee was booked
 * after the payment, a credit was taken back. */
bool	ledger_reopen_owing(struct store *, int64_t debtor_id, instant_t, struct err *);
/* The cases in which a debtor's invoices stood before they were closed and owed again. */
struct invoice_before {
	int64_t	invoice_id, case_id;
};
bool	ledger_cases_before(struct store *, void *ctx, int64_t debtor_id,
	    struct invoice_before **, size_t *, struct err *);
/* Something happened: look at the debtor's (creditor's) cases at `at`; with a
 * debtor at everybody who shares an e-mail address or telephone. */
bool	ledger_wake_debtor(struct store *, int64_t debtor_id, instant_t at, struct err *);
bool	ledger_wake_creditor(struct store *, int64_t creditor_id, instant_t at, struct err *);
bool	ledger_sleep_until(struct store *, int64_t debtor_id, instant_t at, struct err *);
/* Debtors whose case is to be looked at, sorted by id: those of the next `max`
 * cases after the sweep's mark, which moves behind them; each by the case that is
 * due first.  Costs what is ripe, whatever sleeps. */
struct ripe_sweep {
	instant_t	at;		/* begin with zeros */
	int64_t		debtor_id;
	bool		over;		/* set: nothing is left behind the mark */
};
bool	ledger_debtors_ripe(struct store *, void *ctx, instant_t now, struct ripe_sweep *,
	    int max, int64_t **ids, size_t *count, struct err *);
/* Still?  Another process may have looked meanwhile. */
bool	ledger_debtor_is_ripe(struct store *, int64_t debtor_id, instant_t now, bool *,
	    struct err *);
/* Fee-bearing messages to a debtor in the arrears of now, and when the last of
 * all left (0: none).  Arrears are one time as long as something is owed, also
 * over several cases and by invoices that were handed over: DK-FEE-3,
 * renteloven section 9 b(2), second sentence. */
bool	ledger_fees_in_arrears(struct store *, int64_t debtor_id, int *count, instant_t *last,
	    struct err *);

/* A person's yes to a step that asks for one. */
bool	ledger_approve(struct store *, int64_t case_id, int64_t invoice_id, const char *step,
	    const char *who, instant_t, bool *fresh, struct err *);
bool	ledger_approvals(struct store *, void *ctx, int64_t case_id, int64_t invoice_id,
	    const char ***steps, size_t *count, struct err *);

/* --- holds -------------------------------------------------------------------- */

struct hold_record {
	int64_t		 id;
	enum hold_scope	 scope;
	int64_t		 creditor_id, debtor_id, case_id, invoice_id;	/* 0: none */
	enum hold_type	 type;
	const char	*owner, *reason;
	instant_t	 from_at, until_at;		/* INSTANT_MAX: until released */
	instant_t	 released_at;			/* 0: not */
};

/* When it ends or ended. */
instant_t	hold_end(const struct hold_record *);
bool	ledger_add_hold(struct store *, const struct hold_record *, int64_t *id, struct err *);
bool	ledger_release_hold(struct store *, int64_t id, instant_t, bool *released, struct err *);
bool	ledger_get_hold(struct store *, void *ctx, int64_t id, struct hold_record *,
	    struct err *);
/* Holds whose end has come and has not been noticed yet, first ended first. */
bool	ledger_holds_over(struct store *, void *ctx, instant_t now, int max,
	    struct hold_record **, size_t *, struct err *);
bool	ledger_hold_over(struct store *, int64_t id, instant_t, struct err *);
/* One whose end has not been noticed ends then. */
bool	ledger_prolong_hold(struct store *, int64_t id, instant_t until, struct err *);
/* All holds ever, of the debtor and of the whole creditor. */
bool	ledger_holds(struct store *, void *ctx, int64_t creditor_id, int64_t debtor_id,
	    struct hold_record **, size_t *, struct err *);
bool	ledger_add_promise(struct store *, int64_t debtor_id, int64_t hold_id, day_t pay_on,
	    instant_t, struct err *);
bool	ledger_promises_since(struct store *, int64_t debtor_id, instant_t since,
	    int64_t *count, struct err *);
/* The day promised with a hold, DAY_NONE when it is not a promise. */
bool	ledger_promise_of(struct store *, int64_t hold_id, day_t *pay_on, struct err *);

#endif
