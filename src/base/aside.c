/* aside.c - see aside.h. */
#include "base/aside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define FILES_MAX 32		/* tables of charsets are files */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static bool limit(int what, rlim_t most)
{
	const struct rlimit limits = { most, most };

	return setrlimit((__rlimit_resource_t)what, &limits) == 0;
}

static bool give_up_everything(void)
{
	bool ok = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    limit(RLIMIT_CPU, ASIDE_SECONDS_MAX) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
	    limit(RLIMIT_NOFILE, FILES_MAX);

#ifndef HAS_SANITIZER
	ok = ok && limit(RLIMIT_AS, ASIDE_MEMORY_BYTES_MAX);
#endif
	return ok;
}

static bool write_all(int fd, const char *at, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* RLIMIT_FSIZE does not bind a pipe, which is all that is written to. */
static void child(aside_fn *fn, const char *at, size_t len, size_t out_max, int fd)
{
	void *ctx = talloc_new(NULL);
	struct str out;

	str_init(&out, ctx, out_max);
	_exit(give_up_everything() && fn(at, len, &out) && str_ok(&out) &&
	    write_all(fd, out.at, out.len) ? 0 : 1);
}

static char *read_all(void *ctx, int fd, size_t out_max)
{
	char *out = talloc_array(ctx, char, (unsigned)out_max + 1);
	size_t len = 0;
	ssize_t n = 1;

	must(out != NULL);
	while (n > 0 && len < out_max) {
		n = read(fd, out + len, out_max - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	out[len] = '\0';
	return out;
}

char *aside_run(void *ctx, aside_fn *fn, const char *at, size_t len, size_t out_max,
    struct err *err)
{
	int fds[2], status = -1;
	char *out;
	pid_t pid;

	if (pipe(fds) != 0) {
		err_set(err, ERR_SYSTEM, "pipe: %s", strerror(errno));
		return NULL;
	}
	pid = fork();
	if (pid == 0) {
		(void)close(fds[0]);
		child(fn, at, len, out_max, fds[1]);
	}
	(void)close(fds[1]);
	if (pid < 0) {
		(void)close(fds[0]);
		err_set(err, ERR_SYSTEM, "fork: %s", strerror(errno));
		return NULL;
	}
	out = read_all(ctx, fds[0], out_max);
	(void)close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return out;
	talloc_free(out);
	err_set(err, ERR_INPUT, "cannot be read");
	return NULL;
}
