/* clock.c - see clock.h. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/date.h"
#include "base/err.h"
#include "base/must.h"

instant_t clock_now(void)
{
	struct timespec ts;

	must(clock_gettime(CLOCK_REALTIME, &ts) == 0);
	return (instant_t)ts.tv_sec;
}

tick_t clock_tick(void)
{
	struct timespec ts;

	must(clock_gettime(CLOCK_MONOTONIC, &ts) == 0);
	return (tick_t){ .ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 };
}

/* Two digits and what follows them; the next place. */
static char *put_two(char *at, int value, char after)
{
	at[0] = (char)('0' + value / 10);
	at[1] = (char)('0' + value % 10);
	at[2] = after;
	return at + 3;
}

/* By hand: printf() was a third of the time of a million answers. */
const char *instant_text(instant_t at, char out[INSTANT_TEXT_BYTES])
{
	char *s = out;
	const day_t day = instant_utc_day(at);
	const int second = (int)(at - (instant_t)day * SECONDS_PER_DAY);
	struct ymd ymd = day_ymd(day);

	/* A year of more than four digits would not fit the record's form. */
	if (at < day_instant_utc(day_from_ymd(0, 1, 1)) || at > INSTANT_MAX)
		ymd = (struct ymd){ .year = 9999, .month = 12, .day = 31 };
	(void)put_two(s, ymd.year / 100, '\0');
	s = put_two(s + 2, ymd.year % 100, '-');
	s = put_two(s, ymd.month, '-');
	s = put_two(s, ymd.day, 'T');
	s = put_two(s, second / 3600, ':');
	s = put_two(s, second / 60 % 60, ':');
	s = put_two(s, second % 60, 'Z');
	*s = '\0';
	return out;
}

/* Reads exactly `n` digits; -1 when something else stands there. */
static int digits(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		const char c = (*at)[i];

		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	*at += n;
	return value;
}

/* Reads "Z" or "+hh:mm" at the end of an instant into seconds east of UTC. */
static bool parse_offset(const char **at, int *seconds)
{
	int sign, hour, minute;

	if (**at == 'Z' || **at == 'z') {
		(*at)++;
		*seconds = 0;
		return true;
	}
	if (**at != '+' && **at != '-')
		return false;
	sign = *(*at)++ == '-' ? -1 : 1;
	hour = digits(at, 2);
	if (hour < 0 || hour > 23 || *(*at)++ != ':')
		return false;
	minute = digits(at, 2);
	if (minute < 0 || minute > 59)
		return false;
	*seconds = sign * (hour * 3600 + minute * 60);
	return true;
}

static bool parse_time_of_day(const char **at, int *second)
{
	int hour, minute, sec;

	hour = digits(at, 2);
	if (hour < 0 || hour > 23 || *(*at)++ != ':')
		return false;
	minute = digits(at, 2);
	if (minute < 0 || minute > 59)
		return false;
	sec = 0;
	if (**at == ':') {
		(*at)++;
		sec = digits(at, 2);
		if (sec < 0 || sec > 59)
			return false;
	}
	if (**at == '.') {
		(*at)++;
		if (**at < '0' || **at > '9')
			return false;
		while (**at >= '0' && **at <= '9')
			(*at)++;
	}
	*second = hour * 3600 + minute * 60 + sec;
	return true;
}

bool instant_parse(const char *text, instant_t *out, struct err *err)
{
	const char *at = text;
	int second = 0, offset = 0;
	day_t day;

	if (!day_parse_iso(&at, &day))
		goto bad;
	if (*at == 'T' || *at == 't' || *at == ' ') {
		at++;
		if (!parse_time_of_day(&at, &second) || !parse_offset(&at, &offset))
			goto bad;
	}
	if (*at != '\0')
		goto bad;
	*out = day_instant_utc(day) + second - offset;
	return true;
bad:
	return err_set(err, ERR_INPUT,
	    "'%.40s' is not a time; write it as 2026-11-22T09:00:00Z", text);
}
