/* web_probe.c - the link page's server with a desk that lives in memory.
 *
 *   web_probe [--port N] [--now RFC3339]
 *
 * Prints {"port":N} when it listens, then one JSON line per act() that had an
 * effect or was a repetition; the access log goes to stderr.  What a link
 * shows is said by the first four characters of its token:
 *
 *   open one invoice          many several, two currencies, fees, a held one
 *   soon not due yet          late no day may be promised
 *   paid everything is paid   gone the link has run out
 *   wild texts full of markup busy the desk asks to come later
 *   fail the desk fails       anything else: no such link
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"
#include "base/secret.h"
#include "web/page.h"
#include "web/server.h"
#include "web/site.h"

#define ACTS_MAX 20000
#define PROMISE_DAYS_MAX 30

struct act {
	char			token[TOKEN_TEXT_BYTES];
	char			key[PAY_KEY_BYTES];
	enum pay_act		kind;
	struct pay_receipt	receipt;
};

struct desk {
	struct act	acts[ACTS_MAX];
	size_t		count;
};

static bool says(const char *token, const char *start)
{
	return strncmp(token, start, 4) == 0;
}

static const struct fact_creditor creditor = {
	.name = "Nordlys Fitness A/S", .phone = "+45 70 12 34 56",
	.email = "regning@nordlys.example", .street = "Havnegade 4",
	.postcode = "8000", .city = "Aarhus C", .company_id = "12345678",
	.account = "Reg. 9999 konto 1234567890", .account_name = "Nordlys Fitness A/S",
};

static const struct fact_creditor wild_creditor = {
	.name = "<b>Ø & Å</b> \"A/S\"", .phone = "+45 70 12 34 56\"><script>",
	.email = "\"><img src=x>@x.example", .street = "<i>", .postcode = "&",
	.city = "\"", .company_id = "<u>", .account = "\"><script>alert(1)</script>",
	.account_name = "</dl>",
};

static struct fact_invoice invoice(const char *number, const char *subject,
    const char *currency, int64_t amount, int64_t balance, day_t due, day_t today)
{
	struct fact_invoice out = { .number = number, .subject = subject,
	    .amount_minor = amount, .balance_minor = balance,
	    .issued_on = due - 14, .due_on = due, .overdue = due < today };

	memcpy(out.currency, currency, CURRENCY_BYTES);
	return out;
}

static void fill_one(void *ctx, struct pay_view *v, const char *number, const char *subject,
    day_t due)
{
	struct message_facts *f = &v->facts;
	struct fact_invoice *rows = talloc_zero(ctx, struct fact_invoice);
	struct fact_total *total = talloc_zero(ctx, struct fact_total);

	rows[0] = invoice(number, subject, "DKK", 29900, 29900, due, f->today);
	memcpy(total->currency, "DKK", CURRENCY_BYTES);
	total->due_minor = rows[0].overdue ? 29900 : 0;
	total->open_minor = 29900;
	f->invoices = rows;
	f->invoice_count = 1;
	f->totals = total;
	f->total_count = 1;
	f->deadline = rows[0].overdue ? f->today + 10 : due;
}

static void fill_many(void *ctx, struct pay_view *v)
{
	struct message_facts *f = &v->facts;
	const day_t t = f->today;
	struct fact_invoice *rows = talloc_zero_array(ctx, struct fact_invoice, 4);
	struct fact_total *totals = talloc_zero_array(ctx, struct fact_total, 2);
	struct pay_fee *fees = talloc_zero_array(ctx, struct pay_fee, 2);

	rows[0] = invoice("10231", "Medlemskab september", "DKK", 29900, 35423, t - 52, t);
	rows[0].fees_minor = 10000;
	rows[0].interest_minor = 523;
	rows[1] = invoice("10388", "Personlig træning, 5 timer", "DKK", 225000, 225000, t - 21, t);
	rows[1].held = true;
	rows[2] = invoice("10412", "Medlemskabsafregningsperiodeforlængelsesgebyrfakturering", "DKK", 29900, 29900, t + 9, t);
	rows[3] = invoice("E-77", "", "EUR", 12050, 12050, t - 5, t);
	memcpy(totals[0].currency, "DKK", CURRENCY_BYTES);
	totals[0].due_minor = 35423;
	totals[0].open_minor = 290323;
	memcpy(totals[1].currency, "EUR", CURRENCY_BYTES);
	totals[1].due_minor = 12050;
	totals[1].open_minor = 12050;
	fees[0] = (struct pay_fee){ ENTRY_FEE, "10231", "rentelovens § 9 b", "DKK", 10000, t - 30, false };
	fees[1] = (struct pay_fee){ ENTRY_INTEREST, "10231", "rentelovens § 5", "DKK", 523, t, false };
	f->invoices = rows;
	f->invoice_count = 4;
	f->totals = totals;
	f->total_count = 2;
	f->deadline = t + 10;
	v->fees = fees;
	v->fee_count = 2;
}

/* Claims that a collector has now. */
static void fill_passed(void *ctx, struct pay_view *v, const char *collector)
{
	struct pay_passed *rows = talloc_zero_array(ctx, struct pay_passed, 2);
	const day_t today = v->facts.today;

	rows[0] = (struct pay_passed){ "10102", "Medlemskab juli", "DKK", 45900, today - 3 };
	rows[1] = (struct pay_passed){ "10099", "", "EUR", 12050, today - 30 };
	v->passed = rows;
	v->passed_count = 2;
	v->collector = collector;
}

static enum hold_type hold_of(enum pay_act act)
{
	switch (act) {
	case PAY_ACT_PROMISE:
		return HOLD_PROMISE;
	case PAY_ACT_PAID_CLAIMED:
		return HOLD_PAID_CLAIMED;
	case PAY_ACT_DISPUTE:
		return HOLD_DISPUTE;
	case PAY_ACT_PARTS:
	case PAY_ACT_HELP:
	case PAY_ACT_UNSUBSCRIBE:
	case PAY_ACT_RATE:
	case PAY_ACTS:
		break;
	}
	return HOLD_MANUAL;
}

static void fill_holds(void *ctx, const struct desk *desk, const char *token, struct pay_view *v)
{
	struct pay_hold *rows = talloc_zero_array(ctx, struct pay_hold, 8);

	for (size_t i = 0; i < desk->count && v->hold_count < 8; i++) {
		const struct act *a = &desk->acts[i];

		if (strcmp(a->token, token) != 0)
			continue;
		if (a->kind == PAY_ACT_UNSUBSCRIBE) {
			v->unsubscribed = true;
			continue;
		}
		rows[v->hold_count++] = (struct pay_hold){ hold_of(a->kind), "",
		    a->receipt.reference, v->facts.today, a->receipt.quiet_until };
	}
	v->holds = rows;
}

static bool look_up(void *arg, void *ctx, const char *token, instant_t now,
    struct pay_view *v, struct err *err)
{
	const day_t today = instant_utc_day(now);
	struct message_facts *f = &v->facts;

	*v = (struct pay_view){ .promise_first = today + 1, .promise_last = today + PROMISE_DAYS_MAX,
	    .opening_hours = "hverdage 9-15" };
	*f = (struct message_facts){ .channel = CHANNEL_EMAIL, .lang = "da", .creditor = creditor,
	    .debtor_name = "Anna Jensen", .debtor_id = "4711", .country = "DK", .law = "DK",
	    .reference = "+71<000000010231",
	    .today = today, .deadline = DAY_NONE, .template = "", .link_url = "",
	    .unsubscribe_url = "" };
	if (says(token, "busy"))
		return err_set(err, ERR_RETRY, "the store is busy");
	if (says(token, "fail"))
		return err_set(err, ERR_SYSTEM, "the store is gone");
	v->found = true;
	v->expired = says(token, "gone");
	v->all_paid = says(token, "paid");
	v->all_passed = says(token, "past");
	if (v->all_passed)
		fill_passed(ctx, v, "");
	if (says(token, "many")) {
		fill_many(ctx, v);
		fill_passed(ctx, v, "Nordisk Inkasso A/S, tlf. 70 10 20 30");
	} else if (says(token, "soon")) {
		f->channel = CHANNEL_SMS;
		fill_one(ctx, v, "10412", "Medlemskab december", today + 9);
	} else if (says(token, "wild")) {
		f->creditor = wild_creditor;
		f->debtor_name = f->debtor_id = f->reference = "</p><script>alert(1)</script>";
		fill_one(ctx, v, "<s>1", "\" onload=\"alert(1)", today - 20);
	} else if (says(token, "open") || says(token, "late")) {
		fill_one(ctx, v, "10388", "Medlemskab november", today - 20);
	} else if (!v->expired && !v->all_paid && !v->all_passed) {
		v->found = false;
	}
	if (says(token, "late"))
		v->promise_first = v->promise_last = DAY_NONE;
	fill_holds(ctx, arg, token, v);
	return true;
}

static void print_act(const char *token, const struct pay_action *a, const struct pay_receipt *r)
{
	char day[DAY_TEXT_BYTES];
	json_t *line = json_pack("{s:s s:s s:s s:s s:i s:s s:s s:s s:b s:i}", "token", token,
	    "kind", pay_act_name(a->kind), "day", day_text(a->day, day), "reason",
	    pay_reason_name(a->reason), "parts", a->parts, "text", a->text, "lang", a->lang,
	    "key", a->key, "repeated", r->repeated, "outcome", (int)r->outcome);
	char *text = json_dumps(line, JSON_COMPACT);

	puts(text);
	fflush(stdout);
	free(text);
	json_decref(line);
}

static bool act(void *arg, void *ctx, const char *token, const struct pay_action *a,
    instant_t now, struct pay_receipt *out, struct err *err)
{
	const day_t today = instant_utc_day(now);
	struct desk *desk = arg;
	struct act *row;

	(void)ctx;
	(void)err;
	*out = (struct pay_receipt){ .outcome = PAY_DONE, .quiet_until = DAY_NONE,
	    .answer_by = today + 3 };
	for (size_t i = 0; i < desk->count; i++) {
		if (strcmp(desk->acts[i].token, token) != 0 || strcmp(desk->acts[i].key, a->key) != 0)
			continue;
		*out = desk->acts[i].receipt;
		out->repeated = true;
		print_act(token, a, out);
		return true;
	}
	if (a->kind == PAY_ACT_PROMISE && day_weekday(a->day) == 7) {
		out->outcome = PAY_DAY_REFUSED;		/* this desk rests on Sundays */
		print_act(token, a, out);
		return true;
	}
	must(desk->count < ACTS_MAX);
	row = &desk->acts[desk->count++];
	out->quiet_until = a->kind == PAY_ACT_PROMISE ? a->day :
	    a->kind == PAY_ACT_PAID_CLAIMED ? today + 7 : DAY_NONE;
	snprintf(out->reference, sizeof(out->reference), "PR-%06zu", desk->count);
	memcpy(row->token, token, sizeof(row->token));
	memcpy(row->key, a->key, sizeof(row->key));
	row->kind = a->kind;
	row->receipt = *out;
	print_act(token, a, out);
	return true;
}

static int fail(const struct err *err)
{
	fprintf(stderr, "web_probe: %s\n", err->text);
	return 1;
}

static struct site *site_make(void *ctx, struct err *err)
{
	static struct pay_desk desk = { .look_up = look_up, .act = act };
	struct site_options options = { .desk = &desk, .lang = "en", .log = stderr };
	struct page_library *pages = page_library_new(ctx);

	desk.arg = talloc_zero(ctx, struct desk);
	options.pages = pages;
	secret_random(options.key.at, sizeof(options.key.at));
	if (!page_library_add_assets(pages, err) || !page_library_close(pages, err))
		return NULL;
	return site_new(ctx, &options, err);
}

int main(int argc, char **argv)
{
	struct server_options options = { .address = "127.0.0.1", .log = stderr };
	struct err err = { 0 };
	struct server *server;
	void *ctx = talloc_new(NULL);

	secret_start();
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			options.port = (uint16_t)atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--now") != 0 ||
		    !instant_parse(argv[i + 1], &options.now, &err))
			return fail(&err);
	}
	options.site = site_make(ctx, &err);
	if (options.site == NULL)
		return fail(&err);
	server = server_new(ctx, &options, &err);
	if (server == NULL)
		return fail(&err);
	printf("{\"port\":%u}\n", (unsigned)server_port(server));
	fflush(stdout);
	if (!server_run(server, &err))
		return fail(&err);
	talloc_free(ctx);
	return 0;
}
