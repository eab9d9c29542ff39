/* analyse_money.c - see analyse_money.h. */
#include "measure/analyse_money.h"

#include <math.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/amount.h"
#include "measure/cluster.h"
#include "measure/km.h"
#include "measure/sizes.h"

struct arm_money {
	struct amount_row	*whole, *credited, *capped;
	size_t			 count;
	int64_t			 nothing, part, full;
};

struct counting {
	const struct flat	*flat;
	double			 level;
	struct arm_money	 arm[FLAT_ARMS_MAX];
	struct sizes		 sizes;
};

static bool is_matured(const struct flat *f, size_t at, int horizon, int lag,
    struct flat_row *row)
{
	return flat_row(f, at, row) && (int64_t)row->assigned + horizon + lag <= f->as_of;
}

/* One item per debtor: a row, or where rows are debts their sum. */
static size_t gather(const struct flat *f, int horizon, int lag, struct cluster_item *items)
{
	struct flat_row row;
	size_t n = 0;

	for (size_t i = 0; i < f->sheet->rows; i++)
		if (is_matured(f, i, horizon, lag, &row))
			items[n++] = (struct cluster_item){ row.cluster, row.arm, row.owed, row.paid };
	return f->col.cluster != NULL ? cluster_merge(items, n) : n;
}

static void arms_begin(struct counting *c, void *ctx)
{
	for (size_t a = 0; a < c->flat->arm_count; a++) {
		struct arm_money *m = &c->arm[a];

		m->whole = talloc_array(ctx, struct amount_row, (unsigned)m->count + 1);
		m->credited = talloc_array(ctx, struct amount_row, (unsigned)m->count + 1);
		m->capped = talloc_array(ctx, struct amount_row, (unsigned)m->count + 1);
		must(m->whole != NULL && m->credited != NULL && m->capped != NULL);
		m->count = 0;
	}
}

static void add(struct counting *c, const struct cluster_item *item)
{
	struct arm_money *m = &c->arm[item->arm];
	const int64_t paid = item->y < item->m ? item->y : item->m;

	m->nothing += paid == 0;
	m->part += paid > 0 && paid < item->m;
	m->full += paid > 0 && paid == item->m;
	m->whole[m->count] = (struct amount_row){ item->m, item->y };
	m->credited[m->count] = (struct amount_row){ item->m, paid };
	m->capped[m->count] = sizes_cut(&m->credited[m->count], c->sizes.cap);
	m->count++;
}

static void count_rows(struct counting *c, void *ctx, int horizon, int lag)
{
	const size_t rows = c->flat->sheet->rows;
	struct cluster_item *items = talloc_array(ctx, struct cluster_item, (unsigned)rows + 1);
	int64_t *owed = talloc_array(ctx, int64_t, (unsigned)rows + 1);
	size_t n;

	must(items != NULL && owed != NULL);
	n = gather(c->flat, horizon, lag, items);
	for (size_t i = 0; i < n; i++) {
		owed[i] = items[i].m;
		c->arm[items[i].arm].count++;
	}
	c->sizes = sizes_look(owed, n);
	talloc_free(owed);
	arms_begin(c, ctx);
	for (size_t i = 0; i < n; i++)
		add(c, &items[i]);
	talloc_free(items);
	for (size_t a = 0; a < c->flat->arm_count; a++) {
		amount_sort(c->arm[a].whole, c->arm[a].count);
		amount_sort(c->arm[a].credited, c->arm[a].count);
		amount_sort(c->arm[a].capped, c->arm[a].count);
	}
}

static json_t *share_json(int64_t many, size_t of)
{
	return json_pack("{s:I, s:o}", "n", many, "share", real_json(of > 0 ?
	    (double)many / (double)of : (double)NAN));
}

/* What does not fit into a number of 64 bits is not told. */
static json_t *sum_json(int64_t minor)
{
	return minor < INT64_MAX ? json_integer(minor) : json_null();
}

static json_t *sums_json(const struct counting *c, const struct amount_row *rows, size_t n)
{
	const struct amount_sums s = amount_sums(rows, n);
	const struct figure mean = amount_mean(&s, c->level), rate = amount_rate(&s, c->level);

	return json_pack("{s:o, s:o, s:o, s:o}", "sum_owed", sum_json(s.owed), "sum_paid",
	    sum_json(s.paid),
	    "mean", figure_json(&mean), "rate", figure_json(&rate));
}

static json_t *arm_json(const struct counting *c, size_t a)
{
	const struct arm_money *m = &c->arm[a];
	json_t *out = sums_json(c, m->whole, m->count);

	json_object_set_new(out, "arm", json_string(c->flat->arms[a]));
	json_object_set_new(out, "n", json_integer((json_int_t)m->count));
	json_object_set_new(out, "nothing", share_json(m->nothing, m->count));
	json_object_set_new(out, "part", share_json(m->part, m->count));
	json_object_set_new(out, "full", share_json(m->full, m->count));
	json_object_set_new(out, "credited", sums_json(c, m->credited, m->count));
	json_object_set_new(out, "capped", sums_json(c, m->capped, m->count));
	return out;
}

static json_t *pair_json(const struct counting *c, const struct amount_row *one, size_t n1,
    const struct amount_row *zero, size_t n0)
{
	const struct amount_sums s1 = amount_sums(one, n1), s0 = amount_sums(zero, n0);
	const struct figure difference = amount_mean_difference(&s1, &s0, c->level);
	const struct figure mean1 = amount_mean(&s1, c->level), mean0 = amount_mean(&s0, c->level);
	const struct figure ratio = figure_ratio(&mean1, &mean0);
	const struct figure rate1 = amount_rate(&s1, c->level), rate0 = amount_rate(&s0, c->level);
	const struct figure rates = figure_difference(&rate1, &rate0);
	const struct figure few = cluster_difference(&s1, &s0, c->level);
	const bool small = n1 < CLUSTER_Z_MIN || n0 < CLUSTER_Z_MIN;

	return json_pack("{s:o, s:o, s:o, s:o}", "mean_difference", figure_json(&difference),
	    "ratio_of_means", figure_json(&ratio), "rate_difference", figure_json(&rates),
	    "rate_difference_t", small ? figure_json(&few) : json_null());
}

static json_t *contrast_json(const struct counting *c, size_t a)
{
	const struct arm_money *one = &c->arm[a], *zero = &c->arm[c->flat->reference];
	json_t *out = pair_json(c, one->whole, one->count, zero->whole, zero->count);

	json_object_set_new(out, "arm", json_string(c->flat->arms[a]));
	json_object_set_new(out, "reference", json_string(c->flat->arms[c->flat->reference]));
	json_object_set_new(out, "credited", pair_json(c, one->credited, one->count,
	    zero->credited, zero->count));
	json_object_set_new(out, "capped", pair_json(c, one->capped, one->count, zero->capped,
	    zero->count));
	return out;
}

json_t *analyse_money_make(void *ctx, const struct flat *f, int horizon, int lag, double level)
{
	struct counting c = { .flat = f, .level = level };
	json_t *out = json_pack("{s:s}", "kind", "money"), *arms = json_array();
	json_t *contrasts = json_array();

	must(f->col.amount != NULL);
	count_rows(&c, ctx, horizon, lag);
	flat_json(f, out);
	for (size_t a = 0; a < f->arm_count; a++) {
		json_array_append_new(arms, arm_json(&c, a));
		if (a != f->reference)
			json_array_append_new(contrasts, contrast_json(&c, a));
	}
	json_object_set_new(out, "level", real_json(level));
	json_object_set_new(out, "money", json_string("as_of_total"));
	json_object_set_new(out, "cap_minor", c.sizes.cap == INT64_MAX ? json_null() :
	    json_integer(c.sizes.cap));
	json_object_set_new(out, "largest_1_percent", real_json(c.sizes.largest_1_percent));
	json_object_set_new(out, "few_carry_it", json_boolean(c.sizes.few_carry_it));
	json_object_set_new(out, "arms", arms);
	json_object_set_new(out, "contrasts", contrasts);
	return out;
}
