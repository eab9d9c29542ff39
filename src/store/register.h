/* register.h - creditors, debtors, their addresses and contact units.
 *
 * Units, memory, errors: as store.h.  Texts in structs belong to the context
 * given.
 */
#ifndef STORE_REGISTER_H
#define STORE_REGISTER_H

#include <stddef.h>

#include "base/zone.h"
#include "model/ledger.h"
#include "store/store.h"

struct creditor_record {
	int64_t		 id;
	const char	*external_id, *name, *zone;
};

struct debtor_record {
	int64_t		 id, creditor_id, unit_id;
	const char	*external_id, *name, *lang, *country, *zone, *row_hash;
	const char	*schedule, *segment;	/* that the ledger names, "" */
	const char	*region, *postcode;	/* likewise */
	bool		 zone_given;		/* the ledger names the zone */
	enum party	 party;
	bool		 prefers_given;
	enum channel	 prefers;
	bool		 softened;		/* a person has the tone softened */
};

struct address_record {
	int64_t		 id;
	enum channel	 channel;
	const char	*value;
	bool		 verified, opted_out, bad;
};

/* Makes or updates; the id in *out. */
bool	register_put_creditor(struct store *, const char *external_id, const char *name,
	    const char *zone, int64_t *out, struct err *);
bool	register_get_creditor(struct store *, void *ctx, int64_t id,
	    struct creditor_record *, struct err *);

/* The external ids of creditors to whom something is owed. */
/* How many debtors each creditor has in each country. */
struct country_count {
	const char	*creditor, *country;
	int64_t		 debtors;
};
bool	register_countries(struct store *, void *ctx, struct country_count **, size_t *,
	    struct err *);
bool	register_creditors_owed(struct store *, void *ctx, const char ***, size_t *,
	    struct err *);

/* Which import tells what is still owed; the first one settles it.  *same is
 * false when `source` ("open_amount", "payments") is not that one. */
bool	register_balance_source(struct store *, int64_t creditor_id, const char *source,
	    bool *same, struct err *);

/* *out is 0 when there is none. */
bool	register_find_creditor(struct store *, const char *external_id, int64_t *out, struct err *);
bool	register_find_debtor(struct store *, int64_t creditor_id, const char *external_id,
	    int64_t *out, struct err *);
bool	register_get_debtor(struct store *, void *ctx, int64_t id, struct debtor_record *,
	    struct err *);

/* Sets it, and writes down who wanted it and why. */
bool	register_soften(struct store *, int64_t debtor_id, bool softened, const char *who,
	    const char *reason, instant_t, struct err *);

enum row_effect { ROW_UNCHANGED, ROW_NEW, ROW_CHANGED };

/* Books a register row with language, zone, and all that is still so filled in:
 * an address that it does not hold is not current any more, and keeps what is
 * known of it (opted out, bad) for when it comes back.  A new debtor joins
 * the unit of whoever shares one of its addresses, else founds one. */
bool	register_put_debtor(struct store *, int64_t creditor_id, const struct debtor_row *,
	    int64_t *id, enum row_effect *, struct err *);

/* Current addresses, oldest first. */
bool	register_addresses(struct store *, void *ctx, int64_t debtor_id,
	    struct address_record **, size_t *count, struct err *);
/* The creditor's other debtors who have one of its current e-mail addresses or
 * telephones, each once, by id.  A house with many doors is no person: letters
 * do not count. */
bool	register_sharers(struct store *, void *ctx, int64_t debtor_id, int64_t **ids,
	    size_t *count, struct err *);
bool	register_get_address(struct store *, void *ctx, int64_t id,
	    struct address_record *, struct err *);
/* The address itself and the same one of the creditor's other debtors, where
 * nobody has opted out yet. */
struct address_twin {
	int64_t	address_id, debtor_id;
};
bool	register_twins(struct store *, void *ctx, int64_t address_id, bool opted_out,
	    struct address_twin **, size_t *count, struct err *);
bool	register_opt_in(struct store *, int64_t address_id, struct err *);
bool	register_opt_out(struct store *, int64_t address_id, instant_t, struct err *);

/* The provider says that it will never be reached: for none of the creditor's
 * debtors who have it, nor for who comes with it later. */
bool	register_mark_bad(struct store *, int64_t address_id, instant_t, struct err *);

/* Or it is reached again, or was closed by mistake: for all who have it. */
bool	register_mark_works(struct store *, int64_t address_id, struct err *);
/* Somebody else's: that debtor is not reached by it, by whatever channel. */
bool	register_mark_strangers(struct store *, int64_t address_id, instant_t, struct err *);

bool	register_unit_public_id(struct store *, void *ctx, int64_t unit_id, char **,
	    struct err *);

#endif
