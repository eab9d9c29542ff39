/* aside.c - see aside.h. */
#include "base/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"

#define FILES_MAX 32		/* tables of charsets are files */
#define SHARED_MAX 1024
#define MAPS_LINE_BYTES 512
#define WAIT_SECONDS_MAX (ASIDE_SECONDS_MAX + 2)
#define LINGER_STEPS 1000
#define LINGER_STEP_MS 1

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

/* What the parent has mapped to be shared could be written to without a call (the database's
 * index among it): it goes.  The list is read once, before anything of it is undone. */
static bool part_shared(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	struct { uintptr_t from, to; } shared[SHARED_MAX];
	char line[MAPS_LINE_BYTES];
	size_t count = 0;

	if (maps == NULL)
		return false;
	while (count < SHARED_MAX && fgets(line, sizeof(line), maps) != NULL) {
		char access[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &shared[count].from,
		    &shared[count].to, access) == 3 && access[1] == 'w' && access[3] == 's')
			count++;
	}
	(void)fclose(maps);
	for (size_t i = 0; i < count; i++)
		if (munmap((void *)shared[i].from, shared[i].to - shared[i].from) != 0)
			return false;
	return count < SHARED_MAX;
}

/* Every descriptor but the pipe: what the parent has open to be written is no way out. */
static bool part_files(int fd)
{
	return (fd == 0 || close_range(0, (unsigned)fd - 1, 0) == 0) &&
	    close_range((unsigned)fd + 1, ~0U, 0) == 0;
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

/* What reading, memory, and the end of a process need. */
static bool allow_reading(scmp_filter_ctx filter)
{
	static const int calls[] = {
		SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(lseek), SCMP_SYS(close),
		SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
		SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
		SCMP_SYS(getdents64), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
		SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
		SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
		SCMP_SYS(gettimeofday), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
		SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
		SCMP_SYS(sigaltstack), SCMP_SYS(exit), SCMP_SYS(exit_group),
	};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(calls) / sizeof(calls[0]); i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	return ok;
}

/* Memory of one's own; of others' only what is read. */
static bool allow_memory(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_TYPE, MAP_PRIVATE)) == 0;
}

/* A file may be opened to be read, and nothing written but to the pipe. */
static bool only_read(int fd)
{
	const uint64_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
	const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	const bool ok = filter != NULL && allow_reading(filter) && allow_memory(filter) &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
	    SCMP_A0(SCMP_CMP_EQ, (uint64_t)fd, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
	    SCMP_A1(SCMP_CMP_MASKED_EQ, writes, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0)) == 0 &&
	    seccomp_load(filter) == 0;

	seccomp_release(filter);
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
	_exit(part_files(fd) && part_shared() && give_up_everything() && only_read(fd) && fn(at, len, &out) && str_ok(&out) &&
	    write_all(fd, out.at, out.len) ? 0 : 1);
}

/* Until it has said all, or its time is over: it may also wait for something for ever. */
static char *read_all(void *ctx, int fd, size_t out_max)
{
	const int64_t over = clock_tick().ms + WAIT_SECONDS_MAX * 1000;
	char *out = talloc_array(ctx, char, (unsigned)out_max + 1);
	size_t len = 0;
	ssize_t n = 1;

	must(out != NULL);
	while (n > 0 && len < out_max) {
		const int64_t left = over - clock_tick().ms;
		struct pollfd one = { .fd = fd, .events = POLLIN };

		if (left <= 0)
			break;
		if (poll(&one, 1, (int)left) <= 0)
			continue;
		n = read(fd, out + len, out_max - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	out[len] = '\0';
	return out;
}

/* It has a moment to end by itself once its pipe is closed or full. */
static bool has_ended(pid_t pid, int *status)
{
	for (int i = 0; i < LINGER_STEPS; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		(void)poll(NULL, 0, LINGER_STEP_MS);
	}
	*status = -1;
	return false;
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
	if (!has_ended(pid, &status))
		(void)kill(pid, SIGKILL);
	while (status < 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return out;
	talloc_free(out);
	err_set(err, ERR_INPUT, "cannot be read");
	return NULL;
}
