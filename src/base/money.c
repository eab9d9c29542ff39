/* money.c - see money.h. */
#include "base/money.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/must.h"

static const struct { char code[CURRENCY_BYTES]; int exponent; } currencies[] = {
	{ "AED", 2 }, { "ARS", 2 }, { "AUD", 2 }, { "BGN", 2 }, { "BHD", 3 },
	{ "BRL", 2 }, { "CAD", 2 }, { "CHF", 2 }, { "CLP", 0 }, { "CNY", 2 },
	{ "COP", 2 }, { "CZK", 2 }, { "DKK", 2 }, { "EGP", 2 }, { "EUR", 2 },
	{ "GBP", 2 }, { "HKD", 2 }, { "HRK", 2 }, { "HUF", 2 }, { "IDR", 2 },
	{ "ILS", 2 }, { "INR", 2 }, { "ISK", 0 }, { "JPY", 0 }, { "KES", 2 },
	{ "KRW", 0 }, { "KWD", 3 }, { "MAD", 2 }, { "MXN", 2 }, { "MYR", 2 },
	{ "NOK", 2 }, { "NZD", 2 }, { "OMR", 3 }, { "PEN", 2 }, { "PHP", 2 },
	{ "PLN", 2 }, { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "SAR", 2 },
	{ "SEK", 2 }, { "SGD", 2 }, { "THB", 2 }, { "TND", 3 }, { "TRY", 2 },
	{ "TWD", 2 }, { "UAH", 2 }, { "USD", 2 }, { "VND", 0 }, { "ZAR", 2 },
};

int currency_exponent(const char *code)
{
	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
		if (strcmp(currencies[i].code, code) == 0)
			return currencies[i].exponent;
	return -1;
}

/* Length in bytes of a group mark at `at`, 0 when none stands there. */
static size_t group_mark_length(struct view v, size_t at, char mark)
{
	if (mark == 0)
		return 0;
	if (v.at[at] == mark)
		return 1;
	if (mark != ' ')
		return 0;
	if (v.len - at >= 2 && memcmp(v.at + at, "\xc2\xa0", 2) == 0)
		return 2;
	if (v.len - at >= 3 && memcmp(v.at + at, "\xe2\x80\xaf", 3) == 0)
		return 3;
	return 0;
}

struct number {
	int64_t	minor;
	int	whole_digits;
	int	decimals;
	int	group_digits;	/* digits since the last group mark, -1: no mark */
	bool	in_decimals;
};

static bool number_digit(struct number *n, int digit, int exponent)
{
	if (n->in_decimals) {
		n->decimals++;
		if (n->decimals > exponent)
			return digit == 0;
	} else {
		n->whole_digits++;
		if (n->group_digits >= 0 && ++n->group_digits > 3)
			return false;
	}
	if (n->minor > MONEY_MINOR_MAX)
		return true;	/* too large already, whatever follows */
	n->minor = n->minor * 10 + digit;
	return true;
}

static bool number_parse(struct view v, struct number_form form, int exponent,
    struct number *n)
{
	for (size_t i = 0; i < v.len;) {
		const char c = v.at[i];
		const size_t mark = group_mark_length(v, i, form.group_mark);

		if (c >= '0' && c <= '9') {
			if (!number_digit(n, c - '0', exponent))
				return false;
			i++;
		} else if (mark > 0 && !n->in_decimals) {
			if (n->whole_digits == 0 || n->whole_digits > 3 * (n->group_digits < 0 ? 1 : 9) ||
			    (n->group_digits >= 0 && n->group_digits != 3))
				return false;
			n->group_digits = 0;
			i += mark;
		} else if (c == form.decimal_mark && !n->in_decimals) {
			n->in_decimals = true;
			i++;
		} else {
			return false;
		}
	}
	if (n->whole_digits == 0 || (n->group_digits >= 0 && n->group_digits != 3))
		return false;
	return !(n->in_decimals && n->decimals == 0);
}

/* Does a mark stand there as between thousands, with three digits behind it? */
static bool thousands_at(struct view v, size_t i)
{
	size_t digits = 0;

	while (i + 1 + digits < v.len && v.at[i + 1 + digits] >= '0' && v.at[i + 1 + digits] <= '9')
		digits++;
	return i > 0 && digits == 3;
}

/* What a person can do about a text that is no number. */
static const char *way_out(struct view v, struct number_form form)
{
	static const char marks[] = "0123456789.,' +-\xc2\xa0\xe2\x80\xaf";
	bool thousands = false;

	for (size_t i = 0; i < v.len; i++) {
		if (v.at[i] == '(' || v.at[i] == ')')
			return ": it stands in parentheses; export it with a minus";
		if (memchr(marks, v.at[i], sizeof(marks) - 1) == NULL)
			return ": letters or signs stand with it; export the number alone";
		thousands = thousands || ((v.at[i] < '0' || v.at[i] > '9') &&
		    v.at[i] != form.decimal_mark && thousands_at(v, i));
	}
	return thousands && form.group_mark == 0 ? ": it has marks between thousands, and "
	    "the profile names no \"group_mark\"" : "";
}

/* The sign, in front or behind (as some ledgers write it), taken off; U+2212
 * is a minus as well. */
static bool sign_take(struct view *v)
{
	static const char minus[] = "\xe2\x88\x92";

	if (v->len > 0 && (v->at[0] == '-' || v->at[0] == '+')) {
		*v = (struct view){ v->at + 1, v->len - 1 };
		return v->at[-1] == '-';
	}
	if (v->len > 3 && memcmp(v->at, minus, 3) == 0) {
		*v = (struct view){ v->at + 3, v->len - 3 };
		return true;
	}
	if (v->len > 1 && v->at[v->len - 1] == '-') {
		v->len--;
		return true;
	}
	return false;
}

bool money_parse(struct view text, struct number_form form, int exponent,
    int64_t *minor, struct err *err)
{
	struct view v = view_trim(text);
	struct number n = { .group_digits = -1 };
	bool negative;

	must(exponent >= 0 && exponent <= 3);
	negative = sign_take(&v);
	if (!number_parse(v, form, exponent, &n))
		return err_set(err, ERR_INPUT,
		    "not an amount with decimal mark '%c' and at most %d decimals%s",
		    form.decimal_mark, exponent, way_out(v, form));
	for (int i = n.decimals; i < exponent; i++) {
		if (n.minor > MONEY_MINOR_MAX)
			break;
		n.minor *= 10;
	}
	if (n.minor > MONEY_MINOR_MAX)
		return err_set(err, ERR_INPUT, "the amount is absurdly large");
	*minor = negative ? -n.minor : n.minor;
	return true;
}

void money_put(struct str *out, int64_t minor, int exponent)
{
	int64_t unit = 1;
	const int64_t size = minor < 0 ? -minor : minor;

	for (int i = 0; i < exponent; i++)
		unit *= 10;
	str_printf(out, "%s%" PRId64, minor < 0 ? "-" : "", size / unit);
	if (exponent > 0)
		str_printf(out, ".%0*" PRId64, exponent, size % unit);
}
