/* A reader that crashes, floods, loops or wants a file harms nobody but itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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

static int open_before = -1;		/* a file that the parent may write */

static bool writes_what_was_open(const char *at, size_t len, struct str *out)
{
	str_put(out, write(open_before, at, len) == -1 && pwrite(open_before, at, len, 0) == -1 &&
	    ftruncate(open_before, 0) == -1 ? "could not" : "wrote");
	return true;
}

static char *mapped_before;

static bool maps_what_was_open(const char *at, size_t len, struct str *out)
{
	(void)at;
	(void)len;
	str_put(out, mmap(NULL, 10, PROT_READ | PROT_WRITE, MAP_SHARED, open_before, 0) == MAP_FAILED ?
	    "could not" : "mapped");
	return true;
}

/* What it wants to write to is not there. */
static bool writes_what_was_mapped(const char *at, size_t len, struct str *out)
{
	memcpy(mapped_before, at, len);
	str_put(out, "wrote");
	return true;
}

/* Of a file that may be read: shared, to be written later. */
static bool maps_to_write_later(const char *at, size_t len, struct str *out)
{
	const int fd = open(at, O_RDONLY | O_CLOEXEC);
	void *here = mmap(NULL, 10, PROT_READ, MAP_SHARED, fd, 0);

	(void)len;
	str_put(out, here == MAP_FAILED || mprotect(here, 10, PROT_READ | PROT_WRITE) != 0 ? "could not" :
	    "may write");
	return true;
}

static bool waits_for_ever(const char *at, size_t len, struct str *out)
{
	static int word;

	(void)at;
	(void)len;
	while (word == 0)
		(void)syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
	str_put(out, "never");
	return true;
}

static bool reaches_out(const char *at, size_t len, struct str *out)
{
	(void)at;
	(void)len;
	str_put(out, socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM ? "no network" : "network");
	str_put(out, kill(getppid(), 0) == -1 && errno == EPERM ? ", nobody killed" : ", killed");
	str_put(out, fork() == -1 ? ", no child" : ", a child");
	str_put(out, execl("/bin/true", "true", (char *)NULL) == -1 && errno == EPERM ? ", no program" : "");
	str_put(out, unlink("/nonexistent/x") == -1 && errno == EPERM ? ", nothing removed" : ", removed");
	return true;
}

/* Tables of charsets are files. */
static bool reads_a_file(const char *at, size_t len, struct str *out)
{
	char text[4];
	const int fd = open(at, O_RDONLY | O_CLOEXEC);

	(void)len;
	str_put(out, fd >= 0 && read(fd, text, sizeof(text)) == 4 ? "read" : "could not");
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
	says(waits_for_ever, "x", NULL);	/* until ours are */
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
	says(writes_a_file, "here", "could not");
	open_before = open("before", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(open_before >= 0 && write(open_before, "1234567890", 10) == 10);
	says(writes_what_was_open, "x", "could not");
	says(maps_what_was_open, "x", "could not");
	says(maps_to_write_later, "before", "could not");
	mapped_before = mmap(NULL, 10, PROT_READ | PROT_WRITE, MAP_SHARED, open_before, 0);
	assert_true(mapped_before != MAP_FAILED);
	says(writes_what_was_mapped, "x", NULL);
	assert_memory_equal(mapped_before, "1234567890", 10);
	assert_int_equal(munmap(mapped_before, 10), 0);
	says(reads_a_file, "before", "read");
	assert_int_equal(lseek(open_before, 0, SEEK_END), 10);
	(void)close(open_before);
	(void)unlink("before");
	says(reaches_out, "x", "no network, nobody killed, no child, no program, nothing removed");
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
