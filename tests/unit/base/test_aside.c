/* A reader that crashes, floods, loops or wants a file harms nobody but itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/aside.h"
#include "base/err.h"

#define OUT_MAX 1000

static bool echoes(const char *at, size_t len, struct str *out)
{
	str_putn(out, at, len);
	return true;
}

static bool finds_nothing(const char *at, size_t len, struct str *out)
{
	(void)at;
	(void)len;
	str_put(out, "half of it");
	return false;
}

static bool dies(const char *at, size_t len, struct str *out)
{
	(void)at;
	(void)len;
	str_put(out, "not yet");
	_exit(99);
}

static bool floods(const char *at, size_t len, struct str *out)
{
	for (int i = 0; i < 10000; i++)
		str_putn(out, at, len);
	return true;
}

static bool loops(const char *at, size_t len, struct str *out)
{
	volatile uint64_t n = len;

	(void)at;
	while (n != 0)
		n |= 1;
	str_put(out, "never");
	return true;
}

static bool writes_a_file(const char *at, size_t len, struct str *out)
{
	const int fd = open(at, O_WRONLY | O_CREAT, 0600);
	const bool wrote = fd >= 0 && write(fd, at, len) == (ssize_t)len;

	str_put(out, wrote ? "wrote" : "could not");
	return true;
}

static void says(aside_fn *fn, const char *text, const char *wanted)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	char *got = aside_run(ctx, fn, text, strlen(text), OUT_MAX, &err);

	if (wanted == NULL) {
		assert_null(got);
		assert_int_equal(err.kind, ERR_INPUT);
	} else {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	}
	talloc_free(ctx);
}

static void answers(void **state)
{
	(void)state;
	says(echoes, "hello", "hello");
	says(echoes, "", "");
	says(finds_nothing, "x", NULL);
}

static void harms_nobody(void **state)
{
	char path[] = "/tmp/purr-aside-XXXXXX";

	(void)state;
	says(dies, "x", NULL);
	says(floods, "more than there is room for", NULL);
	says(loops, "for ever", NULL);		/* until its seconds of CPU are over */
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
	says(writes_a_file, "here", NULL);	/* SIGXFSZ ends it */
	(void)unlink("here");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(path), 0);
	says(echoes, "still here", "still here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers), cmocka_unit_test(harms_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
