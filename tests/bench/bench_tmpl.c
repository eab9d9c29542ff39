/* bench_tmpl.c - how fast a bound template renders one e-mail, beside the
 * least that C could do: snprintf with the values escaped first, making the
 * same bytes in the same process.
 *
 * The two take turns, ROUNDS times, and the median of the ratios is printed:
 * a busy machine slows both.  The program fails when the bytes differ.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"
#include "base/tmpl.h"

#define ROUNDS 9
#define ROUND_MS 200
#define BATCH 2000
#define OUT_BYTES_MAX 65536
#define ROWS 3
#define VALUE_BYTES 256

struct row {
	struct view	number, due, balance;
};

struct mail {
	struct view		debtor, creditor, customer, total, deadline, account, reference,
				link, phone, email, fee;
	struct tmpl_rows	rows;
};

#define FIELD(type, member) { #member, TMPL_VIEW, offsetof(struct type, member), NULL }

static const struct tmpl_field row_fields[] = {
	FIELD(row, number), FIELD(row, due), FIELD(row, balance),
};
static const struct tmpl_layout row_layout = { row_fields, 3, sizeof(struct row) };
static const struct tmpl_field mail_fields[] = {
	FIELD(mail, debtor), FIELD(mail, creditor), FIELD(mail, customer), FIELD(mail, total),
	FIELD(mail, deadline), FIELD(mail, account), FIELD(mail, reference), FIELD(mail, link),
	FIELD(mail, phone), FIELD(mail, email), FIELD(mail, fee),
	{ "rows", TMPL_LIST, offsetof(struct mail, rows), &row_layout },
};
static const struct tmpl_layout mail_layout = { mail_fields, 12, sizeof(struct mail) };

static const char template[] =
"<p>Dear {{debtor}},</p>\n"
"<p>these invoices of your account {{customer}} with {{creditor}} are still open:</p>\n"
"<table>\n"
"{{#rows}}\n"
"<tr><td>{{number}}</td><td>{{due}}</td><td>{{balance}}</td></tr>\n"
"{{/rows}}\n"
"</table>\n"
"{{#fee}}\n"
"<p>A fee of {{.}} is added.</p>\n"
"{{/fee}}\n"
"{{^fee}}\n"
"<p>No fee is added by this message.</p>\n"
"{{/fee}}\n"
"<p>Together {{total}}. Please pay by {{deadline}} to {{account}}, quoting {{reference}}.</p>\n"
"<p>On <a href=\"{{link}}\">your page</a> you can pay, choose another day, pay in parts,\n"
"or tell us that something is wrong.</p>\n"
"<p>A person answers at {{phone}} and {{email}}.</p>\n";

static const char format[] =
"<p>Dear %s,</p>\n"
"<p>these invoices of your account %s with %s are still open:</p>\n"
"<table>\n%s</table>\n%s"
"<p>Together %s. Please pay by %s to %s, quoting %s.</p>\n"
"<p>On <a href=\"%s\">your page</a> you can pay, choose another day, pay in parts,\n"
"or tell us that something is wrong.</p>\n"
"<p>A person answers at %s and %s.</p>\n";

static const char *escaped(char *to, struct view v)
{
	char *o = to;

	for (size_t i = 0; i < v.len; i++) {
		const char c = v.at[i];
		const char *e = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" :
		    c == '"' ? "&quot;" : NULL;

		if (e == NULL)
			*o++ = c;
		else
			while (*e != '\0')
				*o++ = *e++;
	}
	*o = '\0';
	return to;
}

static size_t floor_render(const struct mail *m, char *out)
{
	char v[11][VALUE_BYTES], rows[1024], fee[VALUE_BYTES + 64];
	char cell[3][VALUE_BYTES];
	const struct row *row = m->rows.at;
	int n = 0;

	for (size_t i = 0; i < m->rows.count; i++)
		n += snprintf(rows + n, sizeof(rows) - (size_t)n,
		    "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", escaped(cell[0], row[i].number),
		    escaped(cell[1], row[i].due), escaped(cell[2], row[i].balance));
	if (m->fee.len > 0)
		(void)snprintf(fee, sizeof(fee), "<p>A fee of %s is added.</p>\n",
		    escaped(v[10], m->fee));
	else
		(void)snprintf(fee, sizeof(fee), "<p>No fee is added by this message.</p>\n");
	return (size_t)snprintf(out, OUT_BYTES_MAX, format, escaped(v[0], m->debtor),
	    escaped(v[1], m->customer), escaped(v[2], m->creditor), rows, fee,
	    escaped(v[3], m->total), escaped(v[4], m->deadline), escaped(v[5], m->account),
	    escaped(v[6], m->reference), escaped(v[7], m->link), escaped(v[8], m->phone),
	    escaped(v[9], m->email));
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double rate(uint64_t count, tick_t from)
{
	return (double)count * 1000.0 / (double)(clock_tick().ms - from.ms);
}

static struct mail sample(const struct row rows[ROWS])
{
	return (struct mail){
		.debtor = view_of("O'Brien & S\xc3\xb6n <ApS>"),
		.creditor = view_of("Nordlys Forsyning & Varme A/S"),
		.customer = view_of("K-4711-0815"),
		.total = view_of("DKK 1,284.50"),
		.deadline = view_of("7 December 2026"),
		.account = view_of("DK50 0040 0440 1162 43"),
		.reference = view_of("+71<000000012345674+12345678<"),
		.link = view_of("https://pay.example.org/p/8f14e45fceea167a5a36dedd4bea2543"),
		.phone = view_of("+45 70 12 34 56"),
		.email = view_of("\"Customer service\" <help@example.org>"),
		.rows = { rows, ROWS },
	};
}

/* With and without the fee, both must make the same bytes. */
static bool is_equal(const struct tmpl_bound *bound, struct mail mail, struct str *out,
    char *floor_out)
{
	struct err err = { 0 };

	for (int fee = 0; fee <= 1; fee++) {
		size_t len;

		mail.fee = view_of(fee ? "DKK 100.00 & <more>" : "");
		str_clear(out);
		must(tmpl_bound_render(bound, &mail, out, &err));
		len = floor_render(&mail, floor_out);
		if (len != out->len || memcmp(out->at, floor_out, len) != 0) {
			fprintf(stderr, "bench_tmpl: the texts differ:\n%s\n%s\n", out->at, floor_out);
			return false;
		}
	}
	return true;
}

static double bound_rate(const struct tmpl_bound *bound, const struct mail *mail, struct str *out)
{
	const tick_t from = clock_tick();
	struct err err = { 0 };
	uint64_t n;

	for (n = 0; clock_tick().ms - from.ms < ROUND_MS; n += BATCH) {
		for (int i = 0; i < BATCH; i++) {
			str_clear(out);
			must(tmpl_bound_render(bound, mail, out, &err));
		}
	}
	return rate(n, from);
}

static double floor_rate(const struct mail *mail, char *out)
{
	const tick_t from = clock_tick();
	size_t sum = 0;
	uint64_t n;

	for (n = 0; clock_tick().ms - from.ms < ROUND_MS; n += BATCH)
		for (int i = 0; i < BATCH; i++)
			sum += floor_render(mail, out);
	must(sum > 0);
	return rate(n, from);
}

static void measure(const struct tmpl_bound *bound, const struct mail *mail, struct str *out,
    char *floor_out)
{
	double ours[ROUNDS], floors[ROUNDS], ratios[ROUNDS];

	for (int r = 0; r < ROUNDS; r++) {
		ours[r] = bound_rate(bound, mail, out);
		floors[r] = floor_rate(mail, floor_out);
		ratios[r] = ours[r] / floors[r];
	}
	qsort(ours, ROUNDS, sizeof(double), by_size);
	qsort(floors, ROUNDS, sizeof(double), by_size);
	qsort(ratios, ROUNDS, sizeof(double), by_size);
	printf("template, bound     %9.0f renders/s of %zu bytes\n"
	    "snprintf + escaping %9.0f renders/s\n"
	    "ratio               %9.2f (median of %d rounds; %.2f to %.2f)\n",
	    ours[ROUNDS / 2], out->len, floors[ROUNDS / 2], ratios[ROUNDS / 2], ROUNDS,
	    ratios[0], ratios[ROUNDS - 1]);
}

int main(void)
{
	static const char *const cells[ROWS][3] = {
		{ "2026-0001234", "30 September 2026", "DKK 428.10" },
		{ "2026-0001301", "15 October 2026", "DKK 512.40" },
		{ "2026-0001377", "31 October 2026", "DKK 344.00" },
	};
	const struct tmpl_text text = { .name = "bench", .text = view_of(template),
		.kind = TMPL_HTML };
	void *ctx = talloc_new(NULL);
	char *floor_out = talloc_array(ctx, char, OUT_BYTES_MAX);
	struct row rows[ROWS];
	const struct mail mail = sample(rows);
	struct tmpl_bound *bound = NULL;
	struct err err = { 0 };
	struct tmpl *t;
	struct str out;
	bool ok = false;

	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct row){ view_of(cells[i][0]), view_of(cells[i][1]),
			view_of(cells[i][2]) };
	t = tmpl_compile(ctx, &text, &err);
	if (t != NULL)
		bound = tmpl_bind(ctx, t, &mail_layout, NULL, &err);
	if (bound != NULL) {
		str_init(&out, ctx, OUT_BYTES_MAX);
		ok = is_equal(bound, mail, &out, floor_out);
		if (ok)
			measure(bound, &mail, &out, floor_out);
	} else {
		fprintf(stderr, "bench_tmpl: %s\n", err.text);
	}
	talloc_free(ctx);
	return ok ? 0 : 1;
}
