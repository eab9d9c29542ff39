/* test_near.c - which word was meant: distances counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/near.h"

static const char *const words[] = { "email", "sms", "letter", "call", "lapses_days_after_due",
    "days" };

static const struct {
	const char	*given, *meant;		/* NULL: nothing is near */
} cases[] = {
	{ "email", "email" },
	{ "emial", "email" },			/* two neighbours swapped: 1 */
	{ "e-mail", "email" },			/* one too many */
	{ "mail", "email" },			/* one too few */
	{ "leter", "letter" },
	{ "lettre", "letter" },
	{ "LETTER", NULL },			/* six letters changed */
	{ "sns", "sms" },
	{ "fax", NULL },
	{ "day", "days" },
	{ "lapse_day_after_due", "lapses_days_after_due" },
	{ "", NULL },
	{ "a_word_that_is_much_longer_than_any_that_a_file_may_hold", NULL },
};

static void test_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found = near_word(cases[i].given, words, sizeof(words) / sizeof(words[0]));

		if ((found == NULL) != (cases[i].meant == NULL) ||
		    (found != NULL && strcmp(found, cases[i].meant) != 0))
			fail_msg("%s: %s", cases[i].given, found != NULL ? found : "nothing");
	}
	assert_null(near_word("email", words, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
