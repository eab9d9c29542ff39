/* test_fold.c - names that are one name to a person, and names that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fold.h"

static const struct {
	const char	*a, *b;
	bool		 same;
} names[] = {
	{ "Anna", "anna", true },
	{ "Åse", "åse", true },
	{ "Åse", "A\xcc\x8ase", true },			/* A and a ring */
	{ "Anna Berg", "Anna  Berg", true },
	{ "Anna Berg", "Anna\xc2\xa0" "Berg ", true },	/* a space that does not break */
	{ " Anna Berg", "anna berg", true },
	{ "Weiß", "WEISS", true },
	{ "Γιώργος", "ΓΙΏΡΓΟΣ", true },
	{ "Ａnna", "Anna", true },			/* full width */
	{ "Anna", "Anne", false },
	{ "Anna Berg", "AnnaBerg", false },
	{ "Ase", "Åse", false },
	{ "", "a", false },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (fold_same_name(names[i].a, names[i].b) != names[i].same ||
		    fold_same_name(names[i].b, names[i].a) != names[i].same)
			fail_msg("'%s' and '%s'", names[i].a, names[i].b);
}

/* What is too long to be a name is compared as it stands. */
static void test_long(void **state)
{
	char a[FOLD_NAME_BYTES_MAX + 2], b[FOLD_NAME_BYTES_MAX + 2];

	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'A', sizeof(b));
	a[sizeof(a) - 1] = b[sizeof(b) - 1] = '\0';
	assert_false(fold_same_name(a, b));
	assert_true(fold_same_name(a, a));
	a[FOLD_NAME_BYTES_MAX] = b[FOLD_NAME_BYTES_MAX] = '\0';
	assert_true(fold_same_name(a, b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
