/* test_table.c - the CSV reader on good, strange and broken files.
 *
 * With --dump FILE DELIMITER CHARSET it prints the table as JSON, one array a
 * line behind its line number: tests/unit/intake/csv_twin.py compares that
 * with Python's csv module.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "intake/table.h"

#define SHOWN_BYTES_MAX (1 << 22)

/* What the reader hands on, written as "line:field|field\n". */
static bool show_row(void *arg, const struct table_row *row, struct err *err)
{
	struct str *out = arg;

	(void)err;
	str_printf(out, "%d:", row->line);
	for (size_t i = 0; i < row->count; i++) {
		if (i > 0)
			str_putc(out, '|');
		str_putn(out, row->fields[i].at, row->fields[i].len);
	}
	str_putc(out, '\n');
	return true;
}

static bool show(const char *text, size_t len, struct table_form form, struct str *out,
    struct err *err)
{
	const struct table_source source = { .text = { text, len } };
	const struct table_reader reader = { show_row, show_row, out };
	struct table_end end;

	return table_read(&source, &form, &reader, &end, err);
}

#define U CHARSET_UTF_8
#define W CHARSET_WINDOWS_1252
#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char		*says, *text;
	size_t			 len;
	char			 delimiter;
	enum charset		 charset;
	const char		*rows;
} good[] = {
	{ "LF", TEXT("a,b\n1,2\n"), 0, U, "1:a|b\n2:1|2\n" },
	{ "CRLF", TEXT("a,b\r\n1,2\r\n3,4\r\n"), 0, U, "1:a|b\n2:1|2\n3:3|4\n" },
	{ "CR alone", TEXT("a,b\r1,2\r3,4"), 0, U, "1:a|b\n2:1|2\n3:3|4\n" },
	{ "no last line break", TEXT("a,b\n1,2"), 0, U, "1:a|b\n2:1|2\n" },
	{ "semicolons told", TEXT("a;b\n1,5;2\n"), 0, U, "1:a|b\n2:1,5|2\n" },
	{ "tabs told", TEXT("a\tb\n1,5\t2;3\n"), 0, U, "1:a|b\n2:1,5|2;3\n" },
	{ "semicolons given", TEXT("a,x;b\n1;2\n"), ';', U, "1:a,x|b\n2:1|2\n" },
	{ "delimiter in a quoted header", TEXT("\"a,x\";b\n1;2\n"), 0, U, "1:a,x|b\n2:1|2\n" },
	{ "one column", TEXT("a\n1\n"), 0, U, "1:a\n2:1\n" },
	{ "byte order mark", TEXT("\xef\xbb\xbf""a,b\n1,2\n"), 0, U, "1:a|b\n2:1|2\n" },
	{ "mark and quote", TEXT("\xef\xbb\xbf\"a\",b\n1,2\n"), 0, U, "1:a|b\n2:1|2\n" },
	{ "quotes", TEXT("a,b\n\"x \"\"y\"\" z\",\"\"\n"), 0, U, "1:a|b\n2:x \"y\" z|\n" },
	{ "spaces stay", TEXT("a,b\n 1 ,\t2 \n"), ',', U, "1:a|b\n2: 1 |\t2 \n" },
	{ "empty fields", TEXT("a,b,c\n,,\n"), 0, U, "1:a|b|c\n2:||\n" },
	{ "quoted line breaks count", TEXT("a,b\n\"x\ny\r\nz\",1\n2,3\n"), 0, U,
	    "1:a|b\n2:x\ny\r\nz|1\n5:2|3\n" },
	{ "quoted CR counts", TEXT("a,b\r\"x\ry\",1\r2,3\r"), 0, U, "1:a|b\n2:x\ry|1\n4:2|3\n" },
	{ "blank lines count", TEXT("\n\na,b\n\n1,2\n\r\n\r\n3,4\n\n"), 0, U,
	    "3:a|b\n5:1|2\n8:3|4\n" },
	{ "blank line in quotes", TEXT("a,b\n\"\n\n\",1\n2,3\n"), 0, U, "1:a|b\n2:\n\n|1\n5:2|3\n" },
	{ "short row inside", TEXT("a,b\n1\n2,3\n"), 0, U, "1:a|b\n2:1\n3:2|3\n" },
	{ "long row", TEXT("a,b\n1,2,3\n"), 0, U, "1:a|b\n2:1|2|3\n" },
	{ "apostrophe untouched", TEXT("a,b\n'1,=2\n"), 0, U, "1:a|b\n2:'1|=2\n" },
	{ "UTF-8", TEXT("a,b\n\xc3\xa6,\xe2\x82\xac\n"), 0, U, "1:a|b\n2:\xc3\xa6|\xe2\x82\xac\n" },
	{ "Windows-1252", TEXT("bel\xf8""b;b\n\xe6,\x80;\x9f\n"), 0, W,
	    "1:bel\xc3\xb8""b|b\n2:\xc3\xa6,\xe2\x82\xac|\xc5\xb8\n" },
	{ "ASCII as Windows-1252", TEXT("a;b\n1;2\n"), 0, W, "1:a|b\n2:1|2\n" },
};

static const struct {
	const char		*says, *text;
	size_t			 len;
	char			 delimiter;
	enum charset		 charset;
	const char		*reason;
} bad[] = {
	{ "nothing", TEXT(""), 0, U, "the file is empty" },
	{ "only a mark", TEXT("\xef\xbb\xbf"), 0, U, "nothing but blank lines" },
	{ "blank lines", TEXT("\n\r\n\n"), 0, U, "nothing but blank lines" },
	{ "open quote", TEXT("a,b\n1,\"2\n3,4\n"), 0, U, "line 2: the file ends inside a quoted" },
	{ "cut in a row", TEXT("a,b,c\n1,2,3\n4,5"), 0, U, "line 3: the last row has 2 of 3" },
	{ "short last row", TEXT("a,b,c\n1,2,3\n4,5\n"), 0, U, "line 3: the last row has 2 of 3" },
	{ "quote in a field", TEXT("a,b\n1,2\n5\" pipe,2\n"), 0, U, "line 3: a quote" },
	{ "text behind a quote", TEXT("a,b\n\"1\"x,2\n"), 0, U, "line 2: a quote" },
	{ "space behind a quote", TEXT("a,b\n\"1\" ,2\n"), 0, U, "line 2: a quote" },
	{ "NUL first", TEXT("\0\0\0"), 0, U, "the file holds NUL bytes" },
	{ "NUL in a field", TEXT("a,b\n1,2\n3,\0""4\n"), 0, U, "the file holds NUL bytes" },
	{ "UTF-16", TEXT("\xff\xfe""a\0,\0b\0"), 0, U, "UTF-16" },
	{ "a zip or xlsx", TEXT("PK\x03\x04xxxx"), 0, U, "spreadsheet or zip" },
	{ "a PDF", TEXT("%PDF-1.7\n"), 0, U, "a PDF file" },
	{ "not UTF-8", TEXT("a,b\n1,2\n\xe6,3\n"), 0, U, "line 3: holds bytes that are not UTF-8" },
	{ "half a character", TEXT("a,b\n1,\xc3\n"), 0, U, "line 2: holds bytes that are not UTF-8" },
	{ "character across fields", TEXT("a,b\n\xc3,\xb8\n"), 0, U, "line 2: holds bytes that are not" },
	{ "surrogate", TEXT("a,b\n\xed\xa0\x80,1\n"), 0, U, "line 2: holds bytes that are not UTF-8" },
	{ "undefined byte", TEXT("a;b\n\x81;1\n"), 0, W, "line 2: holds bytes that Windows-1252" },
	{ "UTF-8 called 1252", TEXT("a;b\n\xc3\xb8;1\n"), 0, W, "the file is in UTF-8" },
	{ "mark called 1252", TEXT("\xef\xbb\xbf""a;b\n1;1\n"), 0, W, "the mark of UTF-8" },
	{ "two delimiters", TEXT("a,x;b\n1;2\n"), 0, U, "line 1: more than one of comma" },
};

static void test_good(void **state)
{
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err err = { 0 };
		struct str out;

		str_init(&out, ctx, SHOWN_BYTES_MAX);
		if (!show(good[i].text, good[i].len,
		    (struct table_form){ good[i].delimiter, good[i].charset, 0 }, &out, &err))
			fail_msg("%s: %s", good[i].says, err.text);
		if (strcmp(out.at, good[i].rows) != 0)
			fail_msg("%s: read as\n%s", good[i].says, out.at);
	}
	talloc_free(ctx);
}

static void test_bad(void **state)
{
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };
		struct str out;

		str_init(&out, ctx, SHOWN_BYTES_MAX);
		if (show(bad[i].text, bad[i].len,
		    (struct table_form){ bad[i].delimiter, bad[i].charset, 0 }, &out, &err))
			fail_msg("%s: was read as\n%s", bad[i].says, out.at);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.text, bad[i].reason) == NULL)
			fail_msg("%s: %s", bad[i].says, err.text);
	}
	talloc_free(ctx);
}

/* --- limits --------------------------------------------------------------- */

static char *repeated(void *ctx, const char *head, const char *unit, size_t count,
    const char *tail, size_t *len)
{
	struct str s;

	str_init(&s, ctx, 1 << 28);
	str_put(&s, head);
	for (size_t i = 0; i < count; i++)
		str_put(&s, unit);
	str_put(&s, tail);
	*len = s.len;
	return str_take(&s);
}

static bool count_row(void *arg, const struct table_row *row, struct err *err)
{
	(void)row;
	(void)err;
	++*(size_t *)arg;
	return true;
}

static void expect(const char *head, const char *unit, size_t count, const char *tail,
    const char *reason)
{
	void *ctx = talloc_new(NULL);
	size_t rows = 0;
	const struct table_reader reader = { count_row, count_row, &rows };
	const struct table_form form = { ',', U, 0 };
	struct table_source source = { 0 };
	struct table_end end;
	struct err err = { 0 };
	bool done;

	source.text.at = repeated(ctx, head, unit, count, tail, &source.text.len);
	done = table_read(&source, &form, &reader, &end, &err);
	if (done != (reason == NULL) || (reason != NULL && strstr(err.text, reason) == NULL))
		fail_msg("%zu of %s: %s", count, unit, err.text);
	talloc_free(ctx);
}

static void test_limits(void **state)
{
	(void)state;
	expect("a\n", "x", TABLE_FIELD_BYTES_MAX, "\n", NULL);
	expect("a\n", "x", TABLE_FIELD_BYTES_MAX + 1, "\n", "line 2: a field is longer than 32 KiB");
	expect("a\n\"", "\n", TABLE_FIELD_BYTES_MAX + 1, "\"\n", "line 2: a field is longer");
	expect("a\n", "x", TABLE_ROW_BYTES_MAX + 1, "", "line 2: a row is longer than 256 KiB");
	expect("", "x", 40000000, "", "line 1: a row is longer than 256 KiB");
	expect("a\n\"", "\r\n", 20000000, "", "line 2: a row is longer than 256 KiB");
	expect("a", ",b", TABLE_COLUMNS_MAX - 1, "\n", NULL);
	expect("a", ",b", TABLE_COLUMNS_MAX, "\n", "line 1: more than 512 columns");
	expect("a\n", ",", 2000, "\n", "line 2: more than 512 columns");
	expect("a\n", "1\n", TABLE_ROWS_MAX, "", NULL);
	expect("a\n", "1\n", TABLE_ROWS_MAX + 1, "", "more than 1000000 rows");
	expect("a\n1\n", "\n", 3000000, "2\n", NULL);
}

/* Every break of a file into chunks reads the same: padding moves a tricky
 * piece across the chunk's edge, byte by byte. */
static void test_chunks(void **state)
{
	static const char piece[] = "\"q\"\"\r\n\xc3\xb8\",\xe2\x82\xac\r\nlast,row\r\n";
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t shift = 0; shift < 40; shift++) {
		const size_t pad = 65536 - 40 + shift - 5;
		char *text = talloc_array(ctx, char, (unsigned)(pad + 100));
		struct err err = { 0 };
		struct str out;
		size_t len;

		/* lines of 100 bytes, the last one shorter */
		memcpy(text, "a,b\r\n", 5);
		for (size_t i = 0; i < pad; i++)
			text[5 + i] = i % 100 == 99 || i + 1 == pad ? '\n' :
			    i % 100 == 0 || i % 100 == 98 ? ',' : 'x';
		memset(text + 5 + pad - 3, 'x', 1);
		text[5 + pad - 2] = ',';
		len = 5 + pad;
		memcpy(text + len, piece, sizeof(piece) - 1);
		len += sizeof(piece) - 1;
		str_init(&out, ctx, SHOWN_BYTES_MAX);
		if (!show(text, len, (struct table_form){ ',', U, 0 }, &out, &err))
			fail_msg("shift %zu: %s", shift, err.text);
		if (strstr(out.at, ":q\"\r\n\xc3\xb8|\xe2\x82\xac\n") == NULL ||
		    strstr(out.at, ":last|row\n") == NULL)
			fail_msg("shift %zu: %s", shift, out.at + out.len - 60);
		str_release(&out);
	}
	talloc_free(ctx);
}

/* --- files ---------------------------------------------------------------- */

static void file_fails(const char *path, const char *reason)
{
	size_t rows = 0;
	const struct table_source source = { .path = path };
	const struct table_reader reader = { count_row, count_row, &rows };
	const struct table_form form = { 0, U, 0 };
	struct table_end end;
	struct err err = { 0 };

	assert_false(table_read(&source, &form, &reader, &end, &err));
	if (strstr(err.text, reason) == NULL)
		fail_msg("%s: %s", path, err.text);
	assert_int_equal(rows, 0);
}

static void test_files(void **state)
{
	static const char text[] = "a,b\n1,2\n";
	char folder[] = "build/table-XXXXXX";
	char path[64];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	file_fails(folder, "is a directory");
	(void)snprintf(path, sizeof(path), "%s/none.csv", folder);
	file_fails(path, "no such file");
	(void)snprintf(path, sizeof(path), "%s/pipe.csv", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	file_fails(path, "is not a regular file");
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/a.csv", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	file_fails(path, "the file is empty");
	assert_int_equal(truncate(path, TABLE_FILE_BYTES_MAX + 1), 0);	/* takes no room */
	file_fails(path, "larger than 1 GiB");
	file = fopen(path, "w");
	assert_int_equal(fwrite(text, 1, sizeof(text) - 1, file), sizeof(text) - 1);
	assert_int_equal(fclose(file), 0);
	{
		size_t rows = 0;
		const struct table_source source = { .path = path };
		const struct table_reader reader = { count_row, count_row, &rows };
		const struct table_form form = { 0, U, 0 };
		struct table_end end;

		assert_true(table_read(&source, &form, &reader, &end, NULL));
		assert_int_equal(rows, 2);
		assert_int_equal(end.row_count, 1);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* --- for csv_twin.py ------------------------------------------------------ */

static bool dump_row(void *arg, const struct table_row *row, struct err *err)
{
	json_t *array = json_array();

	(void)arg;
	(void)err;
	for (size_t i = 0; i < row->count; i++)
		(void)json_array_append_new(array,
		    json_stringn(row->fields[i].at, row->fields[i].len));
	(void)printf("%d ", row->line);
	(void)json_dumpf(array, stdout, JSON_COMPACT);
	(void)printf("\n");
	json_decref(array);
	return true;
}

static int dump(char **argv)
{
	const struct table_source source = { .path = argv[0] };
	const struct table_reader reader = { dump_row, dump_row, NULL };
	const struct table_form form = { argv[1][0] == 'a' ? (char)0 : argv[1][0],
	    strcmp(argv[2], "windows-1252") == 0 ? W : U, 0 };
	struct table_end end;
	struct err err = { 0 };

	if (table_read(&source, &form, &reader, &end, &err))
		return 0;
	(void)printf("refused %s\n", err.text);
	return 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_files),
	};

	if (argc == 5 && strcmp(argv[1], "--dump") == 0)
		return dump(argv + 2);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
