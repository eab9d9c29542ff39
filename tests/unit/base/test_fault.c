/* test_fault.c - the named points kill, at the right pass, and else nothing. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/env.h"
#include "base/fault.h"

static const struct {
	const char	*setting;
	int		 passes;	/* of the point "here" */
	bool		 killed;
} cases[] = {
	{ NULL, 3, false }, { "", 3, false }, { "there", 3, false }, { "here", 0, false },
	{ "here", 1, true }, { "here:1", 1, true }, { "here:2", 1, false }, { "here:2", 2, true },
	{ "her", 3, false }, { "here2", 3, false },
	{ "a-name-that-is-longer-than-any-point-has-and-does-not-fit-into-its-room", 3, false },
};

static void points(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = 0;
		pid_t child = fork();

		if (child == 0) {
			if (cases[i].setting != NULL)
				(void)setenv("PURR_DIE_AT", cases[i].setting, 1);
			else
				(void)unsetenv("PURR_DIE_AT");
			for (int n = 0; n < cases[i].passes; n++)
				fault_point("here");
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if ((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) != cases[i].killed)
			fail_msg("case %zu", i);
	}
}

static void inside(void **state)
{
	(void)state;
	assert_false(fault_is_dead());
	fault_will_die("here", 2);
	fault_point("there");
	fault_point("here");
	assert_false(fault_is_dead());
	fault_point("here");
	assert_true(fault_is_dead());
	fault_revive();
	assert_false(fault_is_dead());
	fault_point("here");		/* it dies once */
	assert_false(fault_is_dead());
	fault_will_die("here", 1);
	fault_revive();			/* called off */
	fault_point("here");
	assert_false(fault_is_dead());
}

static void environment(void **state)
{
	(void)state;
	assert_int_equal(setenv("PURR_TEST_TEXT", "x", 1), 0);
	assert_string_equal(env_text("PURR_TEST_TEXT"), "x");
	assert_int_equal(setenv("PURR_TEST_TEXT", "", 1), 0);
	assert_null(env_text("PURR_TEST_TEXT"));
	assert_int_equal(unsetenv("PURR_TEST_TEXT"), 0);
	assert_null(env_text("PURR_TEST_TEXT"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points), cmocka_unit_test(environment),
		cmocka_unit_test(inside),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
