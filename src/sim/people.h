/* people.h - who lives in a simulation: creditors, debtors, what they owe.
 *
 * All of it is a function of the seed and of the number of debtors.  A share of
 * the debtors is of each party; some live in another country than their
 * creditor, some share an address with somebody else, some have none.
 *
 * Units:   minor units; days are civil days in the creditor's zone.
 * Memory:  children of the context given.
 */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/cfg.h"
#include "model/ledger.h"
#include "sim/dice.h"

#define PERSON_BILLS_MAX 4
#define HOMES_MAX CFG_CREDITORS_MAX

/* A creditor, and what most of its debtors have in common. */
struct home {
	const char	*creditor;		/* its section in purr.conf */
	const char	*country, *zone, *lang;
	const char	*phone;			/* how a mobile number begins */
	char		 currency[CURRENCY_BYTES];
	bool		 business;		/* its debtors are companies */
	int64_t		 creditor_id;		/* in the store */
};

struct person {
	int		home;
	enum party	party;
	int32_t		first_bill;
	int		bill_count;
};

struct bill {
	int32_t		person;
	char		currency[CURRENCY_BYTES];
	int64_t		amount_minor;
	day_t		issued_on, due_on;
	day_t		known_on;		/* the ledger tells of it */
};

struct people {
	struct dice	 dice;
	struct home	 homes[HOMES_MAX];
	size_t		 home_count;
	struct person	*persons;
	int32_t		 count;
	struct bill	*bills;
	int32_t		 bill_count;
};

/* The text of a purr.conf with a creditor for each schedule that travels with
 * the program and whose debtors it knows how to make. */
char	*people_settings(void *ctx);

void	people_make(struct people *, void *ctx, const struct cfg *, uint64_t seed,
	    int32_t count, day_t first_on, int days);

#define PEOPLE_ID_BYTES 16
void	person_id(int32_t person, char out[PEOPLE_ID_BYTES]);		/* "K000017" */
int32_t	person_of_id(const char *id);					/* -1: nobody */
void	bill_id(int32_t bill, char out[PEOPLE_ID_BYTES]);		/* "F0000017" */

/* The row of the ledger; texts are children of `ctx`. */
void	bill_row(const struct people *, void *ctx, int32_t bill, struct invoice_row *);

#endif
