/* date.c - see date.h. */
#include "base/date.h"

#include <stdio.h>

#define DAYS_PER_ERA 146097	/* 400 years */
#define DAYS_TO_EPOCH 719468	/* 0000-03-01 to 1970-01-01 */

day_t day_from_ymd(int year, int month, int day)
{
	const int y = month <= 2 ? year - 1 : year;
	const int era = (y >= 0 ? y : y - 399) / 400;
	const int yoe = y - era * 400;
	const int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * DAYS_PER_ERA + doe - DAYS_TO_EPOCH;
}

struct ymd day_ymd(day_t when)
{
	const int z = when + DAYS_TO_EPOCH;
	const int era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	const int doe = z - era * DAYS_PER_ERA;
	const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	const int mp = (5 * doy + 2) / 153;
	struct ymd out;

	out.day = doy - (153 * mp + 2) / 5 + 1;
	out.month = mp < 10 ? mp + 3 : mp - 9;
	out.year = yoe + era * 400 + (out.month <= 2 ? 1 : 0);
	return out;
}

bool ymd_is_real(int year, int month, int day)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= length[month - 1] + (leap && month == 2 ? 1 : 0);
}

int day_weekday(day_t when)
{
	const int from_monday = (when % 7 + 7 + 3) % 7;	/* 1970-01-01: Thursday */

	return from_monday + 1;
}

instant_t day_instant_utc(day_t when)
{
	return (instant_t)when * SECONDS_PER_DAY;
}

day_t instant_utc_day(instant_t at)
{
	instant_t day = at / SECONDS_PER_DAY;

	if (at % SECONDS_PER_DAY < 0)
		day--;
	return (day_t)day;
}

const char *day_text(day_t when, char out[DAY_TEXT_BYTES])
{
	struct ymd ymd;

	if (when == DAY_NONE) {
		out[0] = '\0';
		return out;
	}
	ymd = day_ymd(when);
	(void)snprintf(out, DAY_TEXT_BYTES, "%04u-%02u-%02u",
	    (unsigned)ymd.year % 10000u, (unsigned)ymd.month % 100u,
	    (unsigned)ymd.day % 100u);
	return out;
}

bool day_parse_iso(const char **at, day_t *out)
{
	const char *s = *at;
	int part[3] = { 0, 0, 0 };
	static const int width[3] = { 4, 2, 2 };

	for (int i = 0; i < 3; i++) {
		if (i > 0 && *s++ != '-')
			return false;
		for (int k = 0; k < width[i]; k++, s++) {
			if (*s < '0' || *s > '9')
				return false;
			part[i] = part[i] * 10 + (*s - '0');
		}
	}
	if (!ymd_is_real(part[0], part[1], part[2]))
		return false;
	*out = day_from_ymd(part[0], part[1], part[2]);
	*at = s;
	return true;
}

day_t day_easter(int year)
{
	const int a = year % 19, b = year / 100, c = year % 100;
	const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	const int h = (19 * a + b - d - g + 15) % 30;
	const int i = c / 4, k = c % 4;
	const int l = (32 + 2 * e + 2 * i - h - k) % 7;
	const int m = (a + 11 * h + 22 * l) / 451;
	const int month = (h + l - 7 * m + 114) / 31;

	return day_from_ymd(year, month, (h + l - 7 * m + 114) % 31 + 1);
}
