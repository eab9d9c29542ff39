/* test_str.c - the growing string, its limit, and views. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/str.h"

static void test_growth(void **state)
{
	void *ctx = talloc_new(NULL);
	struct str s;

	(void)state;
	str_init(&s, ctx, 100000);
	assert_string_equal(s.at, "");
	for (int i = 0; i < 1000; i++)
		str_printf(&s, "%d,%s;", i % 10, "ab");
	str_putc(&s, '.');
	assert_true(str_ok(&s));
	assert_int_equal(s.len, 5001);
	assert_int_equal(strlen(s.at), s.len);
	assert_memory_equal(s.at, "0,ab;1,ab;", 10);
	str_clear(&s);
	assert_string_equal(s.at, "");
	str_put(&s, "again");
	assert_string_equal(s.at, "again");
	talloc_free(ctx);
}

static void test_limit(void **state)
{
	void *ctx = talloc_new(NULL);
	struct str s;

	(void)state;
	str_init(&s, ctx, 5);
	str_put(&s, "12345");
	assert_true(str_ok(&s));
	str_putc(&s, '6');
	assert_false(str_ok(&s));
	assert_string_equal(s.at, "12345");
	str_clear(&s);
	assert_true(str_ok(&s));
	str_printf(&s, "%s", "1234567");
	assert_false(str_ok(&s));
	assert_string_equal(s.at, "12345");
	str_release(&s);
	str_init(&s, ctx, 0);
	str_putn(&s, "", 0);
	assert_true(str_ok(&s));
	str_putc(&s, 'x');
	assert_false(str_ok(&s));
	assert_string_equal(s.at, "");
	talloc_free(ctx);
}

static void test_take(void **state)
{
	void *ctx = talloc_new(NULL);
	struct str s;
	char *text;

	(void)state;
	str_init(&s, ctx, 1000);
	str_putn(&s, "a\0b", 3);
	text = str_take(&s);
	assert_memory_equal(text, "a\0b", 4);
	assert_null(s.at);
	assert_ptr_equal(talloc_parent(text), ctx);
	talloc_free(ctx);
}

static void test_views(void **state)
{
	struct view v = view_trim(view_of(" \t\r\n a b \n"));

	(void)state;
	assert_int_equal(v.len, 3);
	assert_true(view_is(v, "a b"));
	assert_false(view_is(v, "a b "));
	assert_false(view_is(v, "a"));
	assert_true(view_is_nocase(v, "A B"));
	assert_int_equal(view_trim(view_of("  ")).len, 0);
	assert_true(view_is(view_trim(view_of("")), ""));
	/* a view need not end in NUL */
	assert_true(view_is((struct view){ "abcdef", 3 }, "abc"));
	assert_true(view_is_nocase((struct view){ "abcdef", 3 }, "ABC"));
}

/* The cases of the Unicode standard, table 3-7, at each edge. */
static const struct { const char *text; size_t len; bool valid; } utf8[] = {
	{ "", 0, true }, { "a", 1, true }, { "\0", 1, true }, { "\x7f", 1, true },
	{ "\x80", 1, false }, { "\xbf", 1, false }, { "\xc0\x80", 2, false },
	{ "\xc1\xbf", 2, false }, { "\xc2\x80", 2, true }, { "\xc2", 1, false },
	{ "\xc2\x7f", 2, false }, { "\xc2\xc0", 2, false }, { "\xdf\xbf", 2, true },
	{ "\xe0\x9f\xbf", 3, false }, { "\xe0\xa0\x80", 3, true }, { "\xe0\xa0", 2, false },
	{ "\xed\x9f\xbf", 3, true }, { "\xed\xa0\x80", 3, false }, { "\xed\xbf\xbf", 3, false },
	{ "\xee\x80\x80", 3, true }, { "\xef\xbf\xbf", 3, true },
	{ "\xf0\x8f\xbf\xbf", 4, false }, { "\xf0\x90\x80\x80", 4, true },
	{ "\xf4\x8f\xbf\xbf", 4, true }, { "\xf4\x90\x80\x80", 4, false },
	{ "\xf5\x80\x80\x80", 4, false }, { "\xff", 1, false }, { "\xf0\x9f\x98", 3, false },
	{ "x\xc3\xb8y", 4, true }, { "\xe6\xf8\xe5", 3, false },
};

static void test_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(utf8) / sizeof(utf8[0]); i++)
		if (utf8_is_valid(utf8[i].text, utf8[i].len) != utf8[i].valid)
			fail_msg("case %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_utf8),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
