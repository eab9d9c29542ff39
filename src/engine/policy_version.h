/* policy_version.h - between policy_load.c, which reads the files, and policy.c,
 * which is asked.
 *
 * A policy is a list of texts with their hashes, each parsed once.  The files
 * come first in the list; versions that only the store still has are added
 * when somebody asks for them.
 *
 * Memory:  versions are children of their policy.
 */
#ifndef ENGINE_POLICY_VERSION_H
#define ENGINE_POLICY_VERSION_H

#include "engine/policy.h"

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

const char		*policy_kind_name(enum policy_kind);	/* "schedule" */

struct version		*version_add(struct policy *, enum policy_kind, const char *name,
			    const char *text, const char *shown, bool from_file, struct err *);
/* By name, of those in files; NULL: there is none. */
struct version		*version_named(const struct policy *, enum policy_kind, const char *name);
/* A calendar in files, with or without a creditor's closed days. */
struct version		*version_of_calendar(const struct policy *, const char *name,
			    const char *closed_days);
/* The calendar of a version, compiled when it is first asked for. */
const struct calendar	*version_calendar(struct version *, struct err *);

char			*policy_read_file(void *ctx, const char *path, struct err *);

#endif
