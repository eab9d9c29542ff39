/* flat.c - see flat.h.  What a row says; duplicates are found in flat_twice.c. */
#include "measure/flat.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "measure/flat_twice.h"

#define NO_ARM UINT8_MAX

enum outcome_word { OUTCOME_OPEN, OUTCOME_PAID, OUTCOME_EXIT, OUTCOME_UNKNOWN };

const char *flat_fault_name(enum flat_fault fault)
{
	static const char *const names[FLAT_FAULTS] = { [FLAT_NO_ARM] = "no_arm",
	    [FLAT_NO_DEBTOR] = "no_debtor", [FLAT_DUPLICATE] = "duplicate_debtor",
	    [FLAT_NO_DAY] = "no_day", [FLAT_PAID_TOO_EARLY] = "paid_before_assigned",
	    [FLAT_CENSORED_TOO_EARLY] = "censored_before_assigned",
	    [FLAT_OUTCOME] = "unknown_outcome", [FLAT_AMOUNT] = "bad_amount",
	    [FLAT_TOO_LONG] = "too_long" };

	must(fault < FLAT_FAULTS);
	return names[fault];
}

/* --- names ------------------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool arms_name(struct flat *f, struct err *err)
{
	const struct sheet_column *c = f->col.arm;

	f->arm_of = talloc_array(f->sheet, uint8_t, (unsigned)c->word_count + 1);
	must(f->arm_of != NULL);
	for (size_t i = 0; i < c->word_count; i++) {
		if (c->words[i][0] == '\0')
			continue;
		if (f->arm_count == FLAT_ARMS_MAX)
			return err_set(err, ERR_INPUT, "column %s names more than %d arms", c->name,
			    FLAT_ARMS_MAX);
		f->arms[f->arm_count++] = c->words[i];
	}
	qsort(f->arms, f->arm_count, sizeof(f->arms[0]), by_bytes);
	for (size_t i = 0; i < c->word_count; i++) {
		f->arm_of[i] = NO_ARM;
		for (size_t a = 0; a < f->arm_count; a++)
			if (strcmp(f->arms[a], c->words[i]) == 0)
				f->arm_of[i] = (uint8_t)a;
	}
	return f->arm_count > 0 || err_set(err, ERR_INPUT, "column %s names no arm", c->name);
}

static bool reference_find(struct flat *f, const char *reference, struct err *err)
{
	const char *wanted = reference != NULL ? reference : "neutral";

	for (size_t a = 0; a < f->arm_count; a++)
		if (strcmp(f->arms[a], wanted) == 0) {
			f->reference = a;
			return true;
		}
	return reference == NULL || err_set(err, ERR_INPUT, "no row is in the arm '%.64s'",
	    reference);
}

static void strata_name(struct flat *f)
{
	const struct sheet_column *c = f->col.strata;

	f->strata_count = c == NULL ? 1 : c->word_count;
	f->strata = talloc_array(f->sheet, const char *, (unsigned)f->strata_count + 1);
	must(f->strata != NULL);
	f->strata[0] = "";
	if (c == NULL)
		return;
	f->stratum_of = talloc_array(f->sheet, uint32_t, (unsigned)c->word_count + 1);
	must(f->stratum_of != NULL);
	memcpy(f->strata, c->words, c->word_count * sizeof(c->words[0]));
	qsort(f->strata, f->strata_count, sizeof(f->strata[0]), by_bytes);
	for (size_t i = 0; i < c->word_count; i++) {
		const char *const *at = bsearch(&c->words[i], f->strata, f->strata_count,
		    sizeof(f->strata[0]), by_bytes);

		must(at != NULL);
		f->stratum_of[i] = (uint32_t)(at - f->strata);
	}
}

static void outcomes_name(struct flat *f)
{
	static const struct { const char *word; enum outcome_word means; } known[] = {
		{ "", OUTCOME_OPEN }, { "open", OUTCOME_OPEN }, { "paid", OUTCOME_PAID },
		{ "disputed", OUTCOME_EXIT }, { "transferred", OUTCOME_EXIT },
		{ "written_off", OUTCOME_EXIT },
	};
	const struct sheet_column *c = f->col.outcome;

	if (c == NULL)
		return;
	f->outcome_of = talloc_array(f->sheet, uint8_t, (unsigned)c->word_count + 1);
	must(f->outcome_of != NULL);
	for (size_t i = 0; i < c->word_count; i++) {
		f->outcome_of[i] = OUTCOME_UNKNOWN;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (strcmp(known[k].word, c->words[i]) == 0)
				f->outcome_of[i] = (uint8_t)known[k].means;
	}
}

/* --- rows ------------------------------------------------------------------------- */

static int32_t day_of(const struct sheet_column *c, size_t at)
{
	return c == NULL ? SHEET_NO_DAY : c->day[at];
}

/* FLAT_FAULTS: none. */
static enum flat_fault read_times(const struct flat *f, size_t at, struct flat_row *row)
{
	const int32_t status = day_of(f->col.status, at);

	row->time = day_of(f->col.time, at);
	if (row->time < 0 || status < 0)
		return FLAT_NO_DAY;
	row->kind = status == 0 ? EXIT_CENSORED : status == 1 ? EXIT_PAID : EXIT_OTHER;
	return row->time > FLAT_DAY_SPAN_MAX ? FLAT_TOO_LONG : FLAT_FAULTS;
}

static enum outcome_word outcome_at(const struct flat *f, size_t at)
{
	return f->col.outcome == NULL ? OUTCOME_OPEN :
	    (enum outcome_word)f->outcome_of[f->col.outcome->code[at]];
}

/* What cannot be right whenever one looks. */
static enum flat_fault check_days(const struct flat *f, size_t at)
{
	const int32_t assigned = day_of(f->col.assigned, at), paid = day_of(f->col.paid, at);
	const int32_t censored = day_of(f->col.censored, at);

	if (assigned == SHEET_NO_DAY)
		return FLAT_NO_DAY;
	if (outcome_at(f, at) == OUTCOME_UNKNOWN)
		return FLAT_OUTCOME;
	if (paid != SHEET_NO_DAY && paid < assigned)
		return FLAT_PAID_TOO_EARLY;
	return censored != SHEET_NO_DAY && censored < assigned ? FLAT_CENSORED_TOO_EARLY :
	    FLAT_FAULTS;
}

static enum flat_fault read_days(const struct flat *f, size_t at, struct flat_row *row)
{
	const int32_t paid = day_of(f->col.paid, at), censored = day_of(f->col.censored, at);
	const enum flat_fault fault = check_days(f, at);
	int32_t until = f->as_of;

	if (fault != FLAT_FAULTS)
		return fault;
	row->assigned = day_of(f->col.assigned, at);
	row->kind = EXIT_CENSORED;
	if (paid != SHEET_NO_DAY && paid <= f->as_of) {
		row->kind = EXIT_PAID;
		until = paid;
	} else if (paid == SHEET_NO_DAY && censored != SHEET_NO_DAY && censored <= f->as_of) {
		row->kind = outcome_at(f, at) == OUTCOME_EXIT ? EXIT_OTHER : EXIT_CENSORED;
		until = censored;
	}
	if ((int64_t)until - row->assigned > FLAT_DAY_SPAN_MAX)
		return FLAT_TOO_LONG;
	row->time = until - row->assigned;
	return FLAT_FAULTS;
}

static enum flat_fault read_amounts(const struct flat *f, size_t at, struct flat_row *row)
{
	if (f->col.amount == NULL)
		return FLAT_FAULTS;
	row->owed = f->col.amount->minor[at];
	row->paid = f->col.paid_minor->minor[at];
	return row->owed < 0 || row->paid < 0 || row->owed > FLAT_MINOR_MAX ||
	    row->paid > FLAT_MINOR_MAX ? FLAT_AMOUNT : FLAT_FAULTS;
}

/* Who the row is about. */
static enum flat_fault read_who(const struct flat *f, size_t at, struct flat_row *row)
{
	const uint8_t arm = f->arm_of[f->col.arm->code[at]];

	*row = (struct flat_row){ .arm = arm == NO_ARM ? FLAT_ARMS_MAX : arm };
	if (arm == NO_ARM)
		return FLAT_NO_ARM;
	if ((f->col.debtor != NULL && f->col.debtor->key[at] == SHEET_NO_KEY) ||
	    (f->col.cluster != NULL && f->col.cluster->key[at] == SHEET_NO_KEY))
		return FLAT_NO_DEBTOR;
	if (f->duplicate != NULL && (f->duplicate[at / 8] >> at % 8 & 1) != 0)
		return FLAT_DUPLICATE;
	if (f->col.cluster != NULL)
		row->cluster = f->col.cluster->key[at];
	if (f->stratum_of != NULL)
		row->stratum = f->stratum_of[f->col.strata->code[at]];
	return FLAT_FAULTS;
}

static enum flat_fault read_row(const struct flat *f, size_t at, struct flat_row *row)
{
	enum flat_fault fault = read_who(f, at, row);

	if (fault == FLAT_FAULTS)
		fault = f->col.time != NULL ? read_times(f, at, row) : read_days(f, at, row);
	return fault != FLAT_FAULTS ? fault : read_amounts(f, at, row);
}

/* Of the rows that can be right: a slip of the pen in another ends nobody's follow-up. */
static int32_t last_day(const struct flat *f)
{
	const struct sheet_column *const days[] = { f->col.assigned, f->col.paid, f->col.censored };
	int32_t last = SHEET_NO_DAY;
	struct flat_row row;

	for (size_t i = 0; f->col.time == NULL && i < f->sheet->rows; i++) {
		if (read_who(f, i, &row) != FLAT_FAULTS || check_days(f, i) != FLAT_FAULTS ||
		    read_amounts(f, i, &row) != FLAT_FAULTS)
			continue;
		for (size_t k = 0; k < sizeof(days) / sizeof(days[0]); k++)
			if (days[k] != NULL && days[k]->day[i] > last)
				last = days[k]->day[i];
	}
	return last;
}

/* --- who stands there twice ---------------------------------------------------------- */

static int by_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_word(const struct sheet_column *c, size_t a, size_t b)
{
	return c == NULL || c->code[a] == c->code[b] ? 0 :
	    strcmp(c->words[c->code[a]], c->words[c->code[b]]);
}

/* What two rows say, column by column. */
static int by_content(const void *arg, size_t a, size_t b)
{
	const struct flat *f = arg;
	const struct sheet_column *const days[] = { f->col.assigned, f->col.paid, f->col.censored,
	    f->col.time, f->col.status };
	const struct sheet_column *const sums[] = { f->col.amount, f->col.paid_minor };
	int order = 0;

	for (size_t k = 0; order == 0 && k < sizeof(days) / sizeof(days[0]); k++)
		if (days[k] != NULL)
			order = by_number(days[k]->day[a], days[k]->day[b]);
	for (size_t k = 0; order == 0 && k < sizeof(sums) / sizeof(sums[0]); k++)
		if (sums[k] != NULL)
			order = by_number(sums[k]->minor[a], sums[k]->minor[b]);
	if (order == 0)
		order = by_word(f->col.outcome, a, b);
	if (order == 0)
		order = by_word(f->col.strata, a, b);
	return order != 0 ? order : by_word(f->col.segment, a, b);
}

/* Nobody is in two arms. */
static bool two_arms(const void *arg, size_t a, size_t b)
{
	const struct flat *f = arg;

	return f->col.arm->code[a] != f->col.arm->code[b];
}

/* --- the table ------------------------------------------------------------------------- */

bool flat_row(const struct flat *f, size_t at, struct flat_row *row)
{
	return read_row(f, at, row) == FLAT_FAULTS &&
	    (f->col.time != NULL || row->assigned <= f->as_of);
}

bool flat_make(struct flat *f, struct sheet *sheet, const struct flat_columns *columns,
    int32_t as_of, const char *reference, struct err *err)
{
	*f = (struct flat){ .sheet = sheet, .col = *columns };
	must(columns->arm != NULL && (columns->time != NULL) == (columns->status != NULL));
	if (sheet->rows == 0)
		return err_set(err, ERR_INPUT, "the table has no row");
	if (!arms_name(f, err) || !reference_find(f, reference, err))
		return false;
	strata_name(f);
	outcomes_name(f);
	if (columns->debtor != NULL)
		f->duplicate = flat_twice(sheet, columns->debtor->key, sheet->rows,
		    &(struct flat_order){ by_content, two_arms, f });
	f->as_of = as_of != SHEET_NO_DAY ? as_of : last_day(f);
	for (size_t i = 0; i < sheet->rows; i++) {
		struct flat_row row;
		const enum flat_fault fault = read_row(f, i, &row);

		if (fault != FLAT_FAULTS) {
			f->rejected[fault][row.arm]++;
			f->rejected_rows++;
		} else {
			f->later += columns->time == NULL && row.assigned > f->as_of;
		}
	}
	f->valid = f->rejected_rows * FLAT_REJECTED_ONE_IN <= (int64_t)sheet->rows;
	return true;
}

/* --- told ------------------------------------------------------------------------- */

void flat_json(const struct flat *f, json_t *out)
{
	json_t *rejected = json_object();

	for (int k = 0; k < FLAT_FAULTS; k++) {
		json_t *by_arm = json_object();

		for (size_t a = 0; a <= FLAT_ARMS_MAX; a++)
			if (f->rejected[k][a] > 0)
				json_object_set_new(by_arm, a < f->arm_count ? f->arms[a] : "",
				    json_integer(f->rejected[k][a]));
		if (json_object_size(by_arm) > 0)
			json_object_set_new(rejected, flat_fault_name((enum flat_fault)k), by_arm);
		else
			json_decref(by_arm);
	}
	json_object_set_new(out, "rows", json_integer((json_int_t)f->sheet->rows));
	json_object_set_new(out, "rejected", rejected);
	json_object_set_new(out, "later", json_integer(f->later));
	json_object_set_new(out, "valid", json_boolean(f->valid));
	json_object_set_new(out, "as_of", f->as_of == SHEET_NO_DAY ? json_null() :
	    json_integer(f->as_of));
	json_object_set_new(out, "reference", json_string(f->arms[f->reference]));
}
