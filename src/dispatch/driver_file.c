/* driver_file.c - writes messages into a directory instead of sending them.
 *
 *   DIR/mail/new/C<contact>.purr   one e-mail each, a Maildir that mail
 *                                  readers and tests can open
 *   DIR/letters/C<contact>.pdf       the pages of a letter
 *   DIR/sms.jsonl, DIR/letter.jsonl  one JSON object per line: contact, to,
 *                                  from, text, at
 *
 * The name of an e-mail comes from the contact's id alone, so that a contact
 * written twice is one file; the lines of the other two are not merged, so
 * that a checker can count doubles.  Nothing is synced: what is taken here is
 * not on its way to anybody.
 *
 * Source: D. J. Bernstein, "Using maildir format" (tmp, new, cur).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "dispatch/mail.h"

struct file_state {
	char	*dir;
};

static bool dir_make(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

static bool bytes_write(int fd, const char *at, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, at, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		at += written;
		len -= (size_t)written;
	}
	return true;
}

static bool bytes_write_file(const char *tmp, const struct str *bytes)
{
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0)
		return false;
	good = bytes_write(fd, bytes->at, bytes->len);
	return close(fd) == 0 && good;
}

static void mail_start(struct file_state *state, struct driver_job *job)
{
	int64_t id = job->message->contact_id;
	char tmp[PATH_MAX], new[PATH_MAX];
	struct str bytes;

	if (!mail_bytes(job->message, job->ctx, &bytes)) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	(void)snprintf(tmp, sizeof(tmp), "%s/mail/tmp/C%" PRId64 ".purr", state->dir, id);
	(void)snprintf(new, sizeof(new), "%s/mail/new/C%" PRId64 ".purr", state->dir, id);
	if (!bytes_write_file(tmp, &bytes)) {
		driver_end_plain(job, SEND_LATER, "disk");
		return;
	}
	fault_point("mid-wire");
	driver_end_plain(job, rename(tmp, new) == 0 ? SEND_TAKEN : SEND_LATER, "file");
}

/* One line by one write() to O_APPEND: whole lines also with many workers. */
static enum send_outcome line_append(const char *path, const char *line, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	ssize_t written;

	if (fd < 0)
		return SEND_LATER;
	fault_point("mid-wire");
	written = write(fd, line, len);
	(void)close(fd);
	if (written == (ssize_t)len)
		return SEND_TAKEN;
	return written <= 0 ? SEND_LATER : SEND_UNKNOWN;
}

/* The pages first, under a name that a second try writes over: only the line counts. */
static bool pages_write(struct file_state *state, const struct message *m)
{
	struct str bytes = { .at = (char *)(uintptr_t)m->pdf, .len = m->pdf_len };
	char dir[PATH_MAX], tmp[PATH_MAX], path[PATH_MAX];

	(void)snprintf(dir, sizeof(dir), "%s/letters", state->dir);
	(void)snprintf(tmp, sizeof(tmp), "%s/letters/.C%" PRId64, state->dir, m->contact_id);
	(void)snprintf(path, sizeof(path), "%s/letters/C%" PRId64 ".pdf", state->dir, m->contact_id);
	return (mkdir(dir, 0700) == 0 || errno == EEXIST) && bytes_write_file(tmp, &bytes) &&
	    rename(tmp, path) == 0;
}

static void line_start(struct file_state *state, struct driver_job *job, const char *file)
{
	const struct message *message = job->message;
	char path[PATH_MAX], at[INSTANT_TEXT_BYTES];
	json_auto_t *object = json_pack("{s:I,s:s,s:s,s:s,s:s}",
	    "contact", (json_int_t)message->contact_id, "to", message->to,
	    "from", message->from != NULL ? message->from : "", "text", message->text,
	    "at", instant_text(message->date, at));
	char *line, *text;

	if (object == NULL) {		/* jansson takes only UTF-8 */
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	text = json_dumps(object, JSON_COMPACT);
	line = talloc_asprintf(job->ctx, "%s\n", text);
	must(text != NULL && line != NULL);
	free(text);
	(void)snprintf(path, sizeof(path), "%s/%s", state->dir, file);
	driver_end_plain(job, line_append(path, line, strlen(line)), "file");
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	struct file_state *state = driver->state;

	if (job->message->channel == CHANNEL_EMAIL)
		mail_start(state, job);
	else if (job->message->pdf != NULL && !pages_write(state, job->message))
		driver_end_plain(job, SEND_LATER, "disk");
	else
		line_start(state, job, job->message->channel == CHANNEL_SMS ?
		    "sms.jsonl" : "letter.jsonl");
}

struct driver *driver_file_open(void *ctx, const struct dispatch_settings *settings,
    struct err *err)
{
	static const char *const folders[] = { "", "/mail", "/mail/tmp", "/mail/new", "/mail/cur" };
	struct driver *driver;
	struct file_state *state;

	if (settings->outbox[0] == '\0' || strlen(settings->outbox) > PATH_MAX / 2) {
		(void)err_set(err, ERR_INPUT, "outbox: the driver \"file\" needs a directory");
		return NULL;
	}
	driver = talloc_zero(ctx, struct driver);
	state = talloc_zero(driver, struct file_state);
	must(driver != NULL && state != NULL);
	state->dir = talloc_strdup(state, settings->outbox);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[PATH_MAX];

		(void)snprintf(path, sizeof(path), "%s%s", state->dir, folders[i]);
		if (!dir_make(path, err)) {
			talloc_free(driver);
			return NULL;
		}
	}
	*driver = (struct driver){ .name = "file", .state = state, .start = message_start,
	    .connections_max = 1 };
	return driver;
}
