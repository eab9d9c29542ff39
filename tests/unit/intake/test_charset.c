/* test_charset.c - Windows-1252 against the table of Python's cp1252 codec. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/charset.h"

/* Bytes 80 to 9F as Python decodes them, in UTF-8; "": it refuses them. */
static const char *const upper[32] = {
	"\xe2\x82\xac", "", "\xe2\x80\x9a", "\xc6\x92",
	"\xe2\x80\x9e", "\xe2\x80\xa6", "\xe2\x80\xa0", "\xe2\x80\xa1",
	"\xcb\x86", "\xe2\x80\xb0", "\xc5\xa0", "\xe2\x80\xb9",
	"\xc5\x92", "", "\xc5\xbd", "",
	"", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c",
	"\xe2\x80\x9d", "\xe2\x80\xa2", "\xe2\x80\x93", "\xe2\x80\x94",
	"\xcb\x9c", "\xe2\x84\xa2", "\xc5\xa1", "\xe2\x80\xba",
	"\xc5\x93", "", "\xc5\xbe", "\xc5\xb8",
};

static void test_windows_1252(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		const char in[1] = { (char)byte };
		char out[CHARSET_GROWTH_MAX + 1] = "", wanted[4] = "";
		size_t len = 0;
		const bool done = windows_1252_decode((struct view){ in, 1 }, out, &len);

		if (byte < 0x80) {
			wanted[0] = (char)byte;
		} else if (byte < 0xa0) {
			memcpy(wanted, upper[byte - 0x80], strlen(upper[byte - 0x80]) + 1);
		} else {	/* as ISO 8859-1: U+00A0 to U+00FF */
			wanted[0] = (char)(byte < 0xc0 ? 0xc2 : 0xc3);
			wanted[1] = (char)(byte < 0xc0 ? byte : byte - 0x40);
		}
		assert_int_equal(done, wanted[0] != '\0');
		if (done) {
			out[len] = '\0';
			assert_string_equal(out, wanted);
		}
	}
}

static void test_control(void **state)
{
	static const struct { const char *text; bool strict, relaxed; } cases[] = {
		{ "plain", false, false }, { "", false, false },
		{ "\xc3\xa6\xe2\x82\xac\xf0\x9f\x98\x80", false, false },
		{ "a\tb", true, false }, { "a\nb", true, false }, { "a\rb", true, false },
		{ "a\x01", true, true }, { "a\x1b[0m", true, true }, { "a\x7f", true, true },
		{ "\xc2\x80", true, true }, { "\xc2\x9f", true, true }, { "\xc2\xa0", false, false },
		{ "\xe2\x80\xa7", false, false }, { "\xe2\x80\xa8", true, true },
		{ "\xe2\x80\xa9", true, true }, { "x\xe2\x80\xae""evil", true, true },
		{ "\xe2\x80\xaf", false, false }, { "\xe2\x81\xa6", true, true },
		{ "\xe2\x81\xa9", true, true }, { "\xe2\x81\xaa", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (utf8_has_control(view_of(cases[i].text), false) != cases[i].strict ||
		    utf8_has_control(view_of(cases[i].text), true) != cases[i].relaxed)
			fail_msg("case %zu", i);
	}
}

static void test_cut(void **state)
{
	const struct view v = view_of("a\xc3\xb8\xe2\x82\xac");

	(void)state;
	assert_int_equal(utf8_count(v), 3);
	assert_int_equal(utf8_cut(v, 0), 0);
	assert_int_equal(utf8_cut(v, 1), 1);
	assert_int_equal(utf8_cut(v, 2), 1);
	assert_int_equal(utf8_cut(v, 3), 3);
	assert_int_equal(utf8_cut(v, 5), 3);
	assert_int_equal(utf8_cut(v, 6), 6);
	assert_int_equal(utf8_cut(v, 99), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows_1252),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
