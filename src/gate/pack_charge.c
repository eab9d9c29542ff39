/* pack_charge.c - reads the kinds of rule that let a claim cost something (see
 * pack.h).
 */
#include "gate/pack_read.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"

#define BANDS_MAX 20
#define RATES_MAX 200
#define MARGIN_BP_MAX 10000		/* 100 percent a year */
#define DAY_LAST INT32_MAX

/* --- limits that fees name --------------------------------------------------- */

static void fee_count_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->limits[r->limit_count++] = (struct limit){ *rule,
	    .value = (int)json_want_int(at, "max_count", 1, 100) };
}

static void fee_gap_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->limits[r->limit_count++] = (struct limit){ *rule, .is_gap = true,
	    .value = read_days(at, "min_gap_days"),
	    .exclusive = json_may_bool(at, "exclusive", false) };
}

static void limit_apply(struct json_at *at, const struct limit *limit, struct fee_rule *fee)
{
	const struct rule *l = &limit->rule, *f = &fee->rule;

	if ((l->parties & f->parties) != f->parties || (l->roles & f->roles) != f->roles ||
	    l->valid_from > f->valid_from || (l->valid_to != DAY_NONE &&
	    (f->valid_to == DAY_NONE || l->valid_to < f->valid_to)))
		json_fail(at, "the limit does not bind all whom the fee binds, all the time: "
		    "give it at least the fee's party, role, valid_from and valid_to");
	if (limit->is_gap) {
		fee->min_gap_days = limit->value;
		fee->gap_exclusive = limit->exclusive;
		fee->gap_rule = l;
	} else {
		fee->max_count = limit->value;
		fee->count_rule = l;
	}
}

/* Limits stand before the fees that name them. */
static void limits_read(struct reader *r, struct json_at *at, struct fee_rule *fee)
{
	struct json_at list = json_may_array(at, "limits");

	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);
		const char *id = json_as_string(&item);
		size_t k = 0;

		while (k < r->limit_count && strcmp(r->limits[k].rule.id, id) != 0)
			k++;
		if (k == r->limit_count)
			json_fail(&item, "no fee_count or fee_gap of that id stands above; write "
			    "it before the fee, or mend the id");
		else
			limit_apply(&item, &r->limits[k], fee);
	}
}

/* --- fees -------------------------------------------------------------------- */

static void currency_read(struct json_at *at, char out[CURRENCY_BYTES])
{
	const char *currency = json_want_string(at, "currency");

	if (currency_exponent(currency) < 0)
		json_fail(at, "'currency' is not one that is known; write DKK, EUR, ...");
	else
		memcpy(out, currency, CURRENCY_BYTES);
}

/* Each reaches further than the one before, the last has no end. */
static void band_read(struct json_at *item, const struct band *before, bool last,
    struct band *out)
{
	*out = (struct band){ .up_to_minor = INT64_MAX,
	    .max_minor = json_want_int(item, "max_minor", 0, MONEY_MINOR_MAX) };
	if (!last)
		out->up_to_minor = json_want_int(item, "up_to_minor", 1, MONEY_MINOR_MAX);
	if (before != NULL && out->up_to_minor <= before->up_to_minor)
		json_fail(item, "reaches no further than the one above; order them by "
		    "'up_to_minor'");
	json_close(item);
}

static const struct band *bands_read(struct reader *r, struct json_at *list, size_t *count)
{
	const size_t n = json_length(list);
	struct band *bands = talloc_zero_array(r->pack, struct band, (unsigned)n);

	must(bands != NULL);
	if (n > BANDS_MAX)
		json_fail(list, "more than %d bands; remove some", BANDS_MAX);
	for (size_t i = 0; i < n && n <= BANDS_MAX; i++) {
		struct json_at item = json_item(list, i);

		band_read(&item, i > 0 ? &bands[i - 1] : NULL, i + 1 == n, &bands[i]);
	}
	*count = n;
	return bands;
}

/* "max_minor", or "bands" by principal. */
static void amount_read(struct reader *r, struct json_at *at, struct fee_rule *fee)
{
	struct json_at list = json_may_array(at, "bands");

	if (list.value == NULL) {
		fee->max_minor = json_want_int(at, "max_minor", 0, MONEY_MINOR_MAX);
		return;
	}
	fee->bands = bands_read(r, &list, &fee->band_count);
	if (fee->band_count == 0)
		json_fail(&list, "is empty; give at least one band, or 'max_minor' instead");
	fee->max_minor = band_cap(fee->bands, fee->band_count, 0);
}

static void fee_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const kinds[] = { "reminder", "notice", "handover", "compensation",
	    NULL };
	struct fee_rule *fee = &r->fees[r->pack->fee_count++];

	*fee = (struct fee_rule){ *rule,
	    .kinds = read_words(at, "for", kinds),
	    .channels = read_channels_or_all(at, "channels"),
	    .max_count = PACK_COUNT_UNLIMITED,
	    .min_age_days = read_days_or_0(at, "min_age_days"),
	    .needs_agreement = json_may_bool(at, "needs_agreement", false),
	    .after_reminder = json_may_bool(at, "after_reminder", false),
	    .after_deadline = json_may_bool(at, "after_deadline", false),
	    .replaces = "" };
	if (r->format == 1 && (fee->kinds >> FEE_REMINDER & 1))
		fee->kinds |= 1u << FEE_NOTICE;
	currency_read(at, fee->currency);
	amount_read(r, at, fee);
	limits_read(r, at, fee);
}

static void fee_total_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	struct total_rule *total = &r->totals[r->pack->total_count++];
	struct json_at list = json_want_array(at, "bands");

	*total = (struct total_rule){ .rule = *rule };
	currency_read(at, total->currency);
	total->bands = bands_read(r, &list, &total->band_count);
	if (total->band_count == 0)
		json_fail(&list, "is empty; give at least one band");
}

/* --- interest, allocation ----------------------------------------------------- */

static void rate_read(struct reader *r, struct json_at *item, struct interest_rate *out)
{
	*out = (struct interest_rate){
	    .from = read_day(item, "from", json_want_string(item, "from")),
	    .to = read_day(item, "to", json_want_string(item, "to")),
	    .reference_bp = (int)json_want_int(item, "reference_bp", -MARGIN_BP_MAX,
	    MARGIN_BP_MAX),
	    .source = read_text(r, item, "source") };
	if (out->to < out->from)
		json_fail(item, "'to' lies before 'from'; swap them");
	json_close(item);
}

/* A table of half-years, or whatever periods. */
static void table_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const methods[] = { "floating", "fixed", NULL };
	struct json_at list = json_want_array(at, "rates");
	const size_t n = json_length(&list);
	struct interest_rate *rates;
	struct interest_rule *out = &r->interests[r->pack->interest_count++];

	*out = (struct interest_rule){ *rule,
	    .method = (enum interest_method)read_word(at, "method", methods),
	    .margin_bp = (int)json_want_int(at, "margin_bp", 0, MARGIN_BP_MAX),
	    .year_days = (int)json_want_int(at, "year_days", 360, 365) };
	if (out->year_days != 360 && out->year_days != 365)
		json_fail(at, "'year_days' is %d; give 365 or 360", out->year_days);
	if (n > RATES_MAX) {
		json_fail(&list, "more than %d rates; remove old ones", RATES_MAX);
		return;
	}
	rates = talloc_zero_array(r->pack, struct interest_rate, (unsigned)n);
	must(rates != NULL);
	for (size_t i = 0; i < n; i++) {
		struct json_at item = json_item(&list, i);

		rate_read(r, &item, &rates[i]);
		if (i > 0 && rates[i].from <= rates[i - 1].to)
			json_fail(&item, "begins before the one above has ended; order them by "
			    "day, without overlap");
	}
	out->rates = rates;
	out->rate_count = n;
}

/* Format 1: one rate in all, for as long as the rule is valid. */
static void one_rate_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	struct interest_rate *rate = talloc_zero(r->pack, struct interest_rate);

	must(rate != NULL);
	*rate = (struct interest_rate){ .from = rule->valid_from,
	    .to = rule->valid_to == DAY_NONE ? DAY_LAST : rule->valid_to,
	    .reference_bp = (int)json_want_int(at, "rate_bp", 0, MARGIN_BP_MAX),
	    .source = rule->source };
	r->interests[r->pack->interest_count++] = (struct interest_rule){ .rule = *rule,
	    .method = INTEREST_FLOATING, .year_days = 365, .rates = rate, .rate_count = 1 };
}

static void interest_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	if (r->format == 1 && json_object_get(at->value, "rate_bp") != NULL)
		one_rate_read(r, at, rule);
	else
		table_read(r, at, rule);
}

static void allocation_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const words[] = { "principal", "interest", "costs", NULL };
	struct allocation_rule *out = &r->allocations[r->pack->allocation_count++];
	struct json_at list = json_want_array(at, "order");
	unsigned seen = 0;

	*out = (struct allocation_rule){ .rule = *rule };
	for (size_t i = 0; i < json_length(&list) && i < OWED_KINDS; i++) {
		struct json_at item = json_item(&list, i);
		const char *text = json_as_string(&item);

		for (int k = 0; k < (int)OWED_KINDS; k++)
			if (strcmp(text, words[k]) == 0) {
				out->order[i] = (enum owed)k;
				seen |= 1u << k;
			}
	}
	if (json_length(&list) != OWED_KINDS || seen != (1u << OWED_KINDS) - 1)
		json_fail(&list, "give each of principal, interest and costs once, in order");
}

const struct kind pack_charge_kinds[] = {
	{ SECTION_CHARGE,  "fee_count",	fee_count_read,	false },
	{ SECTION_CHARGE,  "fee_gap",	fee_gap_read,	false },
	{ SECTION_CHARGE,  "fee",	fee_read,	false },
	{ SECTION_CHARGE,  "fee_total",	fee_total_read,	true },
	{ SECTION_CHARGE,  "interest",	interest_read,	false },
	{ SECTION_CHARGE,  "allocation", allocation_read, false },
	{ SECTIONS, NULL, NULL, false },
};
