/* driver.c - what the drivers share; see driver.h. */
#include "dispatch/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define PASSWORD_BYTES_MAX 512

char *driver_password_read(void *ctx, const char *path, struct err *err)
{
	char text[PASSWORD_BYTES_MAX + 1];
	char *password;
	struct stat st;
	ssize_t len;
	int fd;

	if (path == NULL || path[0] == '\0')
		return talloc_strdup(ctx, "");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)err_set(err, ERR_INPUT, errno == ENOENT ? "there is no password file %s: write it, "
		    "the secret in its first line, and chmod 600" : "password file %s cannot be read", path);
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	len = read(fd, text, PASSWORD_BYTES_MAX);
	(void)close(fd);
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		(void)err_set(err, ERR_INPUT, "password file %s can be read by others: chmod 600", path);
	else if (len == PASSWORD_BYTES_MAX || text[0] == '\0')
		(void)err_set(err, ERR_INPUT, "password file %s is empty or too long", path);
	else if ((password = talloc_strdup(ctx, text)) != NULL)
		return password;
	return NULL;
}

enum send_outcome driver_outcome(enum net_fate fate)
{
	static const enum send_outcome outcomes[] = {
		[NET_TAKEN] = SEND_TAKEN, [NET_LATER] = SEND_LATER,
		[NET_NEVER] = SEND_NEVER, [NET_UNKNOWN] = SEND_UNKNOWN,
	};

	must((size_t)fate < sizeof(outcomes) / sizeof(outcomes[0]));
	return outcomes[fate];
}

void driver_end_plain(struct driver_job *job, enum send_outcome outcome, const char *word)
{
	struct dispatch_result result = { .outcome = outcome };

	(void)snprintf(result.detail, sizeof(result.detail), "%s", word);
	job->ended(job, &result, false);
}
