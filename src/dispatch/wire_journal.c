/* wire_journal.c - see wire_journal.h.  Writing; reading it back is in
 * wire_past.c.
 *
 * Nothing is buffered here: a record that stdio holds back at the moment of
 * kill -9 would be a message sent and not known.
 */
#include "dispatch/wire_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define LINE_BYTES_MAX 320

struct wire_journal {
	int	 fd;
	char	*path;
	char	 boot_id[BOOT_ID_BYTES];
	char	 token[WIRE_TOKEN_BYTES_MAX + 1];
	size_t	 open_count;
	bool	 is_new;		/* the file was empty or not there */
	bool	 torn;			/* its last line has no end */
};

bool boot_id_read(char out[BOOT_ID_BYTES], struct err *err)
{
	int fd = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, out, BOOT_ID_BYTES - 1) : -1;

	if (fd >= 0)
		(void)close(fd);
	if (len != BOOT_ID_BYTES - 1)
		return err_set(err, ERR_SYSTEM, "%s cannot be read", BOOT_ID_PATH);
	out[len] = '\0';
	return true;
}

static bool is_word(const char *text, size_t bytes_max)
{
	size_t len = strlen(text);

	if (len == 0 || len > bytes_max)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] == 0x7F)
			return false;
	}
	return true;
}

static bool worker_is_sound(const char *worker)
{
	size_t len = strlen(worker);

	return len > 0 && len <= WIRE_WORKER_BYTES_MAX && worker[0] != '.' &&
	    strspn(worker, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789._-") == len;
}

char *wire_journal_path(void *ctx, const char *dir, const char *worker)
{
	char *path = talloc_asprintf(ctx, "%s/%s.wire", dir, worker);

	must(path != NULL);
	return path;
}

static bool part_write(struct wire_journal *journal, const char *line, size_t len, struct err *err)
{
	ssize_t written;

	do {
		written = write(journal->fd, line, len);
	} while (written < 0 && errno == EINTR);
	if (written == (ssize_t)len)
		return true;
	journal->torn |= written > 0;
	return err_set(err, ERR_SYSTEM, "%s: %s", journal->path,
	    written < 0 ? strerror(errno) : "disk full");
}

/* After a line of which only a part could be written nothing is said until that one has
 * been ended: the next would be glued on, and lost with it. */
static bool line_write(struct wire_journal *journal, const char *line, size_t len, struct err *err)
{
	if (fault_is_dead())
		return err_set(err, ERR_SYSTEM, "%s: died before it was written", journal->path);
	if (journal->torn && !part_write(journal, "\n", 1, err))
		return false;
	journal->torn = false;
	return part_write(journal, line, len, err);
}

static bool header_write(struct wire_journal *journal, struct err *err)
{
	char line[LINE_BYTES_MAX];
	int len = snprintf(line, sizeof(line), "H purr-wire 3 %s .\n", journal->boot_id);

	return line_write(journal, line, (size_t)len, err);
}

/* What an earlier process left may end in a torn line: close it. */
static bool tail_mend(struct wire_journal *journal, struct err *err)
{
	struct stat st;
	char last = '\n';

	if (fstat(journal->fd, &st) != 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", journal->path, strerror(errno));
	journal->is_new = st.st_size == 0;
	if (st.st_size > 0 && pread(journal->fd, &last, 1, st.st_size - 1) != 1)
		return err_set(err, ERR_SYSTEM, "%s: %s", journal->path, strerror(errno));
	return last == '\n' || line_write(journal, "\n", 1, err);
}

static int journal_free(struct wire_journal *journal)
{
	if (journal->fd >= 0)
		(void)close(journal->fd);	/* gives the lock back */
	return 0;
}

struct wire_journal *wire_journal_open(void *ctx, const char *dir, const char *worker,
    struct err *err)
{
	struct wire_journal *journal;

	if (!worker_is_sound(worker)) {
		(void)err_set(err, ERR_INPUT, "a worker's name has letters, digits, '.', '_' and '-' only");
		return NULL;
	}
	journal = talloc_zero(ctx, struct wire_journal);
	must(journal != NULL);
	journal->path = wire_journal_path(journal, dir, worker);
	memcpy(journal->token, "-", 2);
	journal->fd = open(journal->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	talloc_set_destructor(journal, journal_free);
	if (journal->fd < 0)
		(void)err_set(err, ERR_SYSTEM, "%s: %s", journal->path, strerror(errno));
	else if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0)
		(void)err_set(err, ERR_REFUSED,
		    "%s is held by another process: give each worker a name of its own",
		    journal->path);
	else if (boot_id_read(journal->boot_id, err) && tail_mend(journal, err) &&
	    header_write(journal, err))
		return journal;
	talloc_free(journal);
	return NULL;
}

bool wire_journal_is_new(const struct wire_journal *journal)
{
	return journal->is_new;
}

bool wire_journal_is_held(const char *path)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)close(fd);		/* gives the lock back */
	return held;
}

void wire_journal_close(struct wire_journal *journal)
{
	talloc_free(journal);
}

void wire_journal_set_token(struct wire_journal *journal, const char *token)
{
	must(is_word(token, WIRE_TOKEN_BYTES_MAX));
	memcpy(journal->token, token, strlen(token) + 1);
}

const char *wire_journal_token(const struct wire_journal *journal)
{
	return journal->token;
}

bool wire_journal_batch(struct wire_journal *journal, const char *token, struct err *err)
{
	char line[LINE_BYTES_MAX];
	int len;

	wire_journal_set_token(journal, token);
	len = snprintf(line, sizeof(line), "T %s .\n", token);
	must(len > 0 && (size_t)len < sizeof(line));
	return line_write(journal, line, (size_t)len, err);
}

bool wire_journal_begin(struct wire_journal *journal, int64_t contact_id, const char *token,
    struct err *err)
{
	char line[LINE_BYTES_MAX];
	int len;

	must(is_word(token, WIRE_TOKEN_BYTES_MAX));
	len = snprintf(line, sizeof(line), "B %" PRId64 " %s %" PRId64 " .\n", contact_id, token,
	    clock_tick().ms);
	must(len > 0 && (size_t)len < sizeof(line));
	if (!line_write(journal, line, (size_t)len, err))
		return false;
	journal->open_count++;
	return true;
}

static const char *word_or_dash(const char *text, size_t bytes_max)
{
	return text != NULL && is_word(text, bytes_max) ? text : "-";
}

bool wire_journal_end(struct wire_journal *journal, int64_t contact_id, const char *token,
    const struct wire_end *end, struct err *err)
{
	char line[LINE_BYTES_MAX], detail[WIRE_DETAIL_BYTES_MAX + 1];
	int len;

	must(is_word(token, WIRE_TOKEN_BYTES_MAX) && journal->open_count > 0);
	(void)snprintf(detail, sizeof(detail), "%s", end->detail != NULL ? end->detail : "");
	for (char *at = strchr(detail, ' '); at != NULL; at = strchr(at, ' '))
		*at = '+';
	len = snprintf(line, sizeof(line), "E %" PRId64 " %s %s %d %s %" PRId64 " %s %s %s .\n",
	    contact_id, token, send_outcome_name(end->outcome), end->code,
	    word_or_dash(end->provider_id, WIRE_PROVIDER_ID_BYTES_MAX), end->at,
	    word_or_dash(end->provider, WIRE_PROVIDER_BYTES_MAX),
	    word_or_dash(detail, WIRE_DETAIL_BYTES_MAX), end->at_recipient ? WIRE_BLAMES : "-");
	must(len > 0 && (size_t)len < sizeof(line));
	journal->open_count--;
	return line_write(journal, line, (size_t)len, err);
}

size_t wire_journal_open_count(const struct wire_journal *journal)
{
	return journal->open_count;
}

bool wire_journal_reset(struct wire_journal *journal, struct err *err)
{
	if (journal->open_count > 0)
		return err_set(err, ERR_REFUSED, "%s: %zu contacts are still on the wire",
		    journal->path, journal->open_count);
	if (fault_is_dead())
		return err_set(err, ERR_SYSTEM, "%s: died before it was emptied", journal->path);
	if (ftruncate(journal->fd, 0) != 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", journal->path, strerror(errno));
	journal->torn = false;
	return header_write(journal, err);
}
