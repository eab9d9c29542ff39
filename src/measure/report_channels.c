/* report_channels.c - see books_reports.h. */
#include "measure/books_reports.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/money.h"
#include "base/must.h"
#include "measure/cluster.h"
#include "measure/cost_ratio.h"
#include "measure/tables.h"

#define FOLLOW_DAYS 14			/* a payment so soon after a message is counted to it */
#define TEXT_BYTES 240
#define CHANNEL_KINDS 4
#define MILLIONTHS_DIGITS 6

static const char *const kinds[CHANNEL_KINDS] = { "email", "sms", "letter", "call" };

struct payment {
	int64_t	debtor, minor;
	day_t	on;
	bool	priced;			/* in the currency of the costs */
};

/* One message that left, and what followed. */
struct message {
	int64_t	id, debtor;
	int	kind;
	day_t	on;
	double	cost;			/* minor units, tasks that it caused included */
	int64_t	recovered, tasks;
	bool	followed;		/* by any payment */
	bool	over;			/* its days, and the bank's, are over */
	bool	priced;			/* to somebody who owes in the currency of the costs */
};

struct channel {
	int64_t		contacts, sent, receipts, failed, unknown, reached;
	struct figure	followed, tasks;
	struct cost_ratio cost;
};

static int payment_order(const void *a, const void *b)
{
	const struct payment *x = a, *y = b;

	return x->debtor != y->debtor ? (x->debtor > y->debtor) - (x->debtor < y->debtor) :
	    (x->on > y->on) - (x->on < y->on);
}

static int message_order(const void *a, const void *b)
{
	const struct message *x = a, *y = b;

	if (x->debtor != y->debtor)
		return x->debtor < y->debtor ? -1 : 1;
	return x->on != y->on ? (x->on > y->on) - (x->on < y->on) : (x->id > y->id) - (x->id < y->id);
}

static size_t payments_of(const struct books *b, void *ctx, struct payment **out)
{
	size_t n = 0, room = 1;

	for (size_t i = 0; i < b->invoice_count; i++)
		room += b->invoices[i].entry_count;
	*out = talloc_array(ctx, struct payment, (unsigned)room);
	must(*out != NULL);
	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];

		for (size_t k = invoice->entry; k < invoice->entry + invoice->entry_count; k++)
			if (b->entries[k].payment)
				(*out)[n++] = (struct payment){ invoice->debtor, -b->entries[k].minor,
				    b->entries[k].on, strcmp(invoice->currency, b->cost_currency) == 0 };
	}
	qsort(*out, n, sizeof(**out), payment_order);
	return n;
}

static int kind_of(const char *channel)
{
	int kind = 0;

	while (kind < CHANNEL_KINDS && strcmp(kinds[kind], channel) != 0)
		kind++;
	return kind;
}

static int number_order(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Who owes, or owed, in the currency of the costs; in order. */
static size_t priced_debtors(const struct books *b, void *ctx, int64_t **out)
{
	size_t n = 0;

	*out = talloc_array(ctx, int64_t, (unsigned)b->invoice_count + 1);
	must(*out != NULL);
	for (size_t i = 0; i < b->invoice_count; i++)
		if (strcmp(b->invoices[i].currency, b->cost_currency) == 0)
			(*out)[n++] = b->invoices[i].debtor;
	if (n > 0)
		qsort(*out, n, sizeof(**out), number_order);
	return n;
}

static size_t messages_of(const struct books *b, void *ctx, double unit, struct message **out)
{
	int64_t *priced;
	const size_t owing = priced_debtors(b, ctx, &priced);
	size_t n = 0;

	*out = talloc_array(ctx, struct message, (unsigned)b->contact_count + 1);
	must(*out != NULL);
	for (size_t i = 0; i < b->contact_count; i++) {
		const struct book_contact *c = &b->contacts[i];

		if (c->sent_on == DAY_NONE || c->sent_on > b->as_of || kind_of(c->channel) == CHANNEL_KINDS)
			continue;
		(*out)[n++] = (struct message){ .id = c->id, .debtor = c->debtor,
		    .kind = kind_of(c->channel), .on = c->sent_on, .cost = (double)c->cost / unit,
		    .over = c->sent_on + FOLLOW_DAYS + b->lag_days <= b->as_of,
		    .priced = owing > 0 && bsearch(&c->debtor, priced, owing, sizeof(*priced),
		    number_order) != NULL };
	}
	qsort(*out, n, sizeof(**out), message_order);
	return n;
}

/* Both are in order of the debtor: each payment goes to the last message before it. */
static void follow(struct message *m, size_t messages, const struct payment *p, size_t payments)
{
	size_t at = 0;

	for (size_t i = 0; i < messages; i++) {
		while (at < payments && (p[at].debtor < m[i].debtor ||
		    (p[at].debtor == m[i].debtor && p[at].on < m[i].on)))
			at++;
		for (size_t k = at; k < payments && p[k].debtor == m[i].debtor &&
		    p[k].on <= m[i].on + FOLLOW_DAYS; k++) {
			const bool later = i + 1 < messages && m[i + 1].debtor == m[i].debtor &&
			    m[i + 1].on <= p[k].on;

			m[i].followed |= p[k].minor > 0;
			if (!later && p[k].priced)
				m[i].recovered += p[k].minor;
		}
	}
}

static int id_order(const void *a, const void *b)
{
	const struct message *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* Tasks that a message caused, at their price. */
static void burden(const struct books *b, struct message *m, size_t count, double price)
{
	struct message **by_id = talloc_array(NULL, struct message *, (unsigned)count + 1);

	must(by_id != NULL);
	for (size_t i = 0; i < count; i++)
		by_id[i] = &m[i];
	qsort(by_id, count, sizeof(by_id[0]), id_order);
	for (size_t i = 0; i < b->task_count; i++) {
		struct message wanted = { .id = b->tasks[i].contact }, *key = &wanted;
		struct message **found = count == 0 || wanted.id == 0 ? NULL :
		    bsearch(&key, by_id, count, sizeof(by_id[0]), id_order);

		if (found != NULL) {
			(*found)->tasks++;
			(*found)->cost += price;
		}
	}
	talloc_free(by_id);
}

static int cost_order(const void *a, const void *b)
{
	const struct cost_row *x = a, *y = b;

	if (x->cost < y->cost || x->cost > y->cost)
		return x->cost < y->cost ? -1 : 1;
	return (x->recovered > y->recovered) - (x->recovered < y->recovered);
}

/* Per debtor: what messages whose days are over cost, and what came in after them. */
struct adding {
	struct cluster_item	*follows;
	struct amount_row	*tasks;
	struct cost_row		*costs;
	size_t			 over, debtors, priced;
};

static void message_add(struct adding *a, const struct message *m, bool fresh, bool fresh_priced)
{
	a->follows[a->over++] = (struct cluster_item){ .key = (uint64_t)m->debtor, .m = 1,
	    .y = m->followed };
	if (fresh)
		a->tasks[a->debtors++] = (struct amount_row){ 0, 0 };
	a->tasks[a->debtors - 1].paid += m->tasks;
	if (!m->priced)
		return;
	if (fresh_priced)
		a->costs[a->priced++] = (struct cost_row){ 0, 0 };
	a->costs[a->priced - 1].cost += m->cost;
	a->costs[a->priced - 1].recovered += (double)m->recovered;
}

/* What the messages of one channel add up to, debtor by debtor; the sums in an order of their
 * own, so that nothing depends on that of the rows. */
static void channel_measure(const struct message *m, size_t count, int kind, struct channel *c)
{
	struct adding a = { .follows = talloc_array(NULL, struct cluster_item, (unsigned)count + 1) };
	struct amount_row *rows = talloc_array(a.follows, struct amount_row, (unsigned)count + 1);
	int64_t last = -1, last_over = -1, last_priced = -1;
	struct amount_sums sums;

	a.tasks = talloc_array(a.follows, struct amount_row, (unsigned)count + 1);
	a.costs = talloc_array(a.follows, struct cost_row, (unsigned)count + 1);
	must(a.follows != NULL && rows != NULL && a.tasks != NULL && a.costs != NULL);
	for (size_t i = 0; i < count; i++) {
		if (m[i].kind != kind)
			continue;
		c->sent++;
		c->reached += m[i].debtor != last;
		last = m[i].debtor;
		if (!m[i].over)
			continue;
		message_add(&a, &m[i], m[i].debtor != last_over, m[i].debtor != last_priced);
		last_over = m[i].debtor;
		last_priced = m[i].priced ? m[i].debtor : last_priced;
	}
	a.over = cluster_merge(a.follows, a.over);
	for (size_t i = 0; i < a.over; i++)
		rows[i] = (struct amount_row){ a.follows[i].m, a.follows[i].y };
	amount_sort(rows, a.over);
	amount_sort(a.tasks, a.debtors);
	if (a.priced > 0)
		qsort(a.costs, a.priced, sizeof(a.costs[0]), cost_order);
	sums = amount_sums(rows, a.over);
	c->followed = amount_rate(&sums, FIGURE_LEVEL);
	sums = amount_sums(a.tasks, a.debtors);
	c->tasks = amount_mean(&sums, FIGURE_LEVEL);
	c->cost = cost_ratio_make(a.costs, a.priced, FIGURE_LEVEL);
	talloc_free(a.follows);
}

static void states_count(const struct books *b, struct channel *channels)
{
	for (size_t i = 0; i < b->contact_count; i++) {
		const struct book_contact *c = &b->contacts[i];
		const int kind = kind_of(c->channel);

		if (kind == CHANNEL_KINDS)
			continue;
		channels[kind].contacts++;
		channels[kind].receipts += strcmp(c->state, "delivered") == 0;
		channels[kind].failed += strcmp(c->state, "failed") == 0 || strcmp(c->state, "bounced") == 0;
		channels[kind].unknown += strcmp(c->state, "unknown") == 0;
	}
}

static void reach_put(json_t *report, const struct channel *channels)
{
	json_t *table = tables_add(report, "reach", "Messages by channel, and payment within 14 days");
	json_t *chart;

	table_column(table, "channel", "channel", "text", 0);
	table_column(table, "contacts", "planned", "count", 0);
	table_column(table, "sent", "sent", "count", 0);
	table_column(table, "receipts", "receipts", "count", 0);
	table_column(table, "failed", "failed", "count", 0);
	table_column(table, "unknown", "unknown", "count", 0);
	table_column(table, "debtors", "debtors", "count", 0);
	table_column(table, "followed", "paid after, of 100", "share", 0);
	chart = chart_add(report, "rows", "followed", "Of 100 messages, how many were followed by a "
	    "payment within 14 days", "One row per channel, with the interval of 95 in 100.",
	    "of 100 messages", "");
	for (int k = 0; k < CHANNEL_KINDS; k++) {
		const struct channel *c = &channels[k];
		json_t *row;

		if (c->contacts == 0)
			continue;
		row = table_add(table);
		json_put(row, "channel", json_string(kinds[k]));
		json_put(row, "contacts", json_integer(c->contacts));
		json_put(row, "sent", json_integer(c->sent));
		json_put(row, "receipts", json_integer(c->receipts));
		json_put(row, "failed", json_integer(c->failed));
		json_put(row, "unknown", json_integer(c->unknown));
		json_put(row, "debtors", json_integer(c->reached));
		row_figure(row, "followed", &c->followed);
		if (!isnan(c->followed.estimate))
			chart_row(chart, kinds[k], 100 * c->followed.estimate, 100 * c->followed.lower,
			    100 * c->followed.upper);
	}
	chart_finish(chart, 8, 0);
}

static void costs_put(json_t *report, const struct channel *channels, const char *currency)
{
	char text[TEXT_BYTES];
	json_t *table;

	(void)snprintf(text, sizeof(text), "Cost by channel in %s, of who owes in it: messages whose "
	    "days are over, and the tasks that they caused", currency);
	table = tables_add(report, "cost", text);
	table_column(table, "channel", "channel", "text", 0);
	table_column(table, "tasks", "tasks per 100 debtors", "share", 0);
	table_column(table, "cost_ratio", "cost per 100 recovered", "share", 0);
	table_column(table, "net_minor", "recovered less cost, per debtor", "minor",
	    currency_exponent(currency));
	for (int k = 0; k < CHANNEL_KINDS; k++) {
		const struct channel *c = &channels[k];
		struct figure ratio = c->cost.ratio;
		json_t *row;

		if (c->sent == 0)
			continue;
		ratio.lower = c->cost.fieller.lower;
		ratio.upper = c->cost.fieller.upper;
		ratio.method = "ratio_estimator+fieller";
		row = table_add(table);
		json_put(row, "channel", json_string(kinds[k]));
		row_figure(row, "tasks", &c->tasks);
		row_figure(row, "cost_ratio", &ratio);
		row_figure(row, "net_minor", &c->cost.net);
	}
}

json_t *report_channels_make(const struct books *b)
{
	const int exponent = currency_exponent(b->cost_currency);
	const double unit = pow(10, MILLIONTHS_DIGITS - (exponent > 0 ? exponent : 0));
	struct channel channels[CHANNEL_KINDS] = { 0 };
	json_t *report = tables_new("channels", b->as_of);
	void *tmp = talloc_new(NULL);
	struct payment *payments;
	struct message *messages;
	const size_t paid = payments_of(b, tmp, &payments);
	const size_t count = messages_of(b, tmp, unit, &messages);

	follow(messages, count, payments, paid);
	burden(b, messages, count, (double)b->task_cost / unit);
	states_count(b, channels);
	for (int k = 0; k < CHANNEL_KINDS; k++)
		channel_measure(messages, count, k, &channels[k]);
	tables_headline(report, "Who is written to over which channel is nobody's lot: these figures "
	    "describe channels, they do not compare them.");
	reach_put(report, channels);
	costs_put(report, channels, b->cost_currency);
	tables_method(report, "followed", "messages with a payment of the same debtor within 14 days; "
	    "ratio estimator over debtors");
	tables_method(report, "cost", "money is counted to the last message in the 14 days before it; "
	    "Fieller 1954");
	tables_limit(report, "An SMS is priced by its parts. The state of a message is today's, also "
	    "in a report for an earlier day.");
	tables_finish(report);
	talloc_free(tmp);
	return report;
}
