/* report_service.c - see books_reports.h. */
#include "measure/books_reports.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"
#include "measure/cost_ratio.h"
#include "measure/km.h"
#include "measure/proportion.h"
#include "measure/tables.h"

#define KINDS_MAX 40
#define HOURS_MAX 8000			/* longer waits are one */
#define AGAIN_DAYS 7
#define TEXT_BYTES 240

struct kind {
	const char		*name;
	int64_t			 tasks, open;
	struct incidence	 wait;		/* in hours; open ones are censored */
	struct share		 first;		/* done, without another until a week after */
};

static int task_order(const void *a, const void *b)
{
	const struct book_task *x = *(const struct book_task *const *)a;
	const struct book_task *y = *(const struct book_task *const *)b;

	if (x->debtor != y->debtor)
		return x->debtor < y->debtor ? -1 : 1;
	return (x->made_on > y->made_on) - (x->made_on < y->made_on);
}

static struct kind *kind_of(struct kind *kinds, size_t *count, void *ctx, const char *name)
{
	size_t at = 0;

	while (at < *count && strcmp(kinds[at].name, name) != 0)
		at++;
	if (at == *count && at < KINDS_MAX) {
		kinds[at] = (struct kind){ .name = name };
		incidence_init(&kinds[at].wait, ctx, HOURS_MAX + 2);
		++*count;
	}
	return at < KINDS_MAX ? &kinds[at] : NULL;
}

/* `next`: the debtor's next task, or NULL. */
static void task_add(const struct books *b, struct kind *k, const struct book_task *t,
    const struct book_task *next)
{
	const double hours = isnan(t->hours) ? t->open_hours : t->hours;
	const day_t done_on = t->made_on + (isnan(t->hours) ? 0 : (day_t)(t->hours / 24));
	const bool again = next != NULL && next->made_on <= done_on + AGAIN_DAYS;

	k->tasks++;
	k->open += isnan(t->hours);
	incidence_add(&k->wait, hours > HOURS_MAX ? HOURS_MAX + 1 : (int)hours,
	    isnan(t->hours) || hours > HOURS_MAX ? EXIT_CENSORED : EXIT_PAID);
	if (isnan(t->hours) || t->debtor == 0 || done_on + AGAIN_DAYS > b->as_of)
		return;
	k->first.n++;
	k->first.x += !again;
}

static int kind_order(const void *a, const void *b)
{
	return strcmp(((const struct kind *)a)->name, ((const struct kind *)b)->name);
}

/* All tasks, those of a debtor side by side. */
static const struct book_task **tasks_sorted(const struct books *b, void *ctx)
{
	const struct book_task **tasks = talloc_array(ctx, const struct book_task *,
	    (unsigned)b->task_count + 1);

	must(tasks != NULL);
	for (size_t i = 0; i < b->task_count; i++)
		tasks[i] = &b->tasks[i];
	qsort(tasks, b->task_count, sizeof(tasks[0]), task_order);
	return tasks;
}

static size_t kinds_of(const struct books *b, const struct book_task **tasks, void *ctx,
    struct kind *kinds)
{
	size_t count = 0;

	for (size_t i = 0; i < b->task_count; i++) {
		struct kind *k = kind_of(kinds, &count, ctx, tasks[i]->kind);
		const bool same = i + 1 < b->task_count && tasks[i + 1]->debtor == tasks[i]->debtor;

		if (k != NULL)
			task_add(b, k, tasks[i], same ? tasks[i + 1] : NULL);
	}
	if (count > 0)
		qsort(kinds, count, sizeof(kinds[0]), kind_order);
	return count;
}

static void tasks_put(json_t *report, const struct books *b, const struct book_task **tasks)
{
	json_t *table = tables_add(report, "tasks", "What people had to do, and how soon it was done");
	struct kind kinds[KINDS_MAX];
	void *tmp = talloc_new(NULL);
	const size_t count = kinds_of(b, tasks, tmp, kinds);

	table_column(table, "kind", "task", "text", 0);
	table_column(table, "tasks", "tasks", "count", 0);
	table_column(table, "open", "open", "count", 0);
	table_column(table, "median_hours", "median hours", "hours", 0);
	table_column(table, "ninety_hours", "90 of 100 within", "hours", 0);
	table_column(table, "first_contact", "settled at once of 100", "share", 0);
	for (size_t i = 0; i < count; i++) {
		const struct figure half = km_quantile(&kinds[i].wait, 0.5, FIGURE_LEVEL);
		const struct figure ninety = km_quantile(&kinds[i].wait, 0.9, FIGURE_LEVEL);
		const struct figure first = share_figure(kinds[i].first, FIGURE_LEVEL);
		json_t *row = table_add(table);

		json_put(row, "kind", json_string(kinds[i].name));
		json_put(row, "tasks", json_integer(kinds[i].tasks));
		json_put(row, "open", json_integer(kinds[i].open));
		row_figure(row, "median_hours", &half);
		row_figure(row, "ninety_hours", &ninety);
		row_figure(row, "first_contact", &first);
	}
	talloc_free(tmp);
}

/* Has the debtor a task that was made within a week of the form? */
static bool needs_help(const struct books *b, const struct book_task **tasks,
    const struct book_form *form)
{
	size_t lo = 0, hi = b->task_count;

	while (lo < hi) {
		const size_t middle = lo + (hi - lo) / 2;

		if (tasks[middle]->debtor < form->debtor ||
		    (tasks[middle]->debtor == form->debtor && tasks[middle]->made_on < form->on))
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo < b->task_count && tasks[lo]->debtor == form->debtor &&
	    tasks[lo]->made_on <= form->on + AGAIN_DAYS;
}

static void forms_put(json_t *report, const struct books *b, const struct book_task **tasks)
{
	json_t *table = tables_add(report, "forms", "What debtors did on their page, and how often a "
	    "person had to help within a week");
	const char *names[KINDS_MAX];
	struct share helped[KINDS_MAX];
	size_t count = 0;

	table_column(table, "action", "on the page", "text", 0);
	table_column(table, "forms", "forms", "count", 0);
	table_column(table, "friction", "with help, of 100", "share", 0);
	for (size_t i = 0; i < b->form_count; i++) {
		size_t at = 0;

		while (at < count && strcmp(names[at], b->forms[i].action) != 0)
			at++;
		if (at == KINDS_MAX)
			continue;
		if (at == count) {
			names[count] = b->forms[i].action;
			helped[count++] = (struct share){ 0, 0 };
		}
		helped[at].n++;
		helped[at].x += needs_help(b, tasks, &b->forms[i]);
	}
	for (size_t i = 0; i < count; i++) {
		const struct figure f = share_figure(helped[i], FIGURE_LEVEL);
		json_t *row = table_add(table);

		json_put(row, "action", json_string(names[i]));
		json_put(row, "forms", json_integer(helped[i].n));
		row_figure(row, "friction", &f);
	}
}

static int by_contact(const void *a, const void *b)
{
	const struct book_form *x = *(const struct book_form *const *)a;
	const struct book_form *y = *(const struct book_form *const *)b;

	return (x->contact > y->contact) - (x->contact < y->contact);
}

/* Messages whose link was used: each was asked once how the debtor was treated. */
static size_t asked_count(const struct books *b)
{
	const struct book_form **sorted = talloc_array(NULL, const struct book_form *,
	    (unsigned)b->form_count + 1);
	size_t n = 0;

	must(sorted != NULL);
	for (size_t i = 0; i < b->form_count; i++)
		sorted[i] = &b->forms[i];
	if (b->form_count > 0)
		qsort(sorted, b->form_count, sizeof(sorted[0]), by_contact);
	for (size_t i = 0; i < b->form_count; i++)
		n += i == 0 || sorted[i]->contact != sorted[i - 1]->contact;
	talloc_free(sorted);
	return n;
}

/* Who answers chooses himself: so the share who did, and what the index would be with
 * all the silent at 0 and at 100, stand beside it. */
static void satisfaction_put(json_t *table, const struct books *b)
{
	int *answers = talloc_array(NULL, int, (unsigned)b->rating_count + 1);
	const size_t forms = asked_count(b);
	const size_t asked = forms > b->rating_count ? forms : b->rating_count;
	struct satisfaction s;
	struct figure share;
	json_t *row = table_add(table);

	must(answers != NULL);
	for (size_t i = 0; i < b->rating_count; i++)
		answers[i] = b->ratings[i].answer;
	s = satisfaction_make(answers, b->rating_count, asked, FIGURE_LEVEL);
	talloc_free(answers);
	share = share_figure((struct share){ (int64_t)b->rating_count, (int64_t)asked },
	    FIGURE_LEVEL);
	table_column(table, "what", "asked", "text", 0);
	table_column(table, "answered", "answered, of 100", "share", 0);
	table_column(table, "index", "index", "number", 0);
	table_column(table, "silent_at_0", "with the silent at 0", "number", 0);
	table_column(table, "silent_at_100", "and at 100", "number", 0);
	json_put(row, "what", json_string("how did we treat you? after a form on the page"));
	row_figure(row, "answered", &share);
	row_figure(row, "index", &s.index);
	json_put(row, "silent_at_0", real_json(s.worst));
	json_put(row, "silent_at_100", real_json(s.best));
}

/* How many debtors who were written to did something on the page themselves. */
static void headline_put(json_t *report, const struct books *b)
{
	json_t *table = tables_add(report, "satisfaction", "Satisfaction, 0 to 100");
	int64_t sent = 0, open = 0;
	char text[TEXT_BYTES];

	for (size_t i = 0; i < b->contact_count; i++)
		sent += b->contacts[i].sent_on != DAY_NONE;
	for (size_t i = 0; i < b->task_count; i++)
		open += isnan(b->tasks[i].hours);
	(void)snprintf(text, sizeof(text), "%lld messages left, %zu forms came back, %zu tasks were made, "
	    "%lld of them are open.", (long long)sent, b->form_count, b->task_count, (long long)open);
	tables_headline(report, text);
	satisfaction_put(table, b);
}

json_t *report_service_make(const struct books *b)
{
	const struct book_task **tasks = tasks_sorted(b, NULL);
	json_t *report = tables_new("service", b->as_of);

	headline_put(report, b);
	tasks_put(report, b, tasks);
	forms_put(report, b, tasks);
	talloc_free(tasks);
	tables_method(report, "hours", "Kaplan and Meier 1958 in whole hours: a task that is open has "
	    "waited at least so long, and is not left out");
	tables_method(report, "first contact", "done, and no other task of the debtor within 7 days; "
	    "Wilson 1927");
	tables_limit(report, "Hours run day and night: opening hours of the office are not known here.");
	tables_finish(report);
	return report;
}
