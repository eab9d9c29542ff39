/* test_reach.c - by which channel a debtor is written to, and what is said of why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

/* The step asks for e-mail, SMS, letter in this order; 300 of 1,000 messages are reacted to
 * by all others, so what speaks is the debtor's own. */
static void test_habit(void **state)
{
	static const struct {
		int		 email[2], sms[2], letter[2];	/* messages, reacted to */
		enum channel	 channel;
		const char	*says;				/* "": nothing of it */
	} cases[] = {
		{ { 5, 1 }, { 8, 6 }, { 2, 0 }, CHANNEL_SMS,
		  "sms before email: the debtor reacted to 6 of 8 by sms and to 1 of 5 by email" },
		{ { 5, 1 }, { 8, 2 }, { 3, 3 }, CHANNEL_LETTER, "letter before email: the debtor "
		  "reacted to 3 of 3 by letter and to 1 of 5 by email" },
		{ { 5, 5 }, { 8, 6 }, { 2, 0 }, CHANNEL_EMAIL, "" },
		{ { 4, 2 }, { 4, 2 }, { 4, 2 }, CHANNEL_EMAIL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *said = "";
		struct decision out;
		struct trace trace;
		struct scene s;

		trace_init(&trace, scene_ctx);
		scene_read(&s, "due:2026-09-14");
		s.facts.habit_given = true;
		s.facts.habit[CHANNEL_EMAIL] = (struct decide_habit){ cases[i].email[0],
		    cases[i].email[1], 300 };
		s.facts.habit[CHANNEL_SMS] = (struct decide_habit){ cases[i].sms[0], cases[i].sms[1],
		    300 };
		s.facts.habit[CHANNEL_LETTER] = (struct decide_habit){ cases[i].letter[0],
		    cases[i].letter[1], 300 };
		s.facts.habit[CHANNEL_CALL] = (struct decide_habit){ 0, 0, 300 };
		decide(&s.facts, &s.rules, &trace, &out);
		for (size_t k = 0; k < trace.count; k++)
			if (strcmp(trace.lines[k].rule, "channel.habit") == 0)
				said = trace.lines[k].text;
		assert_int_equal(out.result, DECIDE_CONTACT);
		if (out.channel != cases[i].channel || strcmp(said, cases[i].says) != 0)
			fail_msg("case %zu: %s, '%s'", i, channel_name(out.channel), said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_habit) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, scene_start, scene_end);
}
