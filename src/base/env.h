/* env.h - the only place that reads environment variables.
 *
 * purr is set up by purr.conf and options.  The environment holds only what a
 * test or a supervisor must be able to say from outside: PURR_DIE_AT
 * (base/fault.h) and what the C library reads by itself.
 *
 * Memory:  the answer belongs to the environment; copy it to keep it.
 * Threads: as long as nobody calls setenv(), which purr never does.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

/* NULL when the variable is not set or empty. */
const char	*env_text(const char *name);

#endif
