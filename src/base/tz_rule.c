/* tz_rule.c - see tz_rule.h. */
#include "base/tz_rule.h"

static bool take(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool take_number(const char **s, int max, int *out)
{
	int n = 0;

	if (**s < '0' || **s > '9')
		return false;
	while (**s >= '0' && **s <= '9') {
		n = n * 10 + (**s - '0');
		if (n > max)
			return false;
		(*s)++;
	}
	*out = n;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_name(const char **s)
{
	const bool quoted = take(s, '<');
	const char *start = *s;

	while (is_letter(**s) || (quoted && (**s == '+' || **s == '-' ||
	    (**s >= '0' && **s <= '9'))))
		(*s)++;
	return *s - start >= 3 && (!quoted || take(s, '>'));
}

/* [+-]h[h[h]][:mm[:ss]] in seconds; up to 167 hours, as RFC 8536 allows. */
static bool take_time(const char **s, int32_t *out)
{
	const bool minus = take(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, 167, &h))
		return false;
	if (take(s, ':') && !take_number(s, 59, &m))
		return false;
	if (take(s, ':') && !take_number(s, 59, &sec))
		return false;
	*out = h * 3600 + m * 60 + sec;
	if (minus)
		*out = -*out;
	return true;
}

static bool take_turn(const char **s, struct tz_turn *turn)
{
	bool ok;

	*turn = (struct tz_turn){ .form = DAY_ZERO_BASED, .second = 2 * 3600 };
	if (take(s, 'J')) {
		turn->form = DAY_JULIAN;
		ok = take_number(s, 365, &turn->day) && turn->day >= 1;
	} else if (take(s, 'M')) {
		turn->form = DAY_OF_MONTH;
		ok = take_number(s, 12, &turn->month) && turn->month >= 1 &&
		    take(s, '.') && take_number(s, 5, &turn->week) && turn->week >= 1 &&
		    take(s, '.') && take_number(s, 6, &turn->day);
	} else {
		ok = take_number(s, 365, &turn->day);
	}
	if (ok && take(s, '/'))
		ok = take_time(s, &turn->second);
	return ok;
}

/* POSIX counts offsets westward; we count eastward. */
bool tz_rule_parse(const char *s, struct tz_rule *f)
{
	int32_t west;

	*f = (struct tz_rule){ 0 };
	if (!take_name(&s) || !take_time(&s, &west))
		return false;
	f->standard = -west;
	if (*s == '\0')
		return true;
	f->has_daylight = true;
	f->daylight = f->standard + 3600;
	if (!take_name(&s))
		return false;
	if (*s != ',') {
		if (!take_time(&s, &west))
			return false;
		f->daylight = -west;
	}
	return take(&s, ',') && take_turn(&s, &f->begins) &&
	    take(&s, ',') && take_turn(&s, &f->ends) && *s == '\0';
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

day_t tz_turn_day(const struct tz_turn *turn, int year)
{
	const day_t january = day_from_ymd(year, 1, 1);
	day_t first, day, next;

	switch (turn->form) {
	case DAY_JULIAN:	/* 1..365; 29 February is never counted */
		return january + turn->day - 1 + (is_leap(year) && turn->day >= 60);
	case DAY_ZERO_BASED:
		return january + turn->day;
	case DAY_OF_MONTH:
		break;
	}
	first = day_from_ymd(year, turn->month, 1);
	next = turn->month == 12 ? day_from_ymd(year + 1, 1, 1)
	    : day_from_ymd(year, turn->month + 1, 1);
	day = first + (turn->day - day_weekday(first) % 7 + 7) % 7 + 7 * (turn->week - 1);
	while (day >= next)
		day -= 7;
	return day;
}
