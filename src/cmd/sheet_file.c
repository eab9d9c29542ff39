/* sheet_file.c - see sheet_file.h.
 *
 * A row is taken field by field into its columns; nothing of the text is kept
 * but the words of SHEET_WORD columns, each once.
 */
#include "cmd/sheet_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "intake/table.h"

#define ROOM_FIRST 4096
#define NUMBER_BYTES 64
#define WORD_SLOTS (2 * SHEET_WORDS_MAX)

struct word_index {
	uint32_t	*slot;		/* code + 1; 0: free */
};

struct reading {
	const char			*path;
	struct sheet			*sheet;
	const struct sheet_want		*wants;
	size_t				 room;
	size_t				*field;		/* of each column; one field may fill several */
	size_t				 fields;
	struct word_index		*words;		/* one per column */
};

/* FNV-1a, then mixed: not for strangers' keys, but nobody gains by a collision
 * in his own table.  Two of 10,000,000 identifiers share a key with a chance
 * of three in a million. */
static uint64_t key_of(struct view v)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < v.len; i++)
		h = (h ^ (unsigned char)v.at[i]) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	return h != SHEET_NO_KEY ? h : 1;
}

/* --- fields ------------------------------------------------------------------- */

static bool whole_number(struct view v, int64_t *out)
{
	char text[NUMBER_BYTES], *end;

	if (v.len == 0 || v.len >= sizeof(text))
		return false;
	memcpy(text, v.at, v.len);
	text[v.len] = '\0';
	*out = strtoll(text, &end, 10);
	if (*end == '.')		/* 30.0, as some programs write a 30 */
		end += 1 + strspn(end + 1, "0");
	return *end == '\0' && *out > INT64_MIN && *out < INT64_MAX;
}

static bool real_number(struct view v, double *out)
{
	char text[NUMBER_BYTES], *end;

	if (v.len == 0 || v.len >= sizeof(text))
		return false;
	memcpy(text, v.at, v.len);
	text[v.len] = '\0';
	if (strspn(text, "0123456789+-.eE") != v.len)
		return false;
	*out = strtod(text, &end);
	return *end == '\0' && isfinite(*out);
}

static bool word_code(struct reading *r, struct sheet_column *c, struct word_index *index,
    struct view v, uint32_t *out, struct err *err)
{
	uint64_t slot = key_of(v) % WORD_SLOTS;

	for (; index->slot[slot] != 0; slot = (slot + 1) % WORD_SLOTS) {
		*out = index->slot[slot] - 1;
		if (view_is(v, c->words[*out]))
			return true;
	}
	if (c->word_count == SHEET_WORDS_MAX)
		return err_set(err, ERR_INPUT, "%s: column %s has more than %d different values",
		    r->path, c->name, SHEET_WORDS_MAX);
	*out = (uint32_t)c->word_count++;
	c->words = talloc_realloc(r->sheet, c->words, const char *, (unsigned)c->word_count);
	must(c->words != NULL);
	c->words[*out] = talloc_strndup(r->sheet, v.at, v.len);
	must(c->words[*out] != NULL);
	index->slot[slot] = *out + 1;
	return true;
}

static bool field_take(struct reading *r, size_t column, size_t row, struct view v,
    struct err *err)
{
	struct sheet_column *c = r->sheet->columns[column];
	int64_t number = 0;
	bool there = true;

	v = view_trim(v);
	switch (c->kind) {
	case SHEET_WORD:
		there = v.len > 0;
		if (!word_code(r, c, &r->words[column], v, &c->code[row], err))
			return false;
		break;
	case SHEET_KEY:
		there = v.len > 0;
		c->key[row] = there ? key_of(v) : SHEET_NO_KEY;
		break;
	case SHEET_DAY:
		there = whole_number(v, &number) && number > INT32_MIN && number < INT32_MAX;
		c->day[row] = there ? (int32_t)number : SHEET_NO_DAY;
		break;
	case SHEET_MINOR:
		there = whole_number(v, &number);
		c->minor[row] = there ? number : SHEET_NO_MINOR;
		break;
	case SHEET_REAL:
		there = real_number(v, &c->real[row]);
		if (!there)
			c->real[row] = (double)NAN;
		break;
	}
	c->missing += !there;
	return true;
}

/* --- rows ------------------------------------------------------------------------ */

static void column_grow(struct reading *r, struct sheet_column *c)
{
	const unsigned room = (unsigned)r->room;

	if (c->kind == SHEET_WORD)
		c->code = talloc_realloc(r->sheet, c->code, uint32_t, room);
	else if (c->kind == SHEET_KEY)
		c->key = talloc_realloc(r->sheet, c->key, uint64_t, room);
	else if (c->kind == SHEET_DAY)
		c->day = talloc_realloc(r->sheet, c->day, int32_t, room);
	else if (c->kind == SHEET_MINOR)
		c->minor = talloc_realloc(r->sheet, c->minor, int64_t, room);
	else
		c->real = talloc_realloc(r->sheet, c->real, double, room);
	must(c->code != NULL || c->key != NULL || c->day != NULL || c->minor != NULL ||
	    c->real != NULL);
}

static bool header(void *arg, const struct table_row *row, struct err *err)
{
	struct reading *r = arg;

	r->fields = row->count;
	for (size_t f = 0; f < row->count; f++) {
		for (size_t i = 0; i < r->sheet->count; i++) {
			if (!view_is(view_trim(row->fields[f]), r->wants[i].column))
				continue;
			if (r->sheet->columns[i] != NULL)
				return err_set(err, ERR_INPUT, "%s: column %s is there twice", r->path,
				    r->wants[i].column);
			r->field[i] = f;
			r->sheet->columns[i] = talloc_zero(r->sheet, struct sheet_column);
			must(r->sheet->columns[i] != NULL);
			r->sheet->columns[i]->name = talloc_strdup(r->sheet, r->wants[i].column);
			r->sheet->columns[i]->kind = r->wants[i].kind;
		}
	}
	for (size_t i = 0; i < r->sheet->count; i++)
		if (r->sheet->columns[i] == NULL && !r->wants[i].optional)
			return err_set(err, ERR_INPUT, "%s: there is no column %s", r->path,
			    r->wants[i].column);
	return true;
}

static bool take_row(void *arg, const struct table_row *row, struct err *err)
{
	struct reading *r = arg;
	const size_t at = r->sheet->rows;

	if (table_row_is_blank(row))
		return true;
	if (row->count != r->fields)
		return err_set(err, ERR_INPUT, "%s: line %d has %zu fields, the header has %zu",
		    r->path, row->line, row->count, r->fields);
	if (at == r->room) {
		r->room = r->room == 0 ? ROOM_FIRST : r->room + r->room / 2;
		for (size_t i = 0; i < r->sheet->count; i++)
			if (r->sheet->columns[i] != NULL)
				column_grow(r, r->sheet->columns[i]);
	}
	for (size_t i = 0; i < r->sheet->count; i++)
		if (r->sheet->columns[i] != NULL &&
		    !field_take(r, i, at, row->fields[r->field[i]], err))
			return false;
	r->sheet->rows++;
	return true;
}

struct sheet *sheet_read(void *ctx, const char *path, const struct sheet_want *wants,
    size_t count, struct err *err)
{
	struct sheet *sheet = talloc_zero(ctx, struct sheet);
	struct reading r = { .path = path, .sheet = sheet, .wants = wants };
	const struct table_reader reader = { .header = header, .row = take_row, .arg = &r };
	const struct table_form form = { .charset = CHARSET_UTF_8, .rows_max = SHEET_ROWS_MAX };
	const struct table_source source = { .path = path };
	struct err why = { 0 };
	struct table_end end;
	bool ok;

	must(sheet != NULL);
	sheet->count = count;
	sheet->columns = talloc_zero_array(sheet, struct sheet_column *, (unsigned)count);
	r.words = talloc_zero_array(NULL, struct word_index, (unsigned)count);
	r.field = talloc_zero_array(r.words, size_t, (unsigned)count);
	must(sheet->columns != NULL && r.words != NULL && r.field != NULL);
	for (size_t i = 0; i < count; i++)
		if (wants[i].kind == SHEET_WORD) {
			r.words[i].slot = talloc_zero_array(r.words, uint32_t, WORD_SLOTS);
			must(r.words[i].slot != NULL);
		}
	ok = table_read(&source, &form, &reader, &end, &why);
	talloc_free(r.words);
	if (ok)
		return sheet;
	(void)err_set(err, why.kind, "%s%s%s", strstr(why.text, path) == NULL ? path : "",
	    strstr(why.text, path) == NULL ? ": " : "", why.text);
	talloc_free(sheet);
	return NULL;
}
