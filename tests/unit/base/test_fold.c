/* test_fold.c - names that are one name to a person, and names that are not; words, and composed
 * text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

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

static const char *const words[][2] = {
	{ "Aufhören", "aufhoren" }, { "Aufho\u0308ren!", "aufhoren" }, { "WEISS Weiß", "weiss weiss" },
	{ " \u00AB Ja,\tja \u2026 \u00BB", "ja ja" }, { "don't don\u2019t", "dont dont" },
	{ "\uFF33top\u200B \U0001F64F", "stop" }, { "ST\u00ADOP", "stop" }, { "S.T.O.P", "s t o p" },
	{ "vær så", "vær sa" }, { "Å\u00A0" "1\u2028b", "a 1 b" }, { "_a-b_", "a b" }, { "\U0001D412x", "sx" },
	{ "Стоп", "стоп" }, { "", "" }, { "\U0001F64F!", "" }, { "\xFF" "a", "" },
};

static void test_words(void **state)
{
	void *ctx = talloc_new(NULL);
	char text[FOLD_WORDS_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_string_equal(fold_words(ctx, words[i][0]), words[i][1]);
	memset(text, 'A', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(fold_words(ctx, text), "");
	text[sizeof(text) - 2] = '\0';
	assert_int_equal(strlen(fold_words(ctx, text)), FOLD_WORDS_BYTES_MAX);
	for (size_t i = 0; i + 3 <= FOLD_WORDS_BYTES_MAX; i += 3)	/* each becomes 18 letters */
		memcpy(text + i, "\uFDFA", 4);
	assert_string_equal(fold_words(ctx, text), "");
	talloc_free(ctx);
}

static void test_capitals(void **state)
{
	(void)state;
	assert_true(fold_in_capitals("NORDLYS STOP 1!"));
	assert_true(fold_in_capitals("ÆØÅ\U0001F64F"));
	assert_true(fold_in_capitals(""));
	assert_false(fold_in_capitals("NORDLYS STOp"));
	assert_false(fold_in_capitals("ÆØå"));
	assert_false(fold_in_capitals("\xFF"));
}

static const char *const composed[][2] = {
	{ "Cafe\u0301", "Café" }, { "A\u030Ase", "Åse" }, { "Café", "Café" }, { "", "" }, { "q\u0301", "q\u0301" },
	{ "\u212B", "Å" }, { "\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469" }, { "\uFB01x", "\uFB01x" },
	{ "\U0001D160", "\U0001D158\U0001D165\U0001D16E" },	/* the longest there is */
};

static void test_composed(void **state)
{
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(composed) / sizeof(composed[0]); i++)
		assert_string_equal(fold_composed(ctx, composed[i][0]), composed[i][1]);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long), cmocka_unit_test(test_words), cmocka_unit_test(test_capitals),
		cmocka_unit_test(test_composed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
