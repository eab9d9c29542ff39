/* day_form.h - the ways in which ledgers write dates.
 *
 * 03/04/2026 is March or April, and a reminder a month early is a wrong
 * reminder.  So a profile names the form, or says "auto": then a file is
 * taken only when all its dates together can be read in one way.
 *
 * Years run from DAY_FORM_YEAR_MIN to DAY_FORM_YEAR_MAX: others are slips of
 * the pen, or a ledger's way to say "never".
 *
 * Threads: pure.
 */
#ifndef INTAKE_DAY_FORM_H
#define INTAKE_DAY_FORM_H

#include <stdbool.h>

#include "base/date.h"
#include "base/str.h"

struct err;

#define DAY_FORM_YEAR_MIN 1980
#define DAY_FORM_YEAR_MAX 2100

enum day_form {
	DAY_FORM_YMD_DASH,	/* yyyy-mm-dd */
	DAY_FORM_YMD_SLASH,	/* yyyy/mm/dd */
	DAY_FORM_YMD,		/* yyyymmdd */
	DAY_FORM_DMY_DASH,	/* dd-mm-yyyy; d-m-yyyy: one digit is enough */
	DAY_FORM_DMY_DASH_SHORT,
	DAY_FORM_DMY_SLASH,	/* dd/mm/yyyy; d/m/yyyy */
	DAY_FORM_DMY_SLASH_SHORT,
	DAY_FORM_DMY_POINT,	/* dd.mm.yyyy; d.m.yyyy */
	DAY_FORM_DMY_POINT_SHORT,
	DAY_FORM_MDY_DASH,	/* mm-dd-yyyy */
	DAY_FORM_MDY_SLASH,	/* mm/dd/yyyy; m/d/yyyy */
	DAY_FORM_MDY_SLASH_SHORT,
	DAY_FORMS,
	DAY_FORM_AUTO = DAY_FORMS
};

const char	*day_form_name(enum day_form);		/* "dd-mm-yyyy", "auto" */
bool		 day_form_parse(const char *, enum day_form *);

/* Reads one date, all of `text`.  False and ERR_INPUT: why not. */
bool		 day_form_read(enum day_form, struct view text, day_t *, struct err *);

/* Collects the dates of a file, to tell its form.  Zero it first. */
struct day_guess {
	unsigned	ruled_out;			/* bit per form */
	int		line[DAY_FORMS][DAY_FORMS];	/* where two forms part, 0: nowhere */
	day_t		day[DAY_FORMS][DAY_FORMS];	/* what the first reads there */
	int		last_line;			/* on which no form was left */
};

/* A text that no form can read is passed over: it is the row's fault. */
void		 day_guess_add(struct day_guess *, struct view text, int line);

/* The form, when only one is left or all that are left read every date alike.
 * False and ERR_INPUT else, with a line and what it may mean. */
bool		 day_guess_settle(const struct day_guess *, enum day_form *, struct err *);

#endif
