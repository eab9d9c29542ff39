/* aside.h - does something with bytes from outside in a process of its own, which can
 * harm nothing: it reads files and writes to one pipe, and has little memory and little
 * time.  Anything else that it asks the kernel for is refused: the network, other
 * processes, a file to be written, also one that was open or mapped before: it has none
 * of the parent's descriptors and shared memory.
 *
 * The child writes what it found to a pipe.  Whatever becomes of it (a crash, a loop, a
 * flood), the parent gets those bytes or an error, and goes on.
 *
 * Limits:  ASIDE_SECONDS_MAX of CPU, two seconds more of waiting, ASIDE_MEMORY_BYTES_MAX (not under a sanitizer,
 *          which reserves more), no file grown, FILES_MAX of aside.c open,
 *          `out_max` bytes.
 * Source:  seccomp(2), libseccomp: a list of what is allowed; the rest is EPERM.
 * Memory:  the answer belongs to ctx.
 * Threads: the caller's process must have one.
 */
#ifndef BASE_ASIDE_H
#define BASE_ASIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct err;

#define ASIDE_SECONDS_MAX 5
#define ASIDE_MEMORY_BYTES_MAX (512UL * 1024 * 1024)

/* Puts what it found into `out`; false: there is nothing to be found. */
typedef bool aside_fn(const char *at, size_t len, struct str *out);

/* The child's answer, closed by NUL; NULL and ERR_INPUT when it found nothing or died. */
char	*aside_run(void *ctx, aside_fn *, const char *at, size_t len, size_t out_max,
	    struct err *);

#endif
