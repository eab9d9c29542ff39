/* freeze.c - the texts of frozen.h, written; frozen.c lists the keys and reads
 * them.
 *
 * By hand, since it is done for each debtor of each plan, and building trees of
 * JSON to print them took a sixth of its time.  Texts are the same to the byte
 * as jansson prints them compactly: answers are compared as texts, with those of
 * years ago too.
 */
#include "decide/frozen.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"

#define FROZEN_BYTES_MAX (1 << 29)

/* --- JSON ------------------------------------------------------------------- */

static void put_escape(struct str *s, unsigned char c)
{
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";	/* what, and its letter */
	char hex[8];

	for (size_t i = 0; i + 1 < sizeof(named); i += 2) {
		if ((unsigned char)named[i] != c)
			continue;
		str_putc(s, '\\');
		str_putc(s, named[i + 1]);
		return;
	}
	(void)snprintf(hex, sizeof(hex), "\\u%04X", (unsigned)c);
	str_put(s, hex);
}

static void put_text(struct str *s, const char *text)
{
	const char *plain = text;

	must(utf8_is_valid(text, strlen(text)));
	str_putc(s, '"');
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= ' ' && *text != '"' && *text != '\\')
			continue;
		str_putn(s, plain, (size_t)(text - plain));
		put_escape(s, (unsigned char)*text);
		plain = text + 1;
	}
	str_putn(s, plain, (size_t)(text - plain));
	str_putc(s, '"');
}

static void put_digits(struct str *s, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	str_putn(s, &digits[at], sizeof(digits) - at);
}

/* A comma before all but the first of a list or an object. */
static void next(struct str *s)
{
	const char last = s->len > 0 ? s->at[s->len - 1] : '[';

	if (last != '[' && last != '{' && last != ':')
		str_putc(s, ',');
}

static void begin(struct str *s, char bracket)
{
	next(s);
	str_putc(s, bracket);
}

static void key(struct str *s, const char *name)
{
	next(s);
	str_putc(s, '"');
	str_put(s, name);
	str_put(s, "\":");
}

static void put_number(struct str *s, int64_t number)
{
	next(s);
	put_digits(s, number);
}

static void put_day(struct str *s, day_t day)
{
	next(s);
	if (day == DAY_NONE)
		str_put(s, "null");
	else
		put_digits(s, day);
}

static void key_number(struct str *s, const char *name, int64_t number)
{
	key(s, name);
	put_number(s, number);
}

static void key_day(struct str *s, const char *name, day_t day)
{
	key(s, name);
	put_day(s, day);
}

static void key_text(struct str *s, const char *name, const char *text)
{
	key(s, name);
	put_text(s, text);
}

static void key_bool(struct str *s, const char *name, bool yes)
{
	key(s, name);
	str_put(s, yes ? "true" : "false");
}

static void key_list(struct str *s, const char *name)
{
	key(s, name);
	begin(s, '[');
}

static char *text_of(struct str *s)
{
	must(str_ok(s));
	return str_take(s);
}

/* --- facts ------------------------------------------------------------------- */

static void key_hold(struct str *s, const char *name, const struct decide_hold *hold)
{
	key(s, name);
	if (!hold->held) {
		str_put(s, "null");
		return;
	}
	begin(s, '[');
	put_number(s, hold->type);
	put_number(s, hold->until);
	str_putc(s, ']');
}

static void put_invoice(struct str *s, const struct decide_invoice *invoice)
{
	const struct ladder_place *p = &invoice->place;

	begin(s, '[');
	put_number(s, invoice->id);
	put_number(s, invoice->balance_minor);
	put_number(s, p->due_on);
	put_number(s, p->last_step);
	put_day(s, p->last_sent_on);
	put_day(s, p->last_deadline_on);
	put_day(s, p->held_until);
	put_number(s, invoice->hold.held ? (int)invoice->hold.type : -1);
	put_number(s, invoice->hold.until);
	put_number(s, invoice->principal_minor);
	put_number(s, invoice->charged_minor);
	if (invoice->approved_step >= 0 || invoice->interest_from != DAY_NONE ||
	    invoice->interest_minor != 0 || invoice->compensated) {
		put_number(s, invoice->approved_step);
		put_day(s, invoice->interest_from);
		put_number(s, invoice->interest_minor);
		put_number(s, invoice->compensated);
	}
	str_putc(s, ']');
}

static void put_case(struct str *s, const struct decide_case *c)
{
	begin(s, '{');
	key_number(s, "i", c->id);
	key_text(s, "u", c->currency);
	key_text(s, "v", c->schedule->hash);
	key_hold(s, "h", &c->hold);
	key_number(s, "f", c->fee_count);
	key_day(s, "fd", c->last_fee_on);
	key_list(s, "o");
	for (size_t i = 0; i < c->invoice_count; i++)
		put_invoice(s, &c->invoices[i]);
	str_put(s, "]}");
}

static void put_addresses(struct str *s, const struct decide_facts *f)
{
	key_list(s, "a");
	for (int i = 0; i < CHANNELS; i++) {
		begin(s, '[');
		put_number(s, f->address[i].id);
		put_number(s, (f->address[i].opted_out ? 1 : 0) | (f->address[i].bad ? 2 : 0));
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

static void put_sent(struct str *s, const struct decide_facts *f)
{
	key_list(s, "s");
	for (size_t i = 0; i < f->sent_count; i++) {
		begin(s, '[');
		put_number(s, f->sent[i].at);
		put_number(s, f->sent[i].channel);
		if (f->sent[i].other)
			put_number(s, 1);
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

static void put_zones(struct str *s, const struct decide_facts *f)
{
	key_list(s, "zs");
	for (size_t i = 0; i < f->zone_count; i++) {
		begin(s, '[');
		put_text(s, zone_name(f->zones[i].zone));
		put_number(s, f->zones[i].told_by);
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

static void put_habit(struct str *s, const struct decide_facts *f)
{
	key_list(s, "hb");
	for (int c = 0; c < CHANNELS; c++) {
		begin(s, '[');
		put_number(s, f->habit[c].tried);
		put_number(s, f->habit[c].reacted);
		put_number(s, f->habit[c].permille);
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

static void put_standing(struct str *s, const struct decide_facts *f)
{
	bool any = false;

	for (int type = 0; type < HOLD_TYPES; type++)
		any = any || f->standing[type] != 0;
	if (!any)
		return;
	key_list(s, "sl");
	for (int type = 0; type < HOLD_TYPES; type++) {
		if (f->standing[type] == 0)
			continue;
		begin(s, '[');
		put_number(s, type);
		put_number(s, f->standing[type]);
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

char *facts_freeze(void *ctx, const struct decide_facts *f)
{
	struct str s;

	str_init(&s, ctx, FROZEN_BYTES_MAX);
	begin(&s, '{');
	key_number(&s, "e", f->edition);
	key_number(&s, "n", f->now);
	key_text(&s, "z", zone_name(f->debtor_zone));
	key_text(&s, "cz", zone_name(f->creditor_zone));
	key_number(&s, "p", f->party);
	key_number(&s, "w", f->prefers_given ? (int)f->prefers : -1);
	put_addresses(&s, f);
	put_sent(&s, f);
	key_number(&s, "pc", f->pending_contact);
	key_number(&s, "uc", f->unknown_contact);
	key_bool(&s, "l", f->loose_money);
	key_hold(&s, "h", &f->hold);
	key_number(&s, "m", f->arm);
	key_number(&s, "b", f->bucket);
	key_number(&s, "g", f->margin_minutes);
	key_list(&s, "c");
	for (size_t i = 0; i < f->case_count; i++)
		put_case(&s, &f->cases[i]);
	str_putc(&s, ']');
	if (f->other_lang[0] != '\0')
		key_text(&s, "ol", f->other_lang);
	if (f->zone_count > 0)
		put_zones(&s, f);
	if (f->region != NULL)
		key_text(&s, "rg", f->region);
	if (f->held_out)
		key_bool(&s, "ho", true);
	if (f->softened)
		key_bool(&s, "so", true);
	if (f->stopped_arms != 0)
		key_number(&s, "st", (int64_t)f->stopped_arms);
	if (f->replied_given)
		key_number(&s, "rp", f->replied);
	if (f->habit_given)
		put_habit(&s, f);
	if (f->acts_given)
		key_number(&s, "ah", f->acts_hour);
	put_standing(&s, f);
	if (f->posting_days != 0)
		key_number(&s, "pd", f->posting_days);
	str_putc(&s, '}');
	return text_of(&s);
}

/* --- answers ------------------------------------------------------------------ */

static void put_parts(struct str *s, const struct decide_facts *f, const struct decision *d)
{
	key_list(s, "parts");
	for (size_t i = 0; i < d->case_count; i++) {
		const struct decide_step *part = &d->cases[i];
		const struct decide_case *c = &f->cases[part->case_index];

		begin(s, '[');
		put_number(s, c->id);
		put_number(s, c->invoices[part->carrying].id);
		put_number(s, part->fee_minor);
		if (part->interest_minor != 0 || part->compensation_minor != 0) {
			put_number(s, part->interest_minor);
			put_number(s, part->compensation_minor);
		}
		str_putc(s, ']');
	}
	str_putc(s, ']');
}

static void put_contact(struct str *s, const struct decision *d)
{
	key_text(s, "channel", channel_name(d->channel));
	key_number(s, "address", d->address_id);
	key_text(s, "tone", tone_name(d->tone));
	key_number(s, "arm", d->arm);
	key_bool(s, "assign", d->assign);
	key_number(s, "ripe_at", d->ripe_at);
	key_number(s, "closes_at", d->closes_at);
	key_number(s, "expires_at", d->expires_at);
	key_day(s, "deadline_on", d->deadline_on);
}

char *decision_freeze(void *ctx, const struct decide_facts *f, const struct decision *d)
{
	struct str s;

	str_init(&s, ctx, FROZEN_BYTES_MAX);
	begin(&s, '{');
	key_text(&s, "result", decide_result_name(d->result));
	key_text(&s, "reason", d->reason);
	key_number(&s, "next_check_at", d->next_check_at);
	if (d->result == DECIDE_CONTACT || d->result == DECIDE_HAND_OVER) {
		key_text(&s, "step", d->schedule->steps[d->step].id);
		put_parts(&s, f, d);
	}
	if (d->result == DECIDE_CONTACT)
		put_contact(&s, d);
	else if (d->assign)
		key_number(&s, "assigned", d->arm);
	str_putc(&s, '}');
	return text_of(&s);
}
