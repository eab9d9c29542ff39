/* analyse_proportions.c - see analyse_proportions.h. */
#include "measure/analyse_proportions.h"

#include <math.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/adaptive.h"
#include "measure/analyse_beside.h"
#include "measure/cluster.h"
#include "measure/inferior.h"
#include "measure/km.h"
#include "measure/multiplicity.h"
#include "measure/sequence.h"
#include "measure/stratified.h"
#include "measure/tail.h"

#define VERDICT_P_MAX 0.05

struct counting {
	void					*ctx;
	const struct flat			*flat;
	const struct proportions_options	*o;
	struct share				*counts;	/* arm * strata + stratum */
	struct share				 arm[FLAT_ARMS_MAX];
	int64_t					 waiting[FLAT_ARMS_MAX];	/* not matured */
	struct cluster_item			*items;		/* NULL: rows are debtors */
	size_t					 item_count;
	struct amount_sums			 clusters[FLAT_ARMS_MAX];
};

static void count_rows(struct counting *c, void *ctx)
{
	const struct flat *f = c->flat;
	struct flat_row row;

	c->counts = talloc_zero_array(ctx, struct share, (unsigned)(f->arm_count * f->strata_count));
	c->items = f->col.cluster == NULL ? NULL :
	    talloc_array(ctx, struct cluster_item, (unsigned)f->sheet->rows);
	must(c->counts != NULL && (c->items != NULL || f->col.cluster == NULL));
	for (size_t i = 0; i < f->sheet->rows; i++) {
		enum beside_row how;
		struct share *s;
		bool paid = false;

		how = beside_read(f, c->o, i, &row, &paid);
		if (how != BESIDE_COUNTS) {
			c->waiting[row.arm < FLAT_ARMS_MAX ? row.arm : 0] += how == BESIDE_WAITING;
			continue;
		}
		s = &c->counts[row.arm * f->strata_count + row.stratum];
		s->n++;
		s->x += paid;
		c->arm[row.arm].n++;
		c->arm[row.arm].x += paid;
		if (c->items != NULL)
			c->items[c->item_count++] = (struct cluster_item){ row.cluster, row.arm, 1,
			    paid };
	}
}

static void count_clusters(struct counting *c, void *ctx)
{
	const size_t n = cluster_merge(c->items, c->item_count);
	struct amount_row *rows = talloc_array(ctx, struct amount_row, (unsigned)n + 1);
	size_t at = 0;

	must(rows != NULL);
	for (size_t a = 0; a < c->flat->arm_count; a++) {
		size_t count = 0;

		for (; at < n && c->items[at].arm == a; at++)
			rows[count++] = (struct amount_row){ c->items[at].m, c->items[at].y };
		c->clusters[a] = amount_sums(rows, count);
	}
}

static json_t *limits_json(struct limits l, double level)
{
	return json_pack("{s:o, s:o, s:o}", "lower", real_json(l.lower), "upper",
	    real_json(l.upper), "level", real_json(level));
}

/* The words of the report; `p`: Holm's. */
static const char *verdict(const struct counting *c, const struct figure *d,
    struct limits simultaneous, struct limits ninety)
{
	const bool open = d->lower <= 0 && d->upper >= 0;

	if (!c->flat->valid)
		return "withheld:rejected_rows";
	if (d->reason != REASON_NONE)
		return "withheld";
	if (open == (d->p_adjusted < VERDICT_P_MAX))
		return "borderline";
	if (!open)
		return d->estimate > 0 ? "better" : "worse";
	if (c->o->margin > 0 && simultaneous.lower > -c->o->margin &&
	    simultaneous.upper < c->o->margin)
		return "equivalent";
	return c->o->margin > 0 && ninety.lower > -c->o->margin ? "no_worse" :
	    "no_difference_shown";
}

static json_t *inferior_json(const struct counting *c, struct share one, struct share zero,
    struct limits ninety)
{
	const struct inferior t = inferior_test(one, zero, c->o->margin, true);

	if (c->o->margin == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "margin", real_json(c->o->margin),
	    "z", real_json(t.z), "p", real_json(t.p),
	    "restricted", real_json(t.restricted_one),
	    "restricted_reference", real_json(t.restricted_zero),
	    "lower", real_json(ninety.lower), "shown", json_boolean(ninety.lower > -c->o->margin));
}

static json_t *stratified_json(const struct counting *c, size_t a)
{
	const struct flat *f = c->flat;
	const struct stratified s = stratified_difference(&c->counts[a * f->strata_count],
	    &c->counts[f->reference * f->strata_count], f->strata_count, c->o->level);

	if (f->strata_count < 2)
		return json_null();
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "strata", (json_int_t)s.strata,
	    "difference", figure_json(&s.difference), "se_binomial", real_json(s.se_binomial),
	    "se_sato", real_json(s.se_sato), "cmh_chisq", real_json(s.chisq),
	    "post_stratified", figure_json(&s.weighted));
}

/* What may be read at every look. */
static json_t *sequence_json(const struct counting *c, const struct figure *d)
{
	const struct sequence s = sequence_look(d->estimate, d->se, c->o->rho, c->o->alpha);

	if (c->o->rho <= 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rho", real_json(c->o->rho),
	    "alpha", real_json(c->o->alpha), "information", real_json(s.information),
	    "lower", real_json(s.lower), "upper", real_json(s.upper),
	    "log_e", real_json(s.log_e), "p", real_json(s.p));
}

static json_t *clusters_json(const struct counting *c, size_t a)
{
	const struct figure rate = amount_rate(&c->clusters[a], c->o->level);

	if (c->items == NULL)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "clusters", c->clusters[a].n,
	    "mean_size", real_json((double)c->clusters[a].owed / (double)c->clusters[a].n),
	    "ratio", figure_json(&rate));
}

static json_t *clustered_json(const struct counting *c, size_t a)
{
	const struct amount_sums *one = &c->clusters[a], *zero = &c->clusters[c->flat->reference];
	const struct figure d = cluster_difference(one, zero, c->o->level);
	const struct figure r1 = amount_rate(one, c->o->level), r0 = amount_rate(zero, c->o->level);
	const struct figure ratio = figure_ratio(&r1, &r0);
	const double p1 = one->rate, p0 = zero->rate;
	const double naive = p1 * (1 - p1) / (double)one->owed + p0 * (1 - p0) / (double)zero->owed;

	if (c->items == NULL)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "difference", figure_json(&d),
	    "ratio", figure_json(&ratio), "se_of_rows", real_json(sqrt(naive)),
	    "design_effect", real_json(d.se * d.se / naive));
}

static json_t *contrast_json(const struct counting *c, size_t a, double p_holm)
{
	const struct flat *f = c->flat;
	const struct share one = c->arm[a], zero = c->arm[f->reference];
	const double simultaneous_level = bonferroni_level(c->o->level, f->arm_count - 1);
	const struct limits none = { (double)NAN, (double)NAN };
	const bool there = one.n > 0 && zero.n > 0;
	const struct limits simultaneous = there ? newcombe_limits(one, zero,
	    level_z(simultaneous_level)) : none;
	const struct limits agresti = there ? agresti_caffo_limits(one, zero,
	    level_z(c->o->level)) : none;
	const struct limits ninety = there ? newcombe_limits(one, zero, level_z(0.9)) : none;
	const struct figure ratio = share_ratio(one, zero, c->o->level);
	struct figure d = share_difference(one, zero, c->o->level);

	d.p_adjusted = p_holm;
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
	    "s:o, s:s}",
	    "arm", f->arms[a], "reference", f->arms[f->reference],
	    "difference", figure_json(&d),
	    "per_100", real_json(100 * d.estimate),
	    "number_needed", real_json(d.lower > 0 || d.upper < 0 ? 1 / d.estimate :
	    (double)NAN),
	    "simultaneous", limits_json(simultaneous, simultaneous_level),
	    "agresti_caffo", limits_json(agresti, c->o->level),
	    "ratio", figure_json(&ratio),
	    "non_inferiority", inferior_json(c, one, zero, ninety),
	    "stratified", stratified_json(c, a), "clustered", clustered_json(c, a),
	    "sequential", sequence_json(c, &d),
	    "miettinen_nurminen", limits_json(there ? miettinen_limits(one, zero,
	    level_z(c->o->level)) : none, c->o->level),
	    "adjusted", beside_adjusted(c->ctx, f, c->o, a),
	    "segments", beside_segments(c->ctx, f, c->o, a),
	    "adaptive", beside_adaptive(c->ctx, f, c->o, a),
	    "verdict", verdict(c, &d, simultaneous, ninety));
}

/* Shares for the time to come, by each arm's chance to be the best: a mode of its own,
 * for experiments that end in no verdict. */
static json_t *optimise_json(const struct counting *c)
{
	double posterior[FLAT_ARMS_MAX][2], best[FLAT_ARMS_MAX], shares[FLAT_ARMS_MAX];
	const size_t arms = c->flat->arm_count;
	json_t *list;

	if (c->o->floor <= 0 || c->o->floor * (double)arms > 1)
		return json_null();
	list = json_array();
	for (size_t a = 0; a < arms; a++) {
		posterior[a][0] = 1 + (double)c->arm[a].x;
		posterior[a][1] = 1 + (double)(c->arm[a].n - c->arm[a].x);
	}
	thompson_best((const double (*)[2])posterior, arms, best);
	thompson_shares(best, arms, c->o->floor, shares);
	for (size_t a = 0; a < arms; a++)
		json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "arm", c->flat->arms[a],
		    "p_best", real_json(best[a]), "share", real_json(shares[a])));
	return json_pack("{s:o, s:o}", "floor", real_json(c->o->floor), "arms", list);
}

json_t *analyse_proportions_make(void *ctx, const struct flat *f,
    const struct proportions_options *options)
{
	struct counting c = { .ctx = ctx, .flat = f, .o = options };
	double p[FLAT_ARMS_MAX], adjusted[FLAT_ARMS_MAX];
	json_t *out = json_pack("{s:s}", "kind", "proportions"), *arms = json_array();
	json_t *contrasts = json_array();

	count_rows(&c, ctx);
	if (c.items != NULL)
		count_clusters(&c, ctx);
	flat_json(f, out);
	for (size_t a = 0; a < f->arm_count; a++) {
		const struct figure share = share_figure(c.arm[a], options->level);

		p[a] = a == f->reference ? (double)NAN :
		    share_difference(c.arm[a], c.arm[f->reference], options->level).p;
		json_array_append_new(arms, json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o}", "arm",
		    f->arms[a], "n", c.arm[a].n, "events", c.arm[a].x, "not_matured",
		    c.waiting[a], "share", figure_json(&share), "clopper_pearson",
		    limits_json(clopper_limits(c.arm[a], options->level), options->level), "clustered",
		    clusters_json(&c, a)));
	}
	holm_adjust(p, f->arm_count, adjusted);
	for (size_t a = 0; a < f->arm_count; a++)
		if (a != f->reference)
			json_array_append_new(contrasts, contrast_json(&c, a, adjusted[a]));
	json_object_set_new(out, "level", real_json(options->level));
	json_object_set_new(out, "horizon", options->binary ? json_null() :
	    json_integer(options->horizon));
	json_object_set_new(out, "lag", options->binary ? json_null() :
	    json_integer(options->lag));
	json_object_set_new(out, "arms", arms);
	json_object_set_new(out, "contrasts", contrasts);
	json_object_set_new(out, "optimise", optimise_json(&c));
	return out;
}
