/* test_email.c - what passes for an e-mail address, and for a country. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/country.h"
#include "intake/email.h"

#define L60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"

static const struct { const char *text; bool right; } cases[] = {
	{ "a@b.dk", true },
	{ "mette.soerensen+rykker@mail.example.com", true },
	{ "0379-NEVHP@replay.example", true },
	{ "o'neil@example.ie", true },
	{ "x@xn--bogf-1ra.example", true },
	{ "x@b\xc3\xb8gh.example", true },
	{ L60 "1234@example.com", true },
	{ L60 "12345@example.com", false },
	{ "a@" L60 "123.dk", true },
	{ "a@" L60 "1234.dk", false },
	{ "a@" L60 "." L60 "." L60 "." L60 ".dk", true },
	{ "a@" L60 "." L60 "." L60 "." L60 "." L60 ".dk", false },
	{ "", false },
	{ "a", false },
	{ "@b.dk", false },
	{ "a@", false },
	{ "a@b", false },
	{ "a@b@c.dk", false },
	{ "a b@c.dk", false },
	{ "a@c.dk b@c.dk", false },
	{ "a@c.dk,b@c.dk", false },
	{ "a@c.dk;b@c.dk", false },
	{ "<a@c.dk>", false },
	{ "Bo <a@c.dk>", false },
	{ "\"a b\"@c.dk", false },
	{ "a(c)@c.dk", false },
	{ "mailto:a@c.dk", false },
	{ ".a@c.dk", false },
	{ "a.@c.dk", false },
	{ "a..b@c.dk", false },
	{ "a@.c.dk", false },
	{ "a@c..dk", false },
	{ "a@c.dk.", false },
	{ "a@-c.dk", false },
	{ "a@c-.dk", false },
	{ "a@[127.0.0.1]", false },
	{ "a@c_d.dk", false },
	{ "a\r\nBcc: x@c.dk", false },
	{ "a@c.dk\r\nBcc: x@y.dk", false },
	{ "a@c.dk\n", false },
	{ "m\xc3\xb8@c.dk", false },
};

static void test_email(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = email_fault(view_of(cases[i].text));

		if ((fault == NULL) != cases[i].right)
			fail_msg("'%s': %s", cases[i].text, fault == NULL ? "taken" : fault);
	}
	assert_non_null(email_fault((struct view){ "a@b.dk\0x", 8 }));
}

static void test_country(void **state)
{
	static const char *const known[] = { "AD", "DK", "NO", "SE", "FI", "DE", "GB", "US",
		"GL", "FO", "AX", "ZW" };
	static const char *const unknown[] = { "UK", "XX", "EU", "dk", "D", "", "ZZ", " D" };
	int count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_true(country_is_known(known[i]));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		char code[COUNTRY_BYTES] = "";

		memcpy(code, unknown[i], strlen(unknown[i]));
		assert_false(country_is_known(code));
	}
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++)
			count += country_is_known((const char[COUNTRY_BYTES]){ a, b, 0 });
	assert_int_equal(count, 249);	/* ISO 3166-1, officially assigned */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_email),
		cmocka_unit_test(test_country),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
