/* abode.h - in which time zones and states a debtor in the United States may
 * be, by what the ledger says: zone, state, ZIP code, area code of a telephone.
 *
 * Zones of a debtor there: those that the address gives (the ledger's zone; else
 * those of the state, and of the state of the ZIP code) and those of the state of
 * each telephone's area code.  All of them are candidates.  Nothing known: all
 * zones of the fifty states and D.C.  A state in two zones gives both.  A number
 * outside the North American plan, and one whose code belongs to no place (800),
 * says nothing.
 *
 * States: the one that the ledger names and that of the ZIP code; not that of a
 * telephone, which people keep when they move.  New York City ("NYC") is told by
 * the ZIP code; without one, whoever is in New York may be in it.
 *
 * Source:  from general knowledge; compared in tests with zipcodes and with the
 *          telephone data of libphonenumber.
 * Memory:  answers borrow from the table and hold their own texts.
 * Threads: pure.
 */
#ifndef BASE_ABODE_H
#define BASE_ABODE_H

#include <stdbool.h>
#include <stddef.h>

#define ABODE_COUNTRY "US"		/* the only one that is asked about here */
#define ABODE_ZONES_MAX 16		/* all of the table, and one of the ledger's */
#define ABODE_REGION_BYTES 48		/* "NY NYC"; every state of a ZIP prefix */

/* What told a zone. */
enum abode_teller {
	ABODE_BY_LEDGER = 1,
	ABODE_BY_ADDRESS = 2,
	ABODE_BY_PHONE = 4,
	ABODE_TELLERS = ABODE_BY_LEDGER | ABODE_BY_ADDRESS | ABODE_BY_PHONE,
};

struct abode_zone {
	const char	*name;		/* IANA */
	unsigned	 told_by;	/* bits of enum abode_teller; 0: nothing did */
};

struct abode {
	struct abode_zone	zones[ABODE_ZONES_MAX];
	size_t			zone_count;	/* at least 1 */
	char			region[ABODE_REGION_BYTES];	/* "": not known */
};

/* What the ledger knows; "" for what it does not. */
struct abode_question {
	const char		*zone;		/* that the ledger itself names */
	const char		*region;	/* "CA", "NYC" */
	const char		*postcode;	/* "10025", "10025-1234" */
	const char *const	*phones;	/* E.164 */
	size_t			 phone_count;
};

void	abode_find(const struct abode_question *, struct abode *);

/* A state, D.C. or a territory by its two letters, or "NYC". */
bool	abode_is_region(const char *name);

#endif
