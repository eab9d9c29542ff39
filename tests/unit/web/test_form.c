/* test_form.c - forms: what a browser sends is read, all else refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "web/form.h"

/* `len` 0: the text's own. */
static const struct {
	const char	*says, *text;
	size_t		 len;
	bool		 ok;
	const char	*value;		/* of "a" */
} cases[] = {
	{ "nothing", "", 0, true, "" },
	{ "one field", "a=b", 0, true, "b" },
	{ "an empty value", "a=", 0, true, "" },
	{ "the last of several", "x=1&y=2&a=3", 0, true, "3" },
	{ "a plus is a space", "a=b+c", 0, true, "b c" },
	{ "an escaped plus", "a=b%2Bc", 0, true, "b+c" },
	{ "escapes in both cases", "a=%c3%A6", 0, true, "\xc3\xa6" },
	{ "an escape at the very end", "a=%41", 0, true, "A" },
	{ "an equals sign in the value", "a=b=c", 0, true, "b=c" },
	{ "CR LF becomes LF", "a=b%0d%0Ac", 0, true, "b\nc" },
	{ "a lone CR becomes LF", "a=b%0dc", 0, true, "b\nc" },
	{ "a CR at the end", "a=b%0d", 0, true, "b\n" },
	{ "a tab", "a=b%09c", 0, true, "b\tc" },
	{ "an escaped name", "%61=b", 0, true, "b" },
	{ "four bytes", "a=%f0%9f%98%80", 0, true, "\xf0\x9f\x98\x80" },
	{ "a percent sign at the end", "a=%", 0, false, NULL },
	{ "a percent sign and one digit", "a=%4", 0, false, NULL },
	{ "the digits lie outside the value", "a=%4&1=2", 0, false, NULL },
	{ "no digits", "a=%zz", 0, false, NULL },
	{ "NUL, escaped", "a=%00", 0, false, NULL },
	{ "NUL, as it is", "a=b\0c", 5, false, NULL },
	{ "escape character", "a=%1b", 0, false, NULL },
	{ "DEL", "a=%7f", 0, false, NULL },
	{ "overlong", "a=%c0%ae", 0, false, NULL },
	{ "a surrogate", "a=%ed%a0%80", 0, false, NULL },
	{ "beyond Unicode", "a=%f4%90%80%80", 0, false, NULL },
	{ "twice", "a=1&a=2", 0, false, NULL },
	{ "twice, once escaped", "a=1&%61=2", 0, false, NULL },
	{ "no sign", "a", 0, false, NULL },
	{ "no name", "=b", 0, false, NULL },
	{ "an odd name", "a%20=b", 0, false, NULL },
	{ "an empty pair", "a=1&&b=2", 0, false, NULL },
	{ "an ampersand at the end", "a=1&", 0, false, NULL },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };
		struct form form;
		const size_t len = cases[i].len != 0 ? cases[i].len : strlen(cases[i].text);
		/* A copy of the exact size, so that a read behind it is seen. */
		const char *copy = len > 0 ? talloc_memdup(ctx, cases[i].text, len) : NULL;

		if (form_parse(&form, ctx, copy, len, &err) != cases[i].ok)
			fail_msg("%s", cases[i].says);
		assert_int_equal(err_is_set(&err), !cases[i].ok);
		if (cases[i].ok && strcmp(form_value(&form, "a"), cases[i].value) != 0)
			fail_msg("%s: '%s'", cases[i].says, form_value(&form, "a"));
		talloc_free(ctx);
	}
}

static void test_limits(void **state)
{
	void *ctx = talloc_new(NULL);
	char text[FORM_BYTES_MAX + 2];
	struct form form;
	char *at = text;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "a=", 2);
	assert_true(form_parse(&form, ctx, text, FORM_BYTES_MAX, NULL));
	assert_int_equal(strlen(form_value(&form, "a")), FORM_BYTES_MAX - 2);
	assert_false(form_parse(&form, ctx, text, FORM_BYTES_MAX + 1, NULL));
	for (int i = 0; i < FORM_FIELDS_MAX; i++) {
		const char field[] = { '&', (char)('a' + i), '=', 'v' };

		memcpy(at, field + (i == 0), sizeof(field) - (i == 0));
		at += sizeof(field) - (i == 0);
	}
	assert_true(form_parse(&form, ctx, text, (size_t)(at - text), NULL));
	assert_int_equal(form.count, FORM_FIELDS_MAX);
	memcpy(at, "&z=v", 4);
	assert_false(form_parse(&form, ctx, text, (size_t)(at - text) + 4, NULL));
	talloc_free(ctx);
}

static void test_type(void **state)
{
	(void)state;
	assert_true(form_type_is("text/plain", "text/plain"));
	assert_true(form_type_is("Text/Plain ; charset=utf-8", "text/plain"));
	assert_false(form_type_is("text/plainer", "text/plain"));
	assert_false(form_type_is("", "text/plain"));
}

#define BODY(b, name, value) "--" b "\r\nContent-Disposition: form-data; " name \
	"\r\n\r\n" value "\r\n--" b "--\r\n"

static const struct {
	const char	*says, *type, *body;
	bool		 is;
} clicks[] = {
	{ "as in RFC 8058", "multipart/form-data; boundary=xy",
	    BODY("xy", "name=\"List-Unsubscribe\"", "One-Click"), true },
	{ "no quotes about the name", "multipart/form-data; boundary=xy",
	    BODY("xy", "name=List-Unsubscribe", "One-Click"), true },
	{ "quotes about the boundary", "Multipart/Form-Data; Boundary=\"x y\"",
	    BODY("x y", "name=\"List-Unsubscribe\"", "One-Click"), true },
	{ "another value", "multipart/form-data; boundary=xy",
	    BODY("xy", "name=\"List-Unsubscribe\"", "Two-Clicks"), false },
	{ "another name", "multipart/form-data; boundary=xy",
	    BODY("xy", "name=\"List-Subscribe\"", "One-Click"), false },
	{ "another boundary", "multipart/form-data; boundary=xz",
	    BODY("xy", "name=\"List-Unsubscribe\"", "One-Click"), false },
	{ "no boundary", "multipart/form-data",
	    BODY("xy", "name=\"List-Unsubscribe\"", "One-Click"), false },
	{ "another type", "multipart/mixed; boundary=xy",
	    BODY("xy", "name=\"List-Unsubscribe\"", "One-Click"), false },
	{ "nothing", "multipart/form-data; boundary=xy", "", false },
};

static void test_one_click(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clicks) / sizeof(clicks[0]); i++) {
		const size_t len = strlen(clicks[i].body);

		if (form_multipart_is_one_click(clicks[i].type, clicks[i].body, len) != clicks[i].is)
			fail_msg("%s", clicks[i].says);
	}
	/* Cut anywhere before the last boundary is whole, it is not one. */
	for (size_t cut = 0; cut + 2 < strlen(clicks[0].body); cut++) {
		char *copy = talloc_memdup(NULL, clicks[0].body, cut + 1);

		assert_false(form_multipart_is_one_click(clicks[0].type, copy, cut));
		talloc_free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_one_click),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
