/* policy_version.h - the list of texts that a policy is made of; for the policy's
 * own files (policy.c, policy_load.c) alone.
 *
 * Memory:  a version is a child of its policy and never moves.
 * Errors:  as policy.h.
 */
#ifndef ENGINE_POLICY_VERSION_H
#define ENGINE_POLICY_VERSION_H

#include <stdbool.h>

#include "engine/policy.h"

struct policy_kind_files {
	const char	*kind, *folder, *ending;
};
extern const struct policy_kind_files policy_kinds[POLICY_KINDS];

struct version {
	struct version		*next;
	enum policy_kind	 kind;
	char			*name;		/* file's name without the ending */
	char			*text;
	char			 hash[HASH_HEX_BYTES];
	bool			 from_file;	/* else from the store: an old version */
	char			*shown;		/* in errors */
	const void		*parsed;	/* of a calendar: NULL until it is asked for */
};

struct policy {
	struct version	*versions;
	struct segments	*segments;	/* NULL: there is no such file */
	struct library	*library;
	bool		 activated;
};

/* Parses all but calendars, and adds it in front of the others. */
struct version	*version_add(struct policy *, enum policy_kind, const char *name,
		    const char *text, const char *shown, bool from_file, struct err *);

/* By name, of those in files. */
struct version	*version_named(const struct policy *, enum policy_kind, const char *name);

/* The calendar of a version, compiled when it is first asked for. */
const struct calendar	*version_calendar(struct version *, struct err *);

/* Name of a pack's calendar with a creditor's closed days: "dk company". */
char		*version_joined_name(void *ctx, const char *calendar, const char *closed_days);

/* A calendar in files, with or without a creditor's closed days. */
struct version	*version_calendar_of(const struct policy *, const char *name,
		    const char *closed_days);

/* The text of a file, checked; a child of `ctx`. */
const char	*policy_read_file(void *ctx, const char *path, struct err *);

#endif
