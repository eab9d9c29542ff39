/* sheet.c - see sheet.h. */
#include "intake/sheet.h"

#include <stdarg.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define SCRATCH_BYTES_MAX (TABLE_ROW_BYTES_MAX * CHARSET_GROWTH_MAX)
#define HEADERS_SHOWN_BYTES_MAX 300
#define HEADER_SHOWN_BYTES_MAX 40

void sheet_init(struct sheet *s, const struct profile *profile, void *keep, void *work)
{
	*s = (struct sheet){ .profile = profile, .date = profile->date };
	arena_init(&s->texts, keep);
	fault_list_init(&s->faults, keep);
	str_init(&s->scratch, work, SCRATCH_BYTES_MAX);
}

/* Ledgers pad with no-break spaces as well. */
static struct view trim(struct view v)
{
	for (;;) {
		v = view_trim(v);
		if (v.len >= 2 && memcmp(v.at, "\xc2\xa0", 2) == 0) {
			v.at += 2;
			v.len -= 2;
		} else if (v.len >= 2 && memcmp(v.at + v.len - 2, "\xc2\xa0", 2) == 0) {
			v.len -= 2;
		} else {
			return v;
		}
	}
}

/* --- the header ----------------------------------------------------------- */

/* Without headers the first line is somebody's data: not to be shown. */
static bool looks_like_data(const struct sheet *s)
{
	for (size_t i = 0; i < s->header_count; i++) {
		const struct view v = s->header[i];
		size_t digits = 0;

		for (size_t k = 0; k < v.len; k++) {
			digits += v.at[k] >= '0' && v.at[k] <= '9';
			if (v.at[k] == '@')
				return true;
		}
		if (digits * 2 > v.len)
			return true;
	}
	return false;
}

static bool fail_missing(struct sheet *s, const char *column, struct err *err)
{
	if (looks_like_data(s))
		return err_set(err, ERR_INPUT, "line 1: no column \"%.60s\"; the first line "
		    "looks like data: a line with the columns' names must stand first", column);
	str_clear(&s->scratch);
	for (size_t i = 0; i < s->header_count; i++) {
		const struct view v = s->header[i];

		if (s->scratch.len > HEADERS_SHOWN_BYTES_MAX) {
			str_put(&s->scratch, ", ...");
			break;
		}
		str_put(&s->scratch, i == 0 ? "\"" : ", \"");
		str_putn(&s->scratch, v.at, utf8_cut(v, HEADER_SHOWN_BYTES_MAX));
		str_putc(&s->scratch, '"');
	}
	return err_set(err, ERR_INPUT, "line 1: no column \"%.60s\"; there are: %s",
	    column, s->scratch.at);
}

static bool column_find(struct sheet *s, const char *name, size_t *out, struct err *err)
{
	size_t found = 0;

	for (size_t i = 0; i < s->header_count; i++) {
		if (!view_is(s->header[i], name))
			continue;
		if (found++ == 0)
			*out = i;
	}
	if (found == 0)
		return fail_missing(s, name, err);
	if (found > 1)
		return err_set(err, ERR_INPUT, "line 1: %zu columns are called \"%.60s\", and "
		    "the profile maps it: rename all but one", found, name);
	return true;
}

bool sheet_header(struct sheet *s, const struct table_row *row, void *work, struct err *err)
{
	s->header_count = row->count;
	s->header = talloc_array(work, struct view, (unsigned)row->count + 1);
	must(s->header != NULL);
	for (size_t i = 0; i < row->count; i++) {
		const struct view name = trim(row->fields[i]);

		if (utf8_has_control(name, true))
			return err_set(err, ERR_INPUT, "line 1: a column's name holds control "
			    "characters: this is not a text file, or not in this encoding");
		s->header[i] = (struct view){ talloc_strndup(s->header, name.at, name.len), name.len };
	}
	for (int i = 0; i < FIELDS; i++) {
		const struct profile_source *from = &s->profile->fields[i];

		if (from->column != NULL && !column_find(s, from->column, &s->column[i], err))
			return false;
		for (size_t k = 0; k < from->part_count; k++)
			if (from->parts[k].column != NULL && !column_find(s,
			    from->parts[k].column, &s->part_column[i][k], err))
				return false;
	}
	return true;
}

/* --- a row ---------------------------------------------------------------- */

void sheet_fault(struct sheet *s, enum intake_field field, const struct view *value,
    const char *fmt, ...)
{
	const bool named = field < FIELDS && s->profile->fields[field].column != NULL;
	const struct view column = named ? s->header[s->column[field]] :
	    view_of(field < FIELDS ? intake_field_name(field) : "");
	struct view again;
	va_list ap;

	if (value == NULL && field < FIELDS && sheet_value(s, field, &again))
		value = &again;
	s->row_bad = true;
	va_start(ap, fmt);
	fault_add(&s->faults, s->row->line, column, value, fmt, ap);
	va_end(ap);
}

bool sheet_row(struct sheet *s, const struct table_row *row)
{
	s->row = row;
	s->row_bad = false;
	if (row->count != s->header_count)
		sheet_fault(s, FIELDS, NULL, "the row has %zu fields, the header %zu: a "
		    "delimiter inside a field must be in quotes", row->count, s->header_count);
	return !s->row_bad;
}

static struct view template_fill(struct sheet *s, enum intake_field field)
{
	const struct profile_source *from = &s->profile->fields[field];

	str_clear(&s->scratch);
	for (size_t i = 0; i < from->part_count; i++) {
		const struct profile_part *part = &from->parts[i];
		struct view value;

		str_putn(&s->scratch, part->literal.at, part->literal.len);
		if (part->column == NULL)
			continue;
		value = trim(s->row->fields[s->part_column[field][i]]);
		if (value.len == 0)
			return (struct view){ "", 0 };
		str_putn(&s->scratch, value.at, value.len);
	}
	return (struct view){ s->scratch.at, s->scratch.len };
}

bool sheet_value(struct sheet *s, enum intake_field field, struct view *out)
{
	const struct profile_source *from = &s->profile->fields[field];

	*out = (struct view){ "", 0 };
	if (from->constant != NULL)
		*out = view_of(from->constant);
	else if (from->parts != NULL)
		*out = template_fill(s, field);
	else if (from->column != NULL)
		*out = trim(s->row->fields[s->column[field]]);
	if (out->len == 0 && from->if_empty != NULL) {
		*out = view_of(from->if_empty);
		return true;
	}
	for (size_t i = 0; i < from->value_count; i++) {
		if (view_is(*out, from->values[i].from)) {
			*out = view_of(from->values[i].to);
			return true;
		}
	}
	if (from->values == NULL || out->len == 0)
		return true;
	sheet_fault(s, field, out, "none of the values that the profile translates");
	return false;
}
