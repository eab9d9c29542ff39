/* table.c - see table.h.
 *
 * libcsv is fed line by line (as the file breaks them, quoted or not), so that
 * each row knows the line on which it began and a row never grows beyond its
 * limit unnoticed.  It copies fields out in their own bytes; they are decoded
 * once the row is complete.
 */
#include "intake/table.h"

#include <string.h>

#include <csv.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "intake/source.h"

#define CSV_BLOCK_BYTES 4096

struct table {
	struct csv_parser		 csv;
	struct table_form		 form;
	const struct table_reader	*reader;
	struct err			*err;
	struct table_end		*end;
	bool				 failed;
	int				 line;		/* being read */
	int				 row_line;	/* on which the row began */
	bool				 row_open;
	bool				 after_cr;	/* a LF now is of the same break */
	bool				 header_done;
	bool				 utf8_seen;	/* a row beyond ASCII, valid UTF-8 */
	bool				 other_seen;	/* a row that is not UTF-8 */
	size_t				 header_count;
	int				 short_line;	/* of the last row, if it was short */
	size_t				 short_count;
	size_t				 row_bytes;
	size_t				 field_count;
	size_t				 raw_len;
	size_t				 start[TABLE_COLUMNS_MAX + 1];
	struct view			 fields[TABLE_COLUMNS_MAX];
	char				 raw[TABLE_ROW_BYTES_MAX + TABLE_COLUMNS_MAX];
	char				 text[CHARSET_GROWTH_MAX *
					    (TABLE_ROW_BYTES_MAX + TABLE_COLUMNS_MAX)];
	char				 chunk[SOURCE_CHUNK_BYTES];
};

bool table_row_is_blank(const struct table_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (view_trim(row->fields[i]).len > 0)
			return false;
	return row->count > 1;
}

static int never_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void fail(struct table *t, const char *what)
{
	err_set(t->err, ERR_INPUT, "line %d: %s", t->row_line, what);
	t->failed = true;
}

/* --- a row ---------------------------------------------------------------- */

/* Each field is kept with a NUL behind it, so that a character cannot begin
 * in one field and end in the next. */
static void field_end(void *bytes, size_t len, void *arg)
{
	struct table *t = arg;

	if (t->failed)
		return;
	if (len > TABLE_FIELD_BYTES_MAX) {
		fail(t, "a field is longer than 32 KiB");
		return;
	}
	if (t->field_count == TABLE_COLUMNS_MAX) {
		fail(t, "more than 512 columns");
		return;
	}
	must(t->raw_len + len + 1 <= sizeof(t->raw));
	t->start[t->field_count++] = t->raw_len;
	if (len > 0)
		memcpy(t->raw + t->raw_len, bytes, len);
	t->raw_len += len;
	t->raw[t->raw_len++] = '\0';
}

static bool is_ascii(const char *s, size_t len)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)s[i];
	return all < 0x80;
}

static void fields_point(struct table *t, const char *from)
{
	for (size_t i = 0; i < t->field_count; i++)
		t->fields[i] = (struct view){ from + t->start[i],
		    t->start[i + 1] - t->start[i] - 1 };
}

static bool row_decode(struct table *t)
{
	const bool ascii = is_ascii(t->raw, t->raw_len);
	size_t len = 0;

	t->start[t->field_count] = t->raw_len;
	fields_point(t, t->raw);
	if (ascii)
		return true;
	if (utf8_is_valid(t->raw, t->raw_len)) {
		t->utf8_seen = true;
		if (t->form.charset == CHARSET_UTF_8)
			return true;
	} else {
		t->other_seen = true;
	}
	if (t->form.charset == CHARSET_UTF_8) {
		t->end->not_utf8 = true;
		fail(t, "holds bytes that are not UTF-8: save the file as UTF-8, or let "
		    "the profile say \"encoding\": \"windows-1252\"");
		return false;
	}
	if (!windows_1252_decode((struct view){ t->raw, t->raw_len }, t->text, &len)) {
		fail(t, "holds bytes that Windows-1252 does not define: "
		    "the file is in another encoding");
		return false;
	}
	for (size_t i = 0, at = 0; i < t->field_count; i++) {
		const size_t n = strlen(t->text + at);	/* NUL is refused in files */

		t->fields[i] = (struct view){ t->text + at, n };
		at += n + 1;
	}
	return true;
}

static bool is_blank(const struct table *t)
{
	const struct table_row row = { t->row_line, t->fields, t->field_count };

	return table_row_is_blank(&row);
}

static void row_hand_on(struct table *t)
{
	const struct table_row row = { t->row_line, t->fields, t->field_count };

	if (!t->header_done && is_blank(t))
		return;
	if (!t->header_done) {
		t->header_done = true;
		t->header_count = t->field_count;
		t->failed = !t->reader->header(t->reader->arg, &row, t->err);
		return;
	}
	if (t->end->row_count == (t->form.rows_max > 0 ? t->form.rows_max : TABLE_ROWS_MAX)) {
		char text[64];

		(void)snprintf(text, sizeof(text), "more than %zu rows: split the file", t->end->row_count);
		fail(t, text);
		return;
	}
	t->end->row_count++;
	t->short_line = t->field_count < t->header_count && !is_blank(t) ? t->row_line : 0;
	t->short_count = t->field_count;
	t->failed = !t->reader->row(t->reader->arg, &row, t->err);
}

static void row_end(int terminator, void *arg)
{
	struct table *t = arg;

	(void)terminator;
	if (!t->failed && row_decode(t))
		row_hand_on(t);
	t->row_open = false;
	t->row_bytes = 0;
	t->field_count = 0;
	t->raw_len = 0;
}

/* --- bytes ---------------------------------------------------------------- */

/* Up to and with the first line break, or all. */
static size_t line_length(const char *at, size_t len)
{
	const char *lf = memchr(at, '\n', len);
	const size_t to_lf = lf == NULL ? len : (size_t)(lf - at) + 1;
	const char *cr = memchr(at, '\r', to_lf);

	return cr == NULL ? to_lf : (size_t)(cr - at) + 1;
}

static bool parse(struct table *t, const char *at, size_t len)
{
	t->row_bytes += len;
	if (t->row_bytes > TABLE_ROW_BYTES_MAX) {
		fail(t, "a row is longer than 256 KiB: a quote is never closed, "
		    "or this is not a CSV file");
		return false;
	}
	if (csv_parse(&t->csv, at, len, field_end, row_end, t) != len && !t->failed)
		fail(t, csv_error(&t->csv) == CSV_EPARSE ?
		    "a quote (\") stands inside a field: a field with a quote must be "
		    "in quotes, and the quote doubled" : "no memory for the row");
	return !t->failed;
}

static bool feed_piece(struct table *t, const char *at, size_t len)
{
	const char last = at[len - 1];
	const bool same_break = t->after_cr && at[0] == '\n';

	t->after_cr = last == '\r';
	if (same_break) {
		must(len == 1);
		return t->row_open ? parse(t, at, len) : true;
	}
	if (!t->row_open) {
		t->row_line = t->line;
		t->row_open = !(len == 1 && (last == '\n' || last == '\r'));
	}
	if (memchr(at, '\0', len) != NULL) {
		fail(t, "holds a NUL byte: this is not a text file");
		return false;
	}
	if (t->row_open && !parse(t, at, len))
		return false;
	t->line += last == '\n' || last == '\r';
	return true;
}

static bool feed(struct table *t, const char *at, size_t len)
{
	while (len > 0) {
		const size_t n = line_length(at, len);

		if (!feed_piece(t, at, n))
			return false;
		at += n;
		len -= n;
	}
	return true;
}

/* --- the first bytes ------------------------------------------------------ */

static bool starts_with(struct view v, const char *bytes, size_t len)
{
	return v.len >= len && memcmp(v.at, bytes, len) == 0;
}

static bool refuse_other_files(struct view v, struct err *err)
{
	if (starts_with(v, "\xff\xfe", 2) || starts_with(v, "\xfe\xff", 2))
		return err_set(err, ERR_INPUT, "the file is in UTF-16: save it as UTF-8");
	if (starts_with(v, "PK\x03\x04", 4))
		return err_set(err, ERR_INPUT,
		    "this is a spreadsheet or zip file: export it as CSV");
	if (starts_with(v, "%PDF", 4))
		return err_set(err, ERR_INPUT, "this is a PDF file: export the ledger as CSV");
	if (memchr(v.at, '\0', v.len < 1024 ? v.len : 1024) != NULL)
		return err_set(err, ERR_INPUT,
		    "the file holds NUL bytes: this is not a text file");
	return true;
}

/* The delimiter of the header line: the one that stands in it outside quotes.
 * None: the file has one column, and any will do. */
static bool delimiter_tell(struct view v, char *out, struct err *err)
{
	static const char known[] = ",;\t";
	size_t seen[3] = { 0, 0, 0 };
	bool quoted = false;
	int kinds = 0;

	for (size_t i = 0; i < v.len && (quoted || (v.at[i] != '\r' && v.at[i] != '\n')); i++) {
		const char *hit = memchr(known, v.at[i], 3);

		quoted ^= v.at[i] == '"';
		if (!quoted && hit != NULL)
			seen[hit - known]++;
	}
	*out = ',';
	for (size_t k = 0; k < 3; k++) {
		kinds += seen[k] > 0;
		if (seen[k] > 0)
			*out = known[k];
	}
	if (kinds > 1)
		return err_set(err, ERR_INPUT, "line 1: more than one of comma, semicolon and "
		    "tab stands in the header: let the profile say the \"delimiter\"");
	return true;
}

static struct view skip_blank_lines(struct view v)
{
	while (v.len > 0 && (v.at[0] == '\r' || v.at[0] == '\n')) {
		v.at++;
		v.len--;
	}
	return v;
}

/* "sep=;" in the first line, which spreadsheets write for each other. */
static bool hint_take(struct table *t, struct view *v)
{
	const size_t end = 5;

	if (!starts_with(*v, "sep=", 4) || v->len < end + 1 ||
	    (v->at[end] != '\r' && v->at[end] != '\n'))
		return true;
	if (t->form.delimiter != 0 && t->form.delimiter != v->at[4])
		return err_set(t->err, ERR_INPUT, "line 1 says that another delimiter stands "
		    "between the fields than the profile does");
	if (memchr(",;\t", v->at[4], 3) == NULL)
		return err_set(t->err, ERR_INPUT, "line 1 names a delimiter other than comma, "
		    "semicolon and tab");
	t->form.delimiter = v->at[4];
	*v = (struct view){ v->at + end, v->len - end };
	return true;
}

static bool begin(struct table *t, struct view *v)
{
	char delimiter;

	if (!refuse_other_files(*v, t->err))
		return false;
	if (starts_with(*v, "\xef\xbb\xbf", 3)) {
		if (t->form.charset == CHARSET_WINDOWS_1252)
			return err_set(t->err, ERR_INPUT, "the profile says windows-1252, but "
			    "the file begins with the mark of UTF-8");
		v->at += 3;
		v->len -= 3;
	}
	if (!hint_take(t, v))
		return false;
	delimiter = t->form.delimiter;
	if (delimiter == 0 && !delimiter_tell(skip_blank_lines(*v), &delimiter, t->err))
		return false;
	csv_set_delim(&t->csv, (unsigned char)delimiter);
	return true;
}

/* --- the end -------------------------------------------------------------- */

static bool finish(struct table *t)
{
	if (csv_fini(&t->csv, field_end, row_end, t) != 0 && !t->failed)
		fail(t, "the file ends inside a quoted field: it is cut off, "
		    "or a quote is never closed");
	if (t->failed)
		return false;
	if (!t->header_done)
		return err_set(t->err, ERR_INPUT, "the file holds nothing but blank lines");
	if (t->short_line > 0)
		return err_set(t->err, ERR_INPUT, "line %d: the last row has %zu of %zu "
		    "fields: the file is cut off", t->short_line, t->short_count,
		    t->header_count);
	if (t->form.charset == CHARSET_WINDOWS_1252 && t->utf8_seen && !t->other_seen)
		return err_set(t->err, ERR_INPUT, "the profile says windows-1252, but the "
		    "file is in UTF-8");
	return true;
}

static bool read_all(struct table *t, struct source *source)
{
	size_t len = 0;
	bool first = true;

	do {
		struct view v = { t->chunk, 0 };

		if (!source_read(source, t->chunk, &len, t->err))
			return false;
		v.len = len;
		if (first && !begin(t, &v))
			return false;
		first = false;
		if (!feed(t, v.at, v.len))
			return false;
	} while (len == SOURCE_CHUNK_BYTES);
	return finish(t);
}

bool table_read(const struct table_source *from, const struct table_form *form,
    const struct table_reader *reader, struct table_end *end, struct err *err)
{
	struct source source;
	struct table *t;
	bool done;

	*end = (struct table_end){ 0 };
	if (!source_open(&source, from, err))
		return false;
	t = talloc(NULL, struct table);
	must(t != NULL);
	memset(t, 0, offsetof(struct table, start));
	t->form = *form;
	t->reader = reader;
	t->end = end;
	t->err = err;
	t->line = 1;
	t->row_line = 1;
	must(csv_init(&t->csv, CSV_STRICT | CSV_STRICT_FINI) == 0);
	csv_set_space_func(&t->csv, never_space);
	csv_set_blk_size(&t->csv, CSV_BLOCK_BYTES);
	done = read_all(t, &source);
	csv_free(&t->csv);
	talloc_free(t);
	source_close(&source);
	return done;
}
