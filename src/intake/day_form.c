/* day_form.c - see day_form.h. */
#include "intake/day_form.h"

#include <string.h>

#include "base/err.h"
#include "base/must.h"

static const struct form {
	const char	*name;
	char		 order[4];	/* y, m, d as they stand */
	char		 mark;		/* 0: none between them */
	bool		 short_parts;	/* day and month may be one digit */
} forms[DAY_FORMS] = {
	[DAY_FORM_YMD_DASH] =		{ "yyyy-mm-dd", "ymd", '-', false },
	[DAY_FORM_YMD_SLASH] =		{ "yyyy/mm/dd", "ymd", '/', false },
	[DAY_FORM_YMD] =		{ "yyyymmdd",   "ymd", 0,   false },
	[DAY_FORM_DMY_DASH] =		{ "dd-mm-yyyy", "dmy", '-', false },
	[DAY_FORM_DMY_DASH_SHORT] =	{ "d-m-yyyy",   "dmy", '-', true },
	[DAY_FORM_DMY_SLASH] =		{ "dd/mm/yyyy", "dmy", '/', false },
	[DAY_FORM_DMY_SLASH_SHORT] =	{ "d/m/yyyy",   "dmy", '/', true },
	[DAY_FORM_DMY_POINT] =		{ "dd.mm.yyyy", "dmy", '.', false },
	[DAY_FORM_DMY_POINT_SHORT] =	{ "d.m.yyyy",   "dmy", '.', true },
	[DAY_FORM_MDY_DASH] =		{ "mm-dd-yyyy", "mdy", '-', false },
	[DAY_FORM_MDY_SLASH] =		{ "mm/dd/yyyy", "mdy", '/', false },
	[DAY_FORM_MDY_SLASH_SHORT] =	{ "m/d/yyyy",   "mdy", '/', true },
};

const char *day_form_name(enum day_form form)
{
	must(form <= DAY_FORM_AUTO);
	return form == DAY_FORM_AUTO ? "auto" : forms[form].name;
}

bool day_form_parse(const char *text, enum day_form *out)
{
	for (int i = 0; i <= DAY_FORM_AUTO; i++) {
		if (strcmp(day_form_name((enum day_form)i), text) == 0) {
			*out = (enum day_form)i;
			return true;
		}
	}
	return false;
}

/* Up to `digits_max` digits at *v; how many there were. */
static int number_take(struct view *v, int digits_max, int *out)
{
	int digits = 0;

	*out = 0;
	while (digits < digits_max && v->len > 0 && v->at[0] >= '0' && v->at[0] <= '9') {
		*out = *out * 10 + (v->at[0] - '0');
		v->at++;
		v->len--;
		digits++;
	}
	return digits;
}

static bool parts_take(const struct form *form, struct view v, struct ymd *out)
{
	for (int i = 0; i < 3; i++) {
		const bool year = form->order[i] == 'y';
		const int wanted = year ? 4 : 2;
		int *const part = year ? &out->year : form->order[i] == 'm' ?
		    &out->month : &out->day;
		int digits;

		if (i > 0 && form->mark != 0) {
			if (v.len == 0 || v.at[0] != form->mark)
				return false;
			v.at++;
			v.len--;
		}
		digits = number_take(&v, wanted, part);
		if (digits != wanted && !(form->short_parts && !year && digits == 1))
			return false;
	}
	return v.len == 0;
}

static size_t digits_at_end(struct view v)
{
	size_t n = 0;

	while (n < v.len && v.at[v.len - 1 - n] >= '0' && v.at[v.len - 1 - n] <= '9')
		n++;
	return n;
}

/* What a person can do about a text that is no date as asked for. */
static const char *way_out(struct view v)
{
	const size_t digits = digits_at_end(v);
	struct ymd ymd;
	size_t n = 0;

	while (n < v.len && v.at[n] != 'T' && v.at[n] != ' ')
		n++;
	for (size_t i = 0; n < v.len && i < DAY_FORMS; i++)
		if (parts_take(&forms[i], (struct view){ v.at, n }, &ymd))
			return ": a time of day stands behind it; export the day alone";
	if (digits == v.len && digits == 5)
		return ": it looks like a spreadsheet's count of days; format the column as "
		    "dates before the export";
	if (digits == 2 && v.len >= 6 && v.len <= 8)
		return ": a year needs four digits";
	return "";
}

bool day_form_read(enum day_form which, struct view text, day_t *out, struct err *err)
{
	struct ymd ymd;

	must(which < DAY_FORMS);
	if (!parts_take(&forms[which], text, &ymd))
		return err_set(err, ERR_INPUT, "not a date written as %s%s", forms[which].name,
		    way_out(text));
	if (ymd.year < DAY_FORM_YEAR_MIN || ymd.year > DAY_FORM_YEAR_MAX)
		return err_set(err, ERR_INPUT, "a year outside %d to %d",
		    DAY_FORM_YEAR_MIN, DAY_FORM_YEAR_MAX);
	if (!ymd_is_real(ymd.year, ymd.month, ymd.day))
		return err_set(err, ERR_INPUT, "no such day, read as %s", forms[which].name);
	*out = day_from_ymd(ymd.year, ymd.month, ymd.day);
	return true;
}

static void note_difference(struct day_guess *g, const day_t day[DAY_FORMS], int line)
{
	for (int i = 0; i < DAY_FORMS; i++) {
		for (int k = 0; k < DAY_FORMS; k++) {
			if (day[i] == DAY_NONE || day[k] == DAY_NONE ||
			    day[i] == day[k] || g->line[i][k] != 0)
				continue;
			g->line[i][k] = line;
			g->day[i][k] = day[i];
		}
	}
}

void day_guess_add(struct day_guess *g, struct view text, int line)
{
	day_t day[DAY_FORMS];
	unsigned unread = 0;
	const unsigned all = (1u << DAY_FORMS) - 1;

	for (int i = 0; i < DAY_FORMS; i++) {
		day[i] = DAY_NONE;
		if (!day_form_read((enum day_form)i, text, &day[i], NULL))
			unread |= 1u << i;
	}
	if (unread == all)
		return;
	if ((g->ruled_out | unread) == all && g->last_line == 0)
		g->last_line = line;
	g->ruled_out |= unread;
	note_difference(g, day, line);
}

bool day_guess_settle(const struct day_guess *g, enum day_form *out, struct err *err)
{
	char first[DAY_TEXT_BYTES], second[DAY_TEXT_BYTES];
	int found = -1;

	if (g->last_line != 0)
		return err_set(err, ERR_INPUT, "line %d: its date is written otherwise than "
		    "the dates before it: let the profile say the \"date\" form", g->last_line);
	for (int i = 0; i < DAY_FORMS; i++) {
		if ((g->ruled_out >> i & 1) != 0)
			continue;
		if (found < 0)
			found = i;
		if (g->line[found][i] != 0)
			return err_set(err, ERR_INPUT, "line %d: a date there is %s as %s, "
			    "but %s as %s: let the profile say the \"date\" form",
			    g->line[found][i], day_text(g->day[found][i], first),
			    forms[found].name, day_text(g->day[i][found], second),
			    forms[i].name);
	}
	must(found >= 0);
	*out = (enum day_form)found;
	return true;
}
