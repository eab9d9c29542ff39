/* source.c - see source.h. */
#include "intake/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

static bool open_failed(struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return err_set(err, ERR_INPUT, "no such file");
	if (errno == EACCES)
		return err_set(err, ERR_INPUT, "this user may not read it");
	return err_set(err, ERR_SYSTEM, "cannot be opened: %s", strerror(errno));
}

static bool check_size(int64_t size, struct err *err)
{
	if (size == 0)
		return err_set(err, ERR_INPUT, "the file is empty");
	if (size > TABLE_FILE_BYTES_MAX)
		return err_set(err, ERR_INPUT,
		    "the file is larger than 1 GiB: split it into several");
	return true;
}

static bool check_file(int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_set(err, ERR_SYSTEM, "cannot be examined: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_INPUT, "is a directory: name a file in it");
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "is not a regular file: save it as one first");
	return check_size(st.st_size, err);
}

bool source_open(struct source *s, const struct table_source *from, struct err *err)
{
	*s = (struct source){ .fd = -1, .text = from->text };
	if (from->path == NULL)
		return check_size((int64_t)from->text.len, err);
	/* not blocking: opening a pipe that nobody writes to would wait */
	s->fd = open(from->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (s->fd < 0)
		return open_failed(err);
	if (check_file(s->fd, err))
		return true;
	source_close(s);
	return false;
}

void source_close(struct source *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

bool source_read(struct source *s, char *chunk, size_t *len, struct err *err)
{
	*len = 0;
	if (s->fd < 0) {
		*len = s->text.len < SOURCE_CHUNK_BYTES ? s->text.len : SOURCE_CHUNK_BYTES;
		memcpy(chunk, s->text.at, *len);
		s->text.at += *len;
		s->text.len -= *len;
		return true;
	}
	while (*len < SOURCE_CHUNK_BYTES) {
		const ssize_t n = read(s->fd, chunk + *len, SOURCE_CHUNK_BYTES - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, ERR_SYSTEM, "cannot be read: %s", strerror(errno));
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return true;
}
