/* pay_input.c - see pay_input.h. */
#include "web/pay_input.h"

#include <string.h>

#include "base/must.h"

#define YEAR_DIGITS 4

static bool number_take(const char **at, size_t digits_max, int *out)
{
	size_t digits = 0;

	*out = 0;
	while (digits < digits_max && **at >= '0' && **at <= '9') {
		*out = *out * 10 + (**at - '0');
		(*at)++;
		digits++;
	}
	return digits > 0;
}

static void gap_skip(const char **at)
{
	*at += strspn(*at, " ./-");
}

bool pay_day_parse(const char *text, day_t *out)
{
	const char *at = text + strspn(text, " ");
	const char *first = at;
	int day, month, year;

	if (day_parse_iso(&at, out))
		return at[strspn(at, " ")] == '\0';
	at = first;
	if (!number_take(&at, 2, &day) || strspn(at, " ./-") == 0)
		return false;
	gap_skip(&at);
	if (!number_take(&at, 2, &month) || strspn(at, " ./-") == 0)
		return false;
	gap_skip(&at);
	first = at;
	if (!number_take(&at, YEAR_DIGITS, &year) || at - first != YEAR_DIGITS ||
	    at[strspn(at, " ")] != '\0' || !ymd_is_real(year, month, day))
		return false;
	*out = day_from_ymd(year, month, day);
	return true;
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

/* Characters, not bytes: the limit that the page states. */
static size_t count_chars(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void read_text(struct pay_action *action, const struct form *form,
    struct page_facts *facts)
{
	action->text = form_value(form, "text");
	facts->text = view_of(action->text);
	if (is_blank(action->text))
		action->text = "";
	facts->text_long = count_chars(action->text) > PAY_TEXT_CHARS_MAX;
	facts->bad_text = facts->text_long;
}

static void read_promise_day(struct pay_action *action, const struct form *form,
    const struct pay_view *view, struct page_facts *facts)
{
	const char *text = form_value(form, "day");

	facts->day = view_of(text);
	if (is_blank(text))
		facts->day_missing = true;
	else if (!pay_day_parse(text, &action->day))
		facts->day_unreal = true;
	else if (view->promise_first == DAY_NONE)
		;	/* the desk says: the same form sent twice, or no promise here */
	else if (action->day < view->promise_first)
		facts->day_early = true;
	else if (action->day > view->promise_last)
		facts->day_late = true;
	facts->bad_day = facts->day_missing || facts->day_unreal || facts->day_early ||
	    facts->day_late;
}

/* When it was paid: may be left open, and lies in the past. */
static void read_paid_day(struct pay_action *action, const struct form *form,
    const struct pay_view *view, struct page_facts *facts)
{
	const char *text = form_value(form, "day");

	facts->day = view_of(text);
	if (is_blank(text))
		return;
	if (!pay_day_parse(text, &action->day) ||
	    action->day < view->facts.today - PAID_DAYS_BACK_MAX)
		facts->day_unreal = true;
	else if (action->day > view->facts.today)
		facts->day_ahead = true;
	facts->bad_day = facts->day_unreal || facts->day_ahead;
}

static void read_reason(struct pay_action *action, const struct form *form,
    struct page_facts *facts)
{
	const char *word = form_value(form, "reason");

	if (!pay_reason_parse(word, &action->reason) || action->reason == PAY_REASON_NONE) {
		facts->bad_reason = true;
		return;
	}
	facts->reason_not_mine = action->reason == PAY_REASON_NOT_MINE;
	facts->reason_amount = action->reason == PAY_REASON_AMOUNT;
	facts->reason_goods = action->reason == PAY_REASON_GOODS;
	facts->reason_cancelled = action->reason == PAY_REASON_CANCELLED;
	facts->reason_twice = action->reason == PAY_REASON_TWICE;
	facts->reason_other = action->reason == PAY_REASON_OTHER;
	if (facts->reason_other && action->text[0] == '\0') {
		facts->text_missing = true;
		facts->bad_text = true;
	}
}

static void read_parts(struct pay_action *action, const struct form *form,
    struct page_facts *facts)
{
	const char *text = form_value(form, "parts");
	const char *at = text;

	if (text[0] == '\0')
		return;			/* "I do not know yet" */
	if (!number_take(&at, 2, &action->parts) || *at != '\0' ||
	    action->parts < PAY_PARTS_MIN || action->parts > PAY_PARTS_MAX) {
		facts->bad_parts = true;
		return;
	}
	facts->parts_2 = action->parts == 2;
	facts->parts_3 = action->parts == 3;
	facts->parts_4 = action->parts == 4;
	facts->parts_6 = action->parts == 6;
	facts->parts_12 = action->parts == 12;
}

static void read_rating(struct pay_action *action, const struct form *form,
    struct page_facts *facts)
{
	const char *text = form_value(form, "rating");
	const char *at = text;

	facts->bad_rating = !number_take(&at, 1, &action->rating) || *at != '\0' ||
	    action->rating < 1 || action->rating > PAY_RATING_MAX;
}

bool pay_input_read(struct pay_action *action, const struct form *form,
    const struct pay_view *view, struct page_facts *facts)
{
	action->day = DAY_NONE;
	read_text(action, form, facts);
	switch (action->kind) {
	case PAY_ACT_PAID_CLAIMED:
		read_paid_day(action, form, view, facts);
		break;
	case PAY_ACT_PROMISE:
		read_promise_day(action, form, view, facts);
		break;
	case PAY_ACT_DISPUTE:
		read_reason(action, form, facts);
		break;
	case PAY_ACT_PARTS:
		read_parts(action, form, facts);
		break;
	case PAY_ACT_HELP:
		break;
	case PAY_ACT_RATE:
		read_rating(action, form, facts);
		break;
	case PAY_ACT_UNSUBSCRIBE:
	case PAY_ACTS:
		must(!"a form of its own");
	}
	facts->bad = facts->bad_day || facts->bad_text || facts->bad_reason || facts->bad_parts ||
	    facts->bad_rating;
	return !facts->bad;
}
