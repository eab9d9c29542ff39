/* rate.c - see rate.h. */
#include "dispatch/rate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"

#define SECOND_MS 1000
#define TEXT_BYTES 24

struct rate {
	int	per_second;
	int	fd;			/* -1: nobody shares it */
	int64_t	next_ms;		/* where nobody does */
};

static int rate_free(struct rate *rate)
{
	if (rate->fd >= 0)
		(void)close(rate->fd);
	return 0;
}

struct rate *rate_open(void *ctx, const char *dir, const char *name, int per_second,
    struct err *err)
{
	struct rate *rate = talloc(ctx, struct rate);
	char *path;

	must(rate != NULL && per_second > 0);
	*rate = (struct rate){ .per_second = per_second, .fd = -1 };
	if (dir == NULL)
		return rate;
	path = talloc_asprintf(rate, "%s/%s.rate", dir, name);
	must(path != NULL);
	rate->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	talloc_set_destructor(rate, rate_free);
	if (rate->fd >= 0)
		return rate;
	(void)err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	talloc_free(rate);
	return NULL;
}

static int64_t next_of(const struct rate *rate, int64_t now)
{
	char text[TEXT_BYTES];
	int64_t next = rate->next_ms;
	ssize_t len;

	if (rate->fd >= 0) {
		len = pread(rate->fd, text, sizeof(text) - 1, 0);
		text[len > 0 ? len : 0] = '\0';
		next = strtoll(text, NULL, 10);
	}
	return next > now && next <= now + SECOND_MS ? next : now;
}

int64_t rate_wait(const struct rate *rate)
{
	const int64_t now = clock_tick().ms;

	return next_of(rate, now) - now;
}

void rate_take(struct rate *rate)
{
	const int64_t gap = (SECOND_MS + rate->per_second - 1) / rate->per_second;
	char text[TEXT_BYTES];
	int len;

	if (rate->fd < 0) {
		rate->next_ms = next_of(rate, clock_tick().ms) + gap;
		return;
	}
	(void)flock(rate->fd, LOCK_EX);
	/* Of one length, so that nothing of a longer one is left behind it. */
	len = snprintf(text, sizeof(text), "%020" PRId64, next_of(rate, clock_tick().ms) + gap);
	if (pwrite(rate->fd, text, (size_t)len, 0) != len)
		rate->next_ms = 0;	/* a full disk: then nobody waits */
	(void)flock(rate->fd, LOCK_UN);
}
