/* test_lix.c - the readability figure, against counts made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compose/lix.h"

static const struct {
	const char	*says, *text;
	int		 words, long_words, sentences, value;
} cases[] = {
	{ "nothing", "", 0, 0, 0, 0 },
	{ "one short sentence", "Vi ses snart.", 3, 0, 1, 3 },
	/* 10 words in 2 sentences, 2 of them long: 5 + 20 */
	{ "two sentences", "Betalingen mangler stadig hos os. Ring gerne til os nu.", 10, 2, 2, 25 },
	{ "six letters are not long", "mangle mangle.", 2, 0, 1, 2 },
	{ "seven letters are", "mangler mangler.", 2, 2, 1, 102 },
	{ "Nordic letters count once", "bløde røde grød.", 3, 0, 1, 3 },
	{ "and are counted", "småkager åååååå.", 2, 1, 1, 52 },
	{ "numbers and addresses are no words", "Ring 70102030 eller a@b.example nu.",
	  3, 0, 1, 3 },
	{ "lists do not count where there is prose", "- betale\n- udsætte betalingen\nVi ses.",
	  2, 0, 1, 2 },
	{ "without prose all counts", "Vi ses snart", 3, 0, 1, 3 },
	{ "a colon ends a sentence", "Se her: vi er her.", 5, 0, 2, 3 },
	{ "rounded to the nearest", "en to tre fire. en to tre.", 7, 0, 2, 4 },
};

static void figures(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct lix l = lix_measure(cases[i].text);

		print_message("# %s\n", cases[i].says);
		assert_int_equal(l.words, cases[i].words);
		assert_int_equal(l.long_words, cases[i].long_words);
		assert_int_equal(l.sentences, cases[i].sentences);
		assert_int_equal(l.value, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(figures) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("lix", tests, NULL, NULL);
}
