/* cmd_up.c - purr up: the pages and a worker, each in a process of its own,
 * started again when one dies.
 *
 * The supervisor opens nothing: no database, no socket.  What its children
 * share is the workspace.  A child is told (by the kernel) when the supervisor
 * is gone, however it went, and ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <talloc.h>

#include "base/must.h"
#include "cmd/desk.h"
#include "net/loop.h"

#define BACKOFF_MS_MIN 200
#define BACKOFF_MS_MAX 30000
#define STEADY_MS 30000			/* alive so long: the backoff begins anew */
#define QUICK_EXITS_MAX 6		/* with an error, one after the other: give up */
#define STOP_MS_MAX 60000		/* then SIGKILL: by design nothing is lost */

static const char help[] =
"usage: purr up [-C DIR] [--listen ADDRESS:PORT] [--behind-proxy] [--worker NAME]\n"
"\n"
"Runs 'purr serve' and 'purr work' in two processes and starts again the one\n"
"that dies.  SIGTERM or SIGINT ends both, SIGUSR1 starts the worker's next\n"
"pass.  Killing any of the processes loses nothing and sends nothing twice.\n";

struct child {
	const char	*name;
	cmd_fn		*run;
	struct cmd	 cmd;
	pid_t		 pid;		/* 0: not running */
	tick_t		 started, start_at;
	int		 backoff_ms, quick_exits;
};

enum { SERVE, WORK, CHILDREN };

struct supervisor {
	struct child	children[CHILDREN];
	sigset_t	signals, for_children;
	bool		stopping;
	tick_t		stop_at;
	int		code;
};

static _Noreturn void be_child(struct supervisor *s, struct child *c, pid_t parent)
{
	int code;

	/* The parent may be gone before the kernel was asked to tell of it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(EXIT_REFUSED);
	(void)prctl(PR_SET_NAME, c->name);	/* what ps shows: "serve", "work" */
	/* SIGUSR1 stays blocked: sent to a worker that is only starting, it
	 * would end it. */
	(void)sigprocmask(SIG_SETMASK, &s->for_children, NULL);
	code = c->run(&c->cmd);
	fflush(NULL);
	talloc_free(c->cmd.ctx);
	_exit(code);
}

static void start(struct supervisor *s, struct child *c)
{
	const pid_t parent = getpid();
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		be_child(s, c, parent);
	c->started = clock_tick();
	if (pid > 0)
		c->pid = pid;
	else
		c->start_at = (tick_t){ c->started.ms + BACKOFF_MS_MAX };
}

static void stop(struct supervisor *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	s->stop_at = (tick_t){ clock_tick().ms + STOP_MS_MAX };
	for (size_t i = 0; i < CHILDREN; i++)
		if (s->children[i].pid > 0)
			(void)kill(s->children[i].pid, SIGTERM);
}

/* A child is gone: when may it come back? */
static void ended(struct supervisor *s, struct child *c, int status)
{
	const tick_t now = clock_tick();
	const bool refused = WIFEXITED(status) && WEXITSTATUS(status) != EXIT_DONE;

	c->pid = 0;
	if (s->stopping)
		return;
	if (now.ms - c->started.ms >= STEADY_MS)
		c->backoff_ms = c->quick_exits = 0;
	c->quick_exits = refused ? c->quick_exits + 1 : 0;
	c->backoff_ms = c->backoff_ms == 0 ? BACKOFF_MS_MIN :
	    c->backoff_ms * 2 > BACKOFF_MS_MAX ? BACKOFF_MS_MAX : c->backoff_ms * 2;
	c->start_at = (tick_t){ now.ms + c->backoff_ms };
	if (c->quick_exits > QUICK_EXITS_MAX) {
		fprintf(stderr, "purr up: %s does not start; see above\n", c->name);
		s->code = EXIT_REFUSED;
		stop(s);
		return;
	}
	fprintf(stderr, "up.restart child=%s %s=%d in_ms=%d\n", c->name,
	    WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), c->backoff_ms);
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < CHILDREN; i++)
			if (s->children[i].pid == pid)
				ended(s, &s->children[i], status);
}

static size_t running(const struct supervisor *s)
{
	size_t n = 0;

	for (size_t i = 0; i < CHILDREN; i++)
		n += s->children[i].pid > 0;
	return n;
}

/* Starts what is due; how long to sleep, in ms. */
static int64_t start_due(struct supervisor *s)
{
	const tick_t now = clock_tick();
	int64_t wait = BACKOFF_MS_MAX;

	for (size_t i = 0; i < CHILDREN && !s->stopping; i++) {
		struct child *c = &s->children[i];

		if (c->pid == 0 && c->start_at.ms <= now.ms)
			start(s, c);
		if (c->pid == 0 && c->start_at.ms - now.ms < wait)
			wait = c->start_at.ms - now.ms;
	}
	if (s->stopping && now.ms >= s->stop_at.ms)
		for (size_t i = 0; i < CHILDREN; i++)
			if (s->children[i].pid > 0)
				(void)kill(s->children[i].pid, SIGKILL);
	return s->stopping ? 1000 : wait;
}

static void supervise(struct supervisor *s)
{
	for (;;) {
		const int64_t ms = start_due(s);
		const struct timespec wait = { .tv_sec = ms / 1000,
		    .tv_nsec = (ms % 1000) * 1000000 };
		int got;

		if (s->stopping && running(s) == 0)
			return;
		got = sigtimedwait(&s->signals, NULL, &wait);
		if (got == SIGTERM || got == SIGINT)
			stop(s);
		if (got == SIGUSR1 && s->children[WORK].pid > 0)
			(void)kill(s->children[WORK].pid, SIGUSR1);
		reap(s);
	}
}

/* Each child parses its own options, from words of its own. */
static struct child make_child(struct cmd *cmd, const char *name, cmd_fn *run)
{
	struct child c = { .name = name, .run = run, .cmd = *cmd };

	c.cmd.name = name;
	c.cmd.ctx = talloc_new(cmd->ctx);
	c.cmd.argc = 0;
	c.cmd.argv = talloc_zero_array(c.cmd.ctx, char *, 4);
	must(c.cmd.argv != NULL);
	return c;
}

static void give(struct child *c, const char *option, const char *value)
{
	c->cmd.argv[c->cmd.argc++] = talloc_asprintf(c->cmd.ctx, "%s%s%s", option,
	    value[0] != '\0' ? "=" : "", value);
}

int cmd_up(struct cmd *cmd)
{
	struct supervisor s = { .children = { make_child(cmd, "serve", cmd_serve),
	    make_child(cmd, "work", cmd_work) }, .code = EXIT_DONE };
	struct err err = { 0 };
	const char *listen;
	struct engine *e;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	listen = cmd_option(cmd, "--listen");
	if (listen != NULL)
		give(&s.children[SERVE], "--listen", listen);
	if (cmd_flag(cmd, "--behind-proxy"))
		give(&s.children[SERVE], "--behind-proxy", "");
	give(&s.children[WORK], "--worker", cmd_worker(cmd));
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (cmd->now_given)
		return cmd_usage(cmd, "it lives in the present; --at is for serve and work");
	e = cmd_engine(cmd, STORE_READ);	/* a bad workspace is told once, here */
	if (e == NULL)
		return EXIT_REFUSED;
	engine_close(e);
	if (!net_start(&err))
		return cmd_fail(cmd, &err);
	sigemptyset(&s.signals);
	sigaddset(&s.signals, SIGTERM);
	sigaddset(&s.signals, SIGINT);
	sigaddset(&s.signals, SIGCHLD);
	sigaddset(&s.signals, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &s.signals, &s.for_children) != 0 ||
	    sigaddset(&s.for_children, SIGUSR1) != 0) {
		err_set(&err, ERR_SYSTEM, "signals: %s", strerror(errno));
		return cmd_fail(cmd, &err);
	}
	supervise(&s);
	return s.code;
}
