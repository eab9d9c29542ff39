/* test_wire_journal.c - what can be read back after a death at any byte. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "dispatch/wire_journal.h"

struct place {
	void	*ctx;
	char	 dir[64];
	char	*path;
};

static int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->ctx = place;
	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/purr-wire-XXXXXX");
	if (mkdtemp(place->dir) == NULL)
		return -1;
	place->path = wire_journal_path(place, place->dir, "w1");
	*state = place;
	return 0;
}

static int place_drop(void **state)
{
	struct place *place = *state;

	(void)unlink(place->path);
	(void)rmdir(place->dir);
	talloc_free(place);
	return 0;
}

static struct wire_past past_of(struct place *place)
{
	struct wire_past past;
	struct err err = { 0 };

	if (!wire_journal_read(place->ctx, place->path, &past, &err))
		fail_msg("%s", err.text);
	return past;
}

static struct wire_journal *journal_of(struct place *place)
{
	struct err err = { 0 };
	struct wire_journal *journal = wire_journal_open(place->ctx, place->dir, "w1", &err);

	if (journal == NULL)
		fail_msg("%s", err.text);
	return journal;
}

static void bytes_put(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void missing(void **state)
{
	struct wire_past past = past_of(*state);

	assert_false(past.found);
	assert_null(wire_past_find(&past, 1, "-"));
}

static void begun_and_ended(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	struct err err = { 0 };
	const struct wire_record *record;
	struct wire_past past;

	assert_string_equal(wire_journal_token(journal), "-");
	wire_journal_set_token(journal, "lease-7");
	for (int64_t id = 300; id > 0; id--)
		assert_true(wire_journal_begin(journal, id, "lease-7", &err));
	assert_int_equal(wire_journal_open_count(journal), 300);
	assert_true(wire_journal_end(journal, 3, "lease-7", &(struct wire_end){ .outcome = SEND_TAKEN,
	    .code = 250, .provider_id = "4F1D", .at = 1780000000 }, &err));
	assert_true(wire_journal_end(journal, 9, "lease-7", &(struct wire_end){ .outcome = SEND_UNKNOWN,
	    .code = 354, .provider_id = "", .provider = "twilio", .detail = "opted out",
	    .at_recipient = true, .at = 1780000001 }, &err));
	assert_true(wire_journal_begin(journal, 3, "lease-8", &err));
	assert_false(wire_journal_reset(journal, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	past = past_of(place);			/* while the writer lives */
	assert_true(past.found && past.this_boot);
	assert_int_equal(past.count, 301);
	record = wire_past_find(&past, 3, "lease-7");
	assert_true(record != NULL && record->ended && record->this_boot);
	assert_int_equal(record->outcome, SEND_TAKEN);
	assert_int_equal(record->code, 250);
	assert_string_equal(record->provider_id, "4F1D");
	assert_string_equal(record->detail, "");
	assert_false(record->at_recipient);
	assert_int_equal(record->at, 1780000000);
	record = wire_past_find(&past, 9, "lease-7");
	assert_true(record != NULL && record->ended && record->outcome == SEND_UNKNOWN);
	assert_string_equal(record->provider_id, "");
	assert_string_equal(record->provider, "twilio");
	assert_string_equal(record->detail, "opted out");
	assert_true(record->at_recipient);
	record = wire_past_find(&past, 3, "lease-8");
	assert_true(record != NULL && !record->ended);
	assert_null(wire_past_find(&past, 9, "lease-8"));
	assert_null(wire_past_find(&past, 301, "lease-7"));
	wire_journal_close(journal);
}

static void reset_empties(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	struct err err = { 0 };
	struct wire_past past;

	assert_true(wire_journal_begin(journal, 1, "t", &err));
	assert_true(wire_journal_end(journal, 1, "t", &(struct wire_end){ .outcome = SEND_LATER,
	    .code = 0, .provider_id = NULL, .at = 1780000000 }, &err));
	assert_true(wire_journal_reset(journal, &err));
	assert_true(wire_journal_begin(journal, 2, "t", &err));
	past = past_of(place);
	assert_true(past.found && past.this_boot);
	assert_int_equal(past.count, 1);
	assert_non_null(wire_past_find(&past, 2, "t"));
	wire_journal_close(journal);
}

/* Cut the file at every byte: a record counts when its last byte is there, and
 * a new process that appends to the rest loses nothing. */
static void torn_anywhere(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	struct err err = { 0 };
	char whole[1024];
	size_t len, begin_end, end_end;
	FILE *file;

	assert_true(wire_journal_begin(journal, 12345, "tok", &err));
	assert_true(wire_journal_end(journal, 12345, "tok", &(struct wire_end){ .outcome = SEND_TAKEN,
	    .code = 250, .provider_id = "id1", .at = 1780000000 }, &err));
	wire_journal_close(journal);
	file = fopen(place->path, "r");
	len = fread(whole, 1, sizeof(whole) - 1, file);
	(void)fclose(file);
	whole[len] = '\0';
	begin_end = (size_t)(strchr(strchr(whole, '\n') + 1, '\n') - whole) + 1;
	end_end = len;
	for (size_t cut = 0; cut <= len; cut++) {
		const struct wire_record *record;
		struct wire_past past;

		bytes_put(place->path, whole, cut);
		past = past_of(place);
		record = wire_past_find(&past, 12345, "tok");
		assert_int_equal(past.count, cut >= begin_end);
		assert_int_equal(record != NULL && record->ended, cut >= end_end);
		journal = journal_of(place);
		assert_true(wire_journal_begin(journal, 1, "tok2", &err));
		wire_journal_close(journal);
		past = past_of(place);
		/* Closing a torn tail may complete a line but for its end. */
		assert_in_range(past.count, 1 + (cut >= begin_end), 1 + (cut + 1 >= begin_end));
		assert_non_null(wire_past_find(&past, 1, "tok2"));
		assert_true(past.this_boot);
	}
}

/* What another version of the program left says nothing: a person decides. */
static void other_format(void **state)
{
	struct place *place = *state;
	char boot[BOOT_ID_BYTES], text[200];
	struct err err = { 0 };
	struct wire_past past;

	assert_true(boot_id_read(boot, &err));
	(void)snprintf(text, sizeof(text), "H purr-wire 2 %s .\nT t .\nB 5 t 100 .\n"
	    "E 5 t taken 250 - 1780000000 - - - .\n", boot);
	bytes_put(place->path, text, strlen(text));
	past = past_of(place);
	assert_false(past.this_boot);
	assert_false(wire_past_find(&past, 5, "t")->this_boot);
}

static void other_boot(void **state)
{
	struct place *place = *state;
	const char *text = "H purr-wire 3 00000000-0000-0000-0000-000000000000 .\n"
	    "B 5 t 100 .\nE 5 t taken 250 - 1780000000 - - - .\nB 6 t 101 .\n";
	struct wire_journal *journal;
	struct err err = { 0 };
	struct wire_past past;

	bytes_put(place->path, text, strlen(text));
	past = past_of(place);
	assert_true(past.found);
	assert_false(past.this_boot);
	assert_false(wire_past_find(&past, 6, "t")->this_boot);
	journal = journal_of(place);
	assert_true(wire_journal_begin(journal, 7, "t", &err));
	wire_journal_close(journal);
	past = past_of(place);
	assert_true(past.this_boot);
	assert_false(wire_past_find(&past, 6, "t")->this_boot);
	assert_true(wire_past_find(&past, 7, "t")->this_boot);
}

static void garbage(void **state)
{
	static const char *const lines[] = {
		"", " ", "B", "B 5", "B 5 t", "B 5 t 100", "B 5 t 100 ,", "B  5 t 100 .",
		"B x t 100 .", "B 5 t 100 1 .", "E 5 t taken 250 - .", "E 5 t gone 250 - 1780000000 - - - .",
		"E 5 t taken 250 - 1780000000 .",
		"E 5 t taken x - 1780000000 - - - .", "E 5 t taken -1 - 1780000000 - - - .",
		"E 5 t taken 250 - - - - - .", "E 5 t taken 250 - 1780000000 - - - - .", "X 5 t 100 .",
		"B 99999999999999999999 t 100 .",
		"B 5 ttttttttttttttttttttttttttttttttttttttttttttttttttttt 100 .",
		"H purr-wire 3 .", "H other 3 x .",
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[200];
		struct wire_past past;

		(void)snprintf(text, sizeof(text), "%s\n", lines[i]);
		bytes_put(place->path, text, strlen(text));
		past = past_of(place);
		if (past.count != 0 || past.found)
			fail_msg("taken: %s", lines[i]);
	}
}

/* A journal that does not know the batch proves nothing about it. */
static void batches(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	struct err err = { 0 };
	struct wire_past past;
	bool this_boot = true;

	past = past_of(place);
	assert_false(wire_past_has_batch(&past, "lease-1", &this_boot));
	assert_false(this_boot);
	assert_true(wire_journal_batch(journal, "lease-1", &err));
	assert_string_equal(wire_journal_token(journal), "lease-1");
	assert_true(wire_journal_begin(journal, 1, "lease-2", &err));
	past = past_of(place);
	assert_true(wire_past_has_batch(&past, "lease-1", &this_boot) && this_boot);
	assert_false(wire_past_has_batch(&past, "lease-2", &this_boot));
	assert_false(wire_past_has_batch(&past, "lease", &this_boot));
	assert_true(wire_journal_end(journal, 1, "lease-2", &(struct wire_end){ .outcome = SEND_LATER,
	    .code = 0, .provider_id = NULL, .at = 1780000000 }, &err));
	assert_true(wire_journal_reset(journal, &err));
	past = past_of(place);
	assert_false(wire_past_has_batch(&past, "lease-1", &this_boot));
	wire_journal_close(journal);
	bytes_put(place->path, "H purr-wire 3 00000000-0000-4000-8000-000000000000 .\n"
	    "T lease-1 .\nT torn", 71);
	past = past_of(place);
	assert_true(wire_past_has_batch(&past, "lease-1", &this_boot));
	assert_false(this_boot);
	assert_false(wire_past_has_batch(&past, "torn", &this_boot));
}

static void held_while_open(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal;

	assert_false(wire_journal_is_held(place->path));	/* no file */
	journal = journal_of(place);
	assert_true(wire_journal_is_held(place->path));
	wire_journal_close(journal);
	assert_false(wire_journal_is_held(place->path));
}

static void one_writer(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	struct err err = { 0 };

	assert_null(wire_journal_open(place->ctx, place->dir, "w1", &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	wire_journal_close(journal);
	wire_journal_close(journal_of(place));
}

static void wrong_names(void **state)
{
	static const char *const names[] = { "", "../x", "a/b", ".hidden", "a b" };
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct err err = { 0 };

		assert_null(wire_journal_open(place->ctx, place->dir, names[i], &err));
		assert_int_equal(err.kind, ERR_INPUT);
	}
}

/* A full disk must stop the sending, not be overlooked. */
static void disk_full(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal;
	struct err err = { 0 };

	if (symlink("/dev/full", place->path) != 0)
		fail();
	journal = wire_journal_open(place->ctx, place->dir, "w1", &err);
	assert_null(journal);
	assert_int_equal(err.kind, ERR_SYSTEM);
}

/* The disk is full within a record and has room again: the next one is not glued on. */
static void never_glued(void **state)
{
	struct place *place = *state;
	struct wire_journal *journal = journal_of(place);
	const struct rlimit room = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit full = { 0, RLIM_INFINITY };
	struct err err = { 0 };
	struct wire_past past;
	struct stat st;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_true(wire_journal_batch(journal, "t1", &err));
	assert_true(wire_journal_begin(journal, 12, "t1", &err));
	assert_int_equal(stat(place->path, &st), 0);
	full.rlim_cur = (rlim_t)st.st_size + 9;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	assert_false(wire_journal_end(journal, 12, "t1", &(struct wire_end){ .outcome = SEND_TAKEN,
	    .code = 250, .provider_id = "", .at = 1780000000 }, &err));
	err_clear(&err);
	assert_false(wire_journal_begin(journal, 13, "t1", &err));	/* nothing may leave */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
	err_clear(&err);
	assert_true(wire_journal_begin(journal, 14, "t1", &err));
	past = past_of(place);
	assert_non_null(wire_past_find(&past, 14, "t1"));
	assert_null(wire_past_find(&past, 13, "t1"));
	assert_false(wire_past_find(&past, 12, "t1")->ended);
	wire_journal_close(journal);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_drop)
	const struct CMUnitTest tests[] = {
		TEST(missing), TEST(begun_and_ended), TEST(reset_empties), TEST(torn_anywhere),
		TEST(other_boot), TEST(other_format), TEST(garbage), TEST(one_writer), TEST(wrong_names), TEST(batches),
		TEST(held_while_open),
		TEST(disk_full), TEST(never_glued),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
