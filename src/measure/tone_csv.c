/* tone_csv.c - a tone report's figures as RFC 4180; see tone_report.h. */
#include "measure/tone_report.h"

#include <inttypes.h>

#include "measure/chart.h"
#include "measure/csv_cell.h"

/* What a row says beside its figure. */
struct row {
	const char	*metric, *arm, *reference, *unit;
	json_int_t	 horizon;
};

static void row_put(struct str *out, const json_t *report, const struct row *r, const json_t *f)
{
	static const char *const numbers[] = { "n", "events", "estimate", "lower", "upper", "level",
		"p", "p_adjusted" };
	const char *const texts[] = { json_word_of(json_object_get(report, "experiment"), "id"),
		r->metric, r->arm, r->reference };

	if (!json_is_object(f))
		return;
	for (size_t i = 0; i < 4; i++) {
		str_put(out, i > 0 ? "," : "");
		csv_text(out, texts[i]);
	}
	str_printf(out, ",%" JSON_INTEGER_FORMAT, r->horizon);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		csv_number(out, json_object_get(f, numbers[i]));
	str_putc(out, ',');
	csv_text(out, r->unit);
	str_putc(out, ',');
	csv_text(out, json_word_of(f, "method"));
	str_putc(out, ',');
	csv_text(out, json_word_of(f, "reason"));
	str_printf(out, ",%s,%s\r\n", json_is_true(json_object_get(report, "valid")) ? "true" : "false",
	    json_word_of(report, "as_of"));
}

/* Each item's figure under `key`. */
static void rows_put(struct str *out, const json_t *report, const json_t *items, const char *key,
    struct row r)
{
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		r.arm = json_word_of(item, "arm");
		row_put(out, report, &r, json_object_get(item, key));
	}
}

void tone_csv(const json_t *report, struct str *out)
{
	const json_t *experiment = json_object_get(report, "experiment"), *block, *guard;
	const char *reference = json_word_of(experiment, "reference");
	struct row arm = { .reference = "", .unit = "share" };
	struct row by = { .reference = reference, .unit = "share" };
	size_t i;

	arm.horizon = by.horizon = json_count_of(experiment, "horizon_days");
	str_put(out, "id,metric,arm,reference,horizon,n,events,estimate,lower,upper,level,p,"
	    "p_adjusted,unit,method,reason,valid,as_of\r\n");
	block = json_object_get(report, "primary");
	arm.metric = by.metric = json_word_of(block, "metric");
	rows_put(out, report, json_object_get(block, "arms"), "share", arm);
	rows_put(out, report, json_object_get(block, "contrasts"), "difference", by);
	by.metric = "ratio_of_shares";
	by.unit = "ratio";
	rows_put(out, report, json_object_get(block, "contrasts"), "ratio", by);
	by.metric = "paid_in_full_adjusted";
	by.unit = "share";
	rows_put(out, report, json_object_get(report, "adjusted"), "lin", by);
	block = json_object_get(report, "time");
	arm.metric = by.metric = "days_outstanding";
	arm.unit = by.unit = "days";
	rows_put(out, report, json_object_get(block, "arms"), "days_outstanding", arm);
	rows_put(out, report, json_object_get(block, "contrasts"), "days_outstanding", by);
	json_array_foreach(json_object_get(report, "finance"), i, block) {
		arm.metric = by.metric = json_word_of(block, "metric");
		arm.unit = by.unit = "minor";
		rows_put(out, report, json_object_get(block, "arms"), "net_minor", arm);
		rows_put(out, report, json_object_get(block, "contrasts"), "net_minor", by);
		arm.metric = "cost_per_recovered";
		arm.unit = "ratio";
		rows_put(out, report, json_object_get(block, "arms"), "cost_ratio", arm);
		arm.metric = by.metric = json_word_of(block, "metric");
		arm.unit = by.unit = "minor";
		rows_put(out, report, json_object_get(block, "arms"), "mean_minor", arm);
		rows_put(out, report, json_object_get(block, "contrasts"), "mean_minor", by);
		arm.metric = by.metric = "recovered_per_debtor_by_horizon_capped";
		rows_put(out, report, json_object_get(block, "arms"), "capped_mean_minor", arm);
		rows_put(out, report, json_object_get(block, "contrasts"), "capped_mean_minor", by);
		arm.metric = "recovery_rate";
		arm.unit = "share";
		rows_put(out, report, json_object_get(block, "arms"), "rate", arm);
	}
	json_array_foreach(json_object_get(report, "guardrails"), i, guard) {
		arm.metric = by.metric = json_word_of(guard, "metric");
		arm.unit = by.unit = "share";
		rows_put(out, report, json_object_get(guard, "arms"), "share", arm);
		rows_put(out, report, json_object_get(guard, "contrasts"), "difference", by);
	}
	block = json_object_get(report, "satisfaction");
	arm.metric = by.metric = json_word_of(block, "metric");
	arm.unit = by.unit = "points";
	rows_put(out, report, json_object_get(block, "arms"), "index", arm);
	rows_put(out, report, json_object_get(block, "contrasts"), "difference", by);
	arm.metric = "answered_by_horizon";
	arm.unit = "share";
	rows_put(out, report, json_object_get(block, "arms"), "answered", arm);
}

static void points_put(struct str *out, const json_t *arms, const char *curve, const char *figure)
{
	static const char *const counts[] = { "at_risk", "open_after", "paid_so_far", "other_so_far",
		"censored_so_far", "debtors", "owed_minor", "paid_minor" };
	const json_t *arm, *point;
	size_t i, k;

	json_array_foreach(arms, i, arm)
		json_array_foreach(json_object_get(arm, "curve"), k, point) {
			const json_t *f = json_object_get(point, figure);

			csv_text(out, curve);
			str_putc(out, ',');
			csv_text(out, json_word_of(arm, "arm"));
			csv_number(out, json_object_get(point, "day"));
			csv_number(out, json_object_get(f, "estimate"));
			csv_number(out, json_object_get(f, "lower"));
			csv_number(out, json_object_get(f, "upper"));
			for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
				csv_number(out, json_object_get(point, counts[c]));
			str_put(out, "\r\n");
		}
}

void tone_curve_csv(const json_t *report, struct str *out)
{
	const json_t *time = json_object_get(json_object_get(report, "time"), "arms");
	const json_t *money = json_object_get(json_object_get(report, "recovery"), "arms");

	str_put(out, "curve,arm,day,estimate,lower,upper,at_risk,open_after,paid_so_far,other_so_far,"
	    "censored_so_far,debtors,owed_minor,paid_minor\r\n");
	points_put(out, time, "paid", "paid");
	points_put(out, time, "other_exit", "other_exit");
	points_put(out, money, "recovered", "rate");
}

/* --- rows --------------------------------------------------------------------------- */

static void day_put(struct str *out, day_t day)
{
	str_putc(out, ',');
	if (day != DAY_NONE)
		str_printf(out, "%" PRId32, day);
}

void tone_rows_csv(const struct tone_plan *plan, const struct tone_row *row, size_t count,
    struct str *out)
{
	str_put(out, "debtor_id,arm,assigned_at_day,paid_at_day,censored_at_day,amount_minor,paid_minor,"
	    "outcome,exit_at_day,epoch,exposed,delivered\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct tone_row *r = &row[i];
		const day_t paid = r->paid_on <= plan->as_of ? r->paid_on : DAY_NONE;
		const day_t exit = r->exit_on <= plan->as_of ? r->exit_on : DAY_NONE;

		if (r->assigned_on > plan->as_of || r->merged)
			continue;
		csv_text(out, r->unit != NULL ? r->unit : "");
		str_putc(out, ',');
		csv_text(out, r->arm < plan->arm_count ? plan->arms[r->arm].name :
		    r->arm == TONE_HELD_OUT ? "holdout" : "");
		day_put(out, r->assigned_on);
		day_put(out, paid);
		day_put(out, paid != DAY_NONE ? DAY_NONE : exit != DAY_NONE ? exit : plan->as_of);
		str_printf(out, ",%" PRId64 ",%" PRId64 ",%s", r->opening_minor, r->paid_minor_by_h,
		    paid != DAY_NONE ? "paid" : exit != DAY_NONE ? "disputed" : "open");
		day_put(out, exit);
		str_printf(out, ",%zu,%d,%d\r\n", r->epoch + 1, r->exposed, r->delivered);
	}
}
