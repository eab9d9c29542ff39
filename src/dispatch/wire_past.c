/* wire_past.c - reads a wire journal back; see wire_journal.h.
 *
 * The file may have been cut at any byte.  A line counts only when it is whole
 * (ends in " .\n" and has the fields of its kind); everything else is as if it
 * had not been written, which is right on both sides: a begin that is not
 * whole was followed by no byte on the wire, an end that is not whole leaves
 * its contact unknown.
 */
#include "dispatch/wire_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"

#define JOURNAL_BYTES_MAX (256 * 1024 * 1024)
#define FIELDS_MAX 11

struct line {
	char	*field[FIELDS_MAX];
	int	 fields;
};

struct reading {
	struct wire_past	*past;
	void			*ctx;
	size_t			 room;
	char			 boot_id[BOOT_ID_BYTES];	/* of now */
};

/* Splits in place at single blanks.  False when it is not a whole record. */
static bool line_split(char *text, struct line *line)
{
	line->fields = 0;
	for (;;) {
		char *blank = strchr(text, ' ');

		if (line->fields == FIELDS_MAX || *text == '\0' || *text == ' ')
			return false;
		line->field[line->fields++] = text;
		if (blank == NULL)
			break;
		*blank = '\0';
		text = blank + 1;
	}
	return line->fields > 1 && strcmp(line->field[line->fields - 1], ".") == 0;
}

static bool number_read(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

static bool text_keep(char *out, size_t room, const char *text)
{
	size_t len = strlen(text);

	if (len >= room)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

static bool word_keep(char *out, size_t room, const char *text)
{
	return text_keep(out, room, strcmp(text, "-") == 0 ? "" : text);
}

static bool end_fields_read(const struct line *line, struct wire_record *record)
{
	int64_t code;

	if (line->fields != 11 || !send_outcome_parse(line->field[3], &record->outcome) ||
	    !number_read(line->field[4], &code) || code < 0 || code > 9999 ||
	    !word_keep(record->provider_id, sizeof(record->provider_id), line->field[5]) ||
	    !number_read(line->field[6], &record->at) ||
	    !word_keep(record->provider, sizeof(record->provider), line->field[7]) ||
	    !word_keep(record->detail, sizeof(record->detail), line->field[8]))
		return false;
	for (char *at = strchr(record->detail, '+'); at != NULL; at = strchr(at, '+'))
		*at = ' ';
	record->at_recipient = strcmp(line->field[9], WIRE_BLAMES) == 0;
	record->code = (int)code;
	record->ended = true;
	return true;
}

static void record_add(struct reading *reading, const struct wire_record *record)
{
	struct wire_past *past = reading->past;

	if (past->count == reading->room) {
		reading->room = reading->room == 0 ? 256 : reading->room * 2;
		past->records = talloc_realloc(reading->ctx, past->records, struct wire_record,
		    (unsigned)reading->room);
		must(past->records != NULL);
	}
	past->records[past->count] = *record;
	past->records[past->count].place = past->count;
	past->count++;
}

static void line_take(struct reading *reading, char *text)
{
	struct wire_record record = { .this_boot = reading->past->this_boot };
	struct line line;
	const char *kind;

	if (!line_split(text, &line))
		return;
	kind = line.field[0];
	if (strcmp(kind, "H") == 0) {
		if (line.fields == 5 && strcmp(line.field[1], "purr-wire") == 0) {
			reading->past->found = true;
			reading->past->this_boot = strcmp(line.field[2], "3") == 0 &&
			    strcmp(line.field[3], reading->boot_id) == 0;
		}
		return;
	}
	if (strcmp(kind, "T") == 0) {
		if (line.fields == 3 && text_keep(record.token, sizeof(record.token), line.field[1]))
			record_add(reading, &record);
		return;
	}
	if (line.fields < 5 || !number_read(line.field[1], &record.contact_id) ||
	    record.contact_id <= 0 ||
	    !text_keep(record.token, sizeof(record.token), line.field[2]))
		return;
	if (strcmp(kind, "E") == 0 ? !end_fields_read(&line, &record) :
	    strcmp(kind, "B") != 0 || line.fields != 5)
		return;
	record_add(reading, &record);
}

static int key_compare(int64_t contact, const char *token, const struct wire_record *b)
{
	if (contact != b->contact_id)
		return contact < b->contact_id ? -1 : 1;
	return strcmp(token, b->token);
}

/* Of a contact and token the last record is the one to keep: after an end that was
 * `later` it may have begun again with the second provider. */
static int record_compare(const void *left, const void *right)
{
	const struct wire_record *a = left, *b = right;
	int order = key_compare(a->contact_id, a->token, b);

	return order != 0 ? order : a->place < b->place ? 1 : -1;
}

static void records_merge(struct wire_past *past)
{
	size_t kept = 0;

	if (past->count == 0)
		return;
	qsort(past->records, past->count, sizeof(past->records[0]), record_compare);
	for (size_t i = 0; i < past->count; i++) {
		const struct wire_record *record = &past->records[i];

		if (kept > 0 && key_compare(record->contact_id, record->token,
		    &past->records[kept - 1]) == 0)
			continue;
		past->records[kept++] = *record;
	}
	past->count = kept;
}

/* NULL with *err untouched: there is no such file. */
static char *file_read(void *ctx, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct str text;
	char chunk[8192];
	ssize_t len;

	if (fd < 0) {
		if (errno != ENOENT)
			(void)err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
		return NULL;
	}
	str_init(&text, ctx, JOURNAL_BYTES_MAX);
	while ((len = read(fd, chunk, sizeof(chunk))) > 0)
		str_putn(&text, chunk, (size_t)len);
	(void)close(fd);
	if (len < 0 || !str_ok(&text)) {
		(void)err_set(err, ERR_SYSTEM, "%s: %s", path,
		    len < 0 ? strerror(errno) : "larger than a journal can be");
		str_release(&text);
		return NULL;
	}
	return str_take(&text);
}

bool wire_journal_read(void *ctx, const char *path, struct wire_past *past, struct err *err)
{
	struct reading reading = { .past = past, .ctx = ctx };
	struct err trouble = { 0 };
	char *text, *at, *end;

	*past = (struct wire_past){ 0 };
	if (!boot_id_read(reading.boot_id, err))
		return false;
	text = file_read(ctx, path, &trouble);
	if (text == NULL)
		return !err_is_set(&trouble) || err_set(err, trouble.kind, "%s", trouble.text);
	for (at = text; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		line_take(&reading, at);
	}
	talloc_free(text);
	records_merge(past);
	return true;
}

const struct wire_record *wire_past_find(const struct wire_past *past, int64_t contact_id,
    const char *token)
{
	size_t low = 0, high = past->count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = key_compare(contact_id, token, &past->records[mid]);

		if (order == 0)
			return &past->records[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

bool wire_past_has_batch(const struct wire_past *past, const char *token, bool *this_boot)
{
	const struct wire_record *batch = wire_past_find(past, 0, token);

	*this_boot = batch != NULL && batch->this_boot;
	return batch != NULL;
}
