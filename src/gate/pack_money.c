/* pack_money.c - see pack.h: what a pack lets a claim cost. */
#include "gate/pack.h"

#include <string.h>

/* Of values of one rule the workspace's own stands for the pack's on the days
 * for which it is given. */
static bool is_replaced(const struct pack *pack, const struct fee_rule *fee, enum party party,
    enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->fee_count && fee->replaces[0] == '\0'; i++)
		if (strcmp(pack->fees[i].replaces, fee->rule.id) == 0 &&
		    rule_applies(&pack->fees[i].rule, party, role, region, on))
			return true;
	return false;
}

const struct fee_rule *pack_fee_of_kind(const struct pack *pack, enum fee_kind kind,
    enum party party, enum role role, const char *region, const char *currency, day_t on)
{
	const struct fee_rule *best = NULL;

	for (size_t i = 0; i < pack->fee_count; i++) {
		const struct fee_rule *f = &pack->fees[i];

		if ((f->kinds >> kind & 1) && strcmp(f->currency, currency) == 0 &&
		    rule_applies(&f->rule, party, role, region, on) &&
		    (best == NULL || f->max_minor < best->max_minor) &&
		    !is_replaced(pack, f, party, role, region, on))
			best = f;
	}
	return best;
}

const struct fee_rule *pack_fee(const struct pack *pack, enum party party, enum role role,
    const char *region, const char *currency, day_t on)
{
	return pack_fee_of_kind(pack, FEE_REMINDER, party, role, region, currency, on);
}

int64_t band_cap(const struct band *bands, size_t count, int64_t principal_minor)
{
	int64_t lowest = INT64_MAX;

	for (size_t i = 0; i < count; i++) {
		if (principal_minor > 0 && principal_minor <= bands[i].up_to_minor)
			return bands[i].max_minor;
		if (bands[i].max_minor < lowest)
			lowest = bands[i].max_minor;
	}
	return lowest;
}

int64_t fee_cap(const struct fee_rule *fee, int64_t principal_minor)
{
	return fee->band_count == 0 ? fee->max_minor :
	    band_cap(fee->bands, fee->band_count, principal_minor);
}

const struct total_rule *pack_total(const struct pack *pack, enum party party, enum role role,
    const char *region, const char *currency, int64_t principal_minor, day_t on)
{
	const struct total_rule *best = NULL;

	for (size_t i = 0; i < pack->total_count; i++) {
		const struct total_rule *t = &pack->totals[i];

		if (strcmp(t->currency, currency) == 0 &&
		    rule_applies(&t->rule, party, role, region, on) && (best == NULL ||
		    band_cap(t->bands, t->band_count, principal_minor) <
		    band_cap(best->bands, best->band_count, principal_minor)))
			best = t;
	}
	return best;
}

/* --- interest ---------------------------------------------------------------- */

int interest_rate_bp(const struct interest_rule *rule, day_t on)
{
	const struct interest_rate *found = NULL;

	for (size_t i = 0; i < rule->rate_count; i++) {
		const struct interest_rate *r = &rule->rates[i];

		if (on >= r->from && on <= r->to && (found == NULL || r->local))
			found = r;
	}
	return found == NULL ? -1 : found->reference_bp + rule->margin_bp;
}

const struct interest_rule *pack_interest(const struct pack *pack, enum party party,
    enum role role, const char *region, day_t on)
{
	const struct interest_rule *best = NULL;

	for (size_t i = 0; i < pack->interest_count; i++) {
		const struct interest_rule *r = &pack->interests[i];

		if (rule_applies(&r->rule, party, role, region, on) &&
		    (best == NULL || r->margin_bp < best->margin_bp))
			best = r;
	}
	return best;
}

const struct allocation_rule *pack_allocation(const struct pack *pack, enum party party,
    enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->allocation_count; i++)
		if (rule_applies(&pack->allocations[i].rule, party, role, region, on))
			return &pack->allocations[i];
	return NULL;
}

/* --- what is missing ---------------------------------------------------------- */

/* Is there a value for all whom a fee that has run out bound? */
static bool is_followed(const struct pack *pack, const struct fee_rule *old, day_t on)
{
	for (size_t i = 0; i < pack->fee_count; i++) {
		const struct fee_rule *f = &pack->fees[i];

		if ((f->kinds & old->kinds) == old->kinds &&
		    (f->rule.parties & old->rule.parties) == old->rule.parties &&
		    (f->rule.roles & old->rule.roles) == old->rule.roles &&
		    strcmp(f->currency, old->currency) == 0 && f->rule.valid_from <= on &&
		    (f->rule.valid_to == DAY_NONE || f->rule.valid_to >= on))
			return true;
	}
	return false;
}

const struct rule *pack_missing_next(const struct pack *pack, size_t *at, day_t on)
{
	while (*at < pack->interest_count) {
		const struct interest_rule *r = &pack->interests[(*at)++];

		if (interest_rate_bp(r, on) < 0)
			return &r->rule;
	}
	while (*at < pack->interest_count + pack->fee_count) {
		const struct fee_rule *f = &pack->fees[(*at)++ - pack->interest_count];

		if (f->replaces[0] == '\0' && !is_followed(pack, f, on))
			return &f->rule;
	}
	return NULL;
}
