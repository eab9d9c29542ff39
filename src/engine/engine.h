/* engine.h - an opened workspace: settings, keys, store, policy.
 *
 * The moments of an invoice's life stand beside this file, one each, in this
 * order: intake_run, plan_run, send_run, settle_run, report_run.  All of them
 * take `now` as an argument.
 *
 * Memory:  an engine is a talloc child of the context given to engine_open().
 * Threads: one engine per process.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/cfg.h"
#include "base/clock.h"
#include "base/secret.h"
#include "store/store.h"

struct err;
struct policy;
struct provider;
struct habit_base;

struct engine {
	const char	*dir;		/* the workspace */
	struct cfg	*cfg;
	struct store	*store;
	struct policy	*policy;
	struct key	 link_key, assign_key;
	struct habit_base *habits;	/* habit.h; NULL: not read yet */
	bool		 scratch;	/* a replay's workspace, or a copy: cannot send */
	const struct provider *provider;	/* a simulation's, borrowed; NULL: none */
	bool		(*must_stop)(void);	/* asked between two batches; NULL: never */
};

/* ERR_INPUT: a file of the workspace is wrong; ERR_REFUSED: another schema.
 * options.copy: its database is a copy that nobody else sees, and its links lead
 * nowhere; arms are the workspace's own. */
struct engine	*engine_open(void *ctx, const char *dir, struct store_options, struct err *);
void		 engine_close(struct engine *);

/* Somebody wants this process to end: a run stops after its batch. */
bool		 engine_must_stop(const struct engine *);

/* "DIR/name", or the name itself when it is absolute; a child of the context. */
char		*engine_path(const struct engine *, void *ctx, const char *name);

#endif
