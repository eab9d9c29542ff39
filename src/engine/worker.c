/* worker.c - see worker.h. */
#include "engine/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/secret.h"
#include "dispatch/wire_journal.h"
#include "engine/mail_run.h"
#include "store/lease.h"

#define NAME_BYTES_MAX WIRE_WORKER_BYTES_MAX

struct worker {
	struct engine			*engine;
	const struct worker_options	*options;
	void				*ctx;
	int				 lock_fd;
	const char			*lease_name;
	char				 token[TOKEN_TEXT_BYTES];
	sigset_t			 signals;
	bool				 lost;		/* the lease: it must end */
	char				 closed[ERR_TEXT_BYTES_MAX];	/* said last */
};

static instant_t now_of(const struct worker *w)
{
	return w->options->now != 0 ? w->options->now : clock_now();
}

/* --- signals ------------------------------------------------------------------- */

/* Signals stay blocked; whether one has come is asked between batches. */
static bool told_to_end(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	    (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

static bool block_signals(struct worker *w, struct err *err)
{
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGTERM);
	sigaddset(&w->signals, SIGINT);
	sigaddset(&w->signals, SIGUSR1);
	return sigprocmask(SIG_BLOCK, &w->signals, NULL) == 0 ||
	    err_set(err, ERR_SYSTEM, "signals: %s", strerror(errno));
}

/* False: it is time to end. */
static bool sleep_until_told(struct worker *w, int seconds)
{
	const struct timespec wait = { .tv_sec = seconds };
	int got;

	do {
		got = sigtimedwait(&w->signals, NULL, &wait);
	} while (got < 0 && errno == EINTR);
	return got < 0 || got == SIGUSR1;
}

/* --- the name -------------------------------------------------------------------- */

static bool name_is_wellformed(const char *name)
{
	const size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return len > 0 && len <= NAME_BYTES_MAX && name[len] == '\0' && name[0] != '.';
}

static bool lock_name(struct worker *w, struct err *err)
{
	const char *dir = engine_path(w->engine, w->ctx, "journal");
	const char *path = talloc_asprintf(w->ctx, "%s/%s.lock", dir, w->options->name);

	must(path != NULL);
	if (!name_is_wellformed(w->options->name))
		return err_set(err, ERR_INPUT, "a worker's name is made of letters, digits, "
		    "'.', '_' and '-'");
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set(err, ERR_SYSTEM, "%s: %s", dir, strerror(errno));
	w->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (w->lock_fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	for (int waited = 0; flock(w->lock_fd, LOCK_EX | LOCK_NB) != 0; waited++) {
		if (errno != EWOULDBLOCK)
			return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
		if (waited == WORKER_LOCK_WAIT_SECONDS || !sleep_until_told(w, 1))
			return err_set(err, ERR_REFUSED, "a worker named '%s' is running "
			    "already; give this one another --worker NAME", w->options->name);
	}
	return true;
}

/* The lock has shown that no process of this machine is it: a lease of this
 * boot may be taken over. */
static bool take_lease(struct worker *w, struct err *err)
{
	uint8_t random[TOKEN_BYTES];
	char boot[BOOT_ID_BYTES];
	const instant_t now = clock_now();
	bool taken;

	secret_random(random, sizeof(random));
	token_text(random, w->token);
	w->lease_name = talloc_asprintf(w->ctx, "work:%s", w->options->name);
	must(w->lease_name != NULL);
	if (!boot_id_read(boot, err) || !lease_take(w->engine->store, w->lease_name, boot,
	    w->token, now + WORKER_LEASE_SECONDS, now, &taken, err))
		return false;
	return taken || err_set(err, ERR_REFUSED, "a worker named '%s' runs on another machine, "
	    "or did until shortly ago; give this one another --worker NAME",
	    w->options->name);
}

static bool keep_lease(struct worker *w, struct err *err)
{
	bool held;

	return lease_renew(w->engine->store, w->lease_name, w->token,
	    clock_now() + WORKER_LEASE_SECONDS, &held, err) &&
	    (held || err_set(err, ERR_REFUSED, "another worker has taken the name '%s'",
	    w->options->name));
}

/* --- passes ------------------------------------------------------------------------- */

static void say(const struct worker *w, const struct plan_summary *plan,
    const struct send_summary *sent)
{
	FILE *log = w->options->log;

	if (log == NULL || plan->contacts + plan->handed_over + plan->failed + sent->sent +
	    sent->later + sent->failed + sent->unknown + sent->dropped + sent->recovered +
	    sent->reconciled == 0)
		return;
	fprintf(log, "work.pass worker=%s planned=%" PRId64 " plan_failed=%" PRId64 " sent=%"
	    PRId64 " later=%" PRId64 " failed=%" PRId64 " unknown=%" PRId64 " dropped=%" PRId64
	    " recovered=%" PRId64 " reconciled=%" PRId64 "\n", w->options->name, plan->contacts, plan->failed,
	    sent->sent, sent->later, sent->failed, sent->unknown, sent->dropped,
	    sent->recovered, sent->reconciled);
	fflush(log);
}

/* Once, and again when it is another. */
static void say_closed(struct worker *w, const char *closed)
{
	if (strcmp(w->closed, closed) == 0)
		return;
	(void)snprintf(w->closed, sizeof(w->closed), "%s", closed);
	if (w->options->log == NULL || closed[0] == '\0')
		return;
	fprintf(w->options->log, "work.closed severity=warn worker=%s %s\n", w->options->name, closed);
	fflush(w->options->log);
}

/* Before the plan: who has just written is not chased.  Trouble with the folder is told,
 * and holds nobody's reminders up. */
static void take_mail(struct worker *w, instant_t now)
{
	const char *setting = w->engine->cfg->text[CFG_EMAIL_MAILDIR];
	struct mail_summary sum;
	struct err trouble = { 0 };
	void *tmp = talloc_new(NULL);

	if (setting[0] != '\0' && !w->engine->scratch && !mail_take_folder(w->engine,
	    engine_path(w->engine, tmp, setting), now, &sum, &trouble) && w->options->log != NULL)
		fprintf(w->options->log, "work.mail_failed severity=warn worker=%s %s\n",
		    w->options->name, trouble.text);
	talloc_free(tmp);
}

static bool pass(struct worker *w, int *wait_seconds, struct err *err)
{
	struct plan_summary plan;
	struct send_summary sent = { 0 };
	const instant_t now = now_of(w);

	*wait_seconds = WORKER_MINUTE_SECONDS;
	take_mail(w, now);
	if (!plan_run(w->engine, now, false, &plan, err))
		return false;
	if (!told_to_end() &&
	    !send_run(w->engine, w->options->name, now_of(w), false, &sent, err))
		return false;
	if (sent.recovered + sent.reconciled > 0)
		*wait_seconds = WORKER_SOON_SECONDS;
	say(w, &plan, &sent);
	say_closed(w, sent.closed);
	return true;
}

/* A store that somebody else is writing to for long (a large import) is no
 * reason to end: what is not done now is done then. */
static bool work(struct worker *w, int *wait_seconds, struct err *err)
{
	*wait_seconds = WORKER_SOON_SECONDS;
	if (keep_lease(w, err))
		return pass(w, wait_seconds, err);
	w->lost = err->kind != ERR_RETRY;
	return false;
}

static bool loop(struct worker *w, struct err *err)
{
	int wait_seconds;

	do {
		struct err trouble = { 0 };

		if (!work(w, &wait_seconds, &trouble) && (w->options->once ||
		    w->lost)) {
			*err = trouble;
			return false;
		}
		if (err_is_set(&trouble) && w->options->log != NULL) {
			/* Refused: a person must say (breaker.h); else it is trouble. */
			fprintf(w->options->log, "%s worker=%s %s\n",
			    trouble.kind == ERR_REFUSED ? "work.stopped severity=warn" :
			    "work.failed", w->options->name, trouble.text);
			fflush(w->options->log);
		}
	} while (!w->options->once && sleep_until_told(w, wait_seconds));
	return true;
}

bool worker_run(struct engine *e, const struct worker_options *options, struct err *err)
{
	struct worker w = { .engine = e, .options = options, .ctx = talloc_new(NULL),
	    .lock_fd = -1 };
	struct err ignored = { 0 };
	bool ok = block_signals(&w, err) && lock_name(&w, err) && take_lease(&w, err);

	if (ok) {
		e->must_stop = told_to_end;
		ok = loop(&w, err);
		e->must_stop = NULL;
		(void)lease_drop(e->store, w.lease_name, w.token, &ignored);
	}
	if (w.lock_fd >= 0)
		(void)close(w.lock_fd);
	talloc_free(w.ctx);
	return ok;
}
