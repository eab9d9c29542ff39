/* policy.h - what finance teams edit, read from the workspace and kept by hash.
 *
 * Schedules, segments, rule packs, calendars, experiments and templates are read and
 * checked when a workspace opens; a calendar is compiled when somebody first asks
 * for it, since there are many and few are needed.  policy_activate() copies
 * versions that the store does not have yet into it, calendars only after they
 * were compiled; from then on an old decision can be told with the rules of its
 * day, whatever stands in the files.
 *
 * Memory:  all parsed policy lives as long as the struct policy; a version
 *          once parsed never moves.
 * Errors:  ERR_INPUT with file, line and what to write.
 */
#ifndef ENGINE_POLICY_H
#define ENGINE_POLICY_H

#include "compose/library.h"
#include "decide/decide.h"
#include "engine/engine.h"
#include "plan/segment.h"

struct policy;

struct policy	*policy_load(void *ctx, const struct engine *, struct err *);

/* Writes nothing when every version is in the store already. */
bool		 policy_activate(struct policy *, struct engine *, instant_t now, struct err *);

/* The same inside the caller's transaction, which may be rolled back. */
bool		 policy_put(struct policy *, struct engine *, instant_t now, struct err *);

/* By name, the version in the workspace's files.  NULL and an error. */
const struct schedule	*policy_schedule(const struct policy *, const char *name, struct err *);

/* The first segment of schedules/segments.json that fits; NULL: none, or there
 * is no such file.  A choice is kept with the invoice, so this file has no
 * versions. */
const struct segment	*policy_segment(const struct policy *, const struct segment_question *);

/* By hash: from the files, else from the store.  NULL and an error. */
const struct schedule	*policy_schedule_version(struct policy *, struct engine *,
			    const char *hash, struct err *);

/* The pack of a country in the files, or NULL. */
const struct pack	*policy_pack(const struct policy *, const char *country);

/* The rules for debtors of a country and a region (NULL: not known) under a
 * schedule: pack, calendar and experiment with their hashes.  A country without
 * a pack has NULL in it.  `closed_days` is the creditor's setting: the calendar is that of the pack
 * with those days closed, as one version with a hash of its own. */
struct policy_rules {
	struct decide_rules	 rules;
	const char		*pack_hash, *calendar_hash;	/* "" where NULL */
	const char		*experiment_hash;
};
bool		 policy_rules_for(const struct policy *, const char *country, const char *region,
		    const struct schedule *, const char *closed_days, struct policy_rules *,
		    struct err *);

/* The rules that an old decision names by hash ("" for none), out of the store. */
bool		 policy_rules_version(struct policy *, struct engine *, const char *pack_hash,
		    const char *calendar_hash, const char *experiment_hash,
		    struct policy_rules *, struct err *);

/* An experiment as it was when a unit was assigned. */
const struct experiment	*policy_experiment_version(struct policy *, struct engine *,
			    const char *hash, struct err *);

/* Reads another version of something from a file, to stand before the one of
 * that name: for a look ahead in a copy.  *hash is a child of the policy. */
enum policy_kind { POLICY_SCHEDULE, POLICY_PACK, POLICY_CALENDAR, POLICY_CLOSED_DAYS,
    POLICY_EXPERIMENT, POLICY_KINDS };
bool			 policy_overlay(struct policy *, enum policy_kind, const char *name,
			    const char *path, const char **hash, struct err *);
/* The hash of the version in the files, NULL: there is none of that name. */
const char		*policy_file_hash(const struct policy *, enum policy_kind,
			    const char *name);
/* Is there a schedule, a pack, a calendar of that name?  Asked in this order. */
bool			 policy_kind_of(const struct policy *, const char *name,
			    enum policy_kind *);

/* All that stands in the files, as one hash: the same policy, the same answers. */
void			 policy_hash(const struct policy *, char out[HASH_HEX_BYTES]);

const struct library	*policy_library(const struct policy *);
/* Experiment of that id in the files, or NULL. */
const struct experiment	*policy_experiment(const struct policy *, const char *id);
/* The hash of that file; NULL: there is none. */
const char		*policy_experiment_hash(const struct policy *, const char *id);
/* The experiments in the files one by one, NULL behind the last. */
const struct experiment	*policy_experiment_at(const struct policy *, size_t index);
/* The schedules in the files one by one, NULL behind the last. */
const struct schedule	*policy_schedule_at(const struct policy *, size_t index);

#endif
