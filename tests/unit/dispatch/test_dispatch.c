/* test_dispatch.c - the file drivers, the settings and the journal around
 * them; the network's drivers are tested in tests/story/wire-*.py. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "dispatch/dispatch.h"
#include "dispatch/driver.h"
#include "dispatch/wire_journal.h"

struct place {
	char	 dir[64];
	int	 done[16];			/* by contact id: how many times */
	struct dispatch_result last;
	struct dispatch	*dispatch;
	const struct message *next;		/* submitted from the call-back */
};

static const struct message mail = {
	.contact_id = 1, .channel = CHANNEL_EMAIL, .lang = "da", .to = "k@c.example",
	.from = "a@b.example", .text = "Hej\n", .date = 1795251600, .envelope_from = "v@b.example",
	.subject = "Hej", .html = "", .message_id = "1@b.example", .boundary = "=_1",
};
static const struct message sms = {
	.contact_id = 2, .channel = CHANNEL_SMS, .to = "+4520123456", .from = "Butik",
	.text = "Hej \"Å\"\n", .date = 1795251600,
};
static const struct message letter = {
	.contact_id = 3, .channel = CHANNEL_LETTER, .to = "Vej 1\n8000 Aarhus C", .from = "Butik",
	.text = "Kære", .date = 1795251600,
};

static int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/purr-out-XXXXXX");
	*state = place;
	return mkdtemp(place->dir) != NULL ? 0 : -1;
}

static void path_drop(const char *dir, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)remove(path);
}

static int place_drop(void **state)
{
	static const char *const names[] = {
		"mail/new/C1.purr", "mail/new/C7.purr", "mail/tmp", "mail/new", "mail/cur", "mail",
		"sms.jsonl", "letter.jsonl", "w1.wire", "password", "",
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		path_drop(place->dir, names[i]);
	talloc_free(place);
	return 0;
}

static void done(void *arg, int64_t contact_id, const struct dispatch_result *result)
{
	struct place *place = arg;
	const struct message *next = place->next;

	place->done[contact_id]++;
	place->last = *result;
	place->next = NULL;
	if (next != NULL)
		dispatch_submit(place->dispatch, next, done, place);
}

static int lines_in(const char *dir, const char *name)
{
	char path[128];
	FILE *file;
	int c, lines = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while ((c = fgetc(file)) != EOF)
		lines += c == '\n';
	(void)fclose(file);
	return lines;
}

static int files_in(const char *dir, const char *name)
{
	char path[128];
	struct dirent *entry;
	int files = 0;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		files += entry->d_name[0] != '.';
	(void)closedir(folder);
	return files;
}

static struct dispatch *open_files(struct place *place, struct wire_journal *journal)
{
	struct dispatch_settings settings = { .outbox = place->dir };
	struct err err = { 0 };

	place->dispatch = dispatch_open(place, &settings, journal, &err);
	if (place->dispatch == NULL)
		fail_msg("%s", err.text);
	return place->dispatch;
}

static void three_channels(void **state)
{
	struct place *place = *state;
	struct dispatch *dispatch = open_files(place, NULL);
	struct err err = { 0 };
	json_t *object;
	char path[128];

	dispatch_submit(dispatch, &mail, done, place);
	dispatch_submit(dispatch, &sms, done, place);
	dispatch_submit(dispatch, &letter, done, place);
	assert_int_equal(place->done[1], 0);	/* nothing before the drain */
	assert_true(dispatch_drain(dispatch, &err));
	assert_true(place->done[1] == 1 && place->done[2] == 1 && place->done[3] == 1);
	assert_int_equal(place->last.outcome, SEND_TAKEN);
	assert_int_equal(files_in(place->dir, "mail/new"), 1);
	assert_int_equal(files_in(place->dir, "mail/tmp"), 0);
	(void)snprintf(path, sizeof(path), "%s/sms.jsonl", place->dir);
	object = json_load_file(path, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(object, "contact")), 2);
	assert_string_equal(json_string_value(json_object_get(object, "text")), sms.text);
	assert_string_equal(json_string_value(json_object_get(object, "to")), sms.to);
	assert_string_equal(json_string_value(json_object_get(object, "from")), "Butik");
	assert_string_equal(json_string_value(json_object_get(object, "at")),
	    "2026-11-21T09:00:00Z");
	json_decref(object);
	assert_int_equal(lines_in(place->dir, "letter.jsonl"), 1);
	dispatch_close(dispatch);
}

/* A mail tried again is the same file; a text tried again shows as a double. */
static void again(void **state)
{
	struct place *place = *state;
	struct dispatch *dispatch = open_files(place, NULL);
	struct err err = { 0 };

	for (int i = 0; i < 2; i++) {
		dispatch_submit(dispatch, &mail, done, place);
		dispatch_submit(dispatch, &sms, done, place);
		assert_true(dispatch_drain(dispatch, &err));
	}
	assert_int_equal(files_in(place->dir, "mail/new"), 1);
	assert_int_equal(lines_in(place->dir, "sms.jsonl"), 2);
	dispatch_close(dispatch);
}

static void submit_from_call_back(void **state)
{
	struct place *place = *state;
	struct dispatch *dispatch = open_files(place, NULL);
	struct err err = { 0 };

	place->next = &letter;
	dispatch_submit(dispatch, &sms, done, place);
	assert_true(dispatch_drain(dispatch, &err));
	assert_int_equal(place->done[3], 1);
	dispatch_close(dispatch);
}

static void journal_knows(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct wire_journal *journal = wire_journal_open(place, place->dir, "w1", &err);
	struct dispatch *dispatch = open_files(place, journal);
	struct message broken = mail;
	struct wire_past past;

	broken.contact_id = 7;
	broken.to = "";
	wire_journal_set_token(journal, "t1");
	dispatch_submit(dispatch, &mail, done, place);
	wire_journal_set_token(journal, "t2");	/* a contact keeps its token */
	dispatch_submit(dispatch, &broken, done, place);
	assert_true(dispatch_drain(dispatch, &err));
	assert_int_equal(place->last.outcome, SEND_NEVER);
	assert_string_equal(place->last.detail, "message");
	assert_int_equal(wire_journal_open_count(journal), 0);
	assert_true(wire_journal_read(place, wire_journal_path(place, place->dir, "w1"), &past, &err));
	assert_int_equal(past.count, 2);
	assert_int_equal(wire_past_find(&past, 1, "t1")->outcome, SEND_TAKEN);
	assert_int_equal(wire_past_find(&past, 7, "t2")->outcome, SEND_NEVER);
	dispatch_close(dispatch);
	wire_journal_close(journal);
}

static void wrong_settings(void **state)
{
	struct place *place = *state;
	const struct dispatch_settings cases[] = {
		{ .outbox = "" },
		{ .outbox = "/proc/no-such/place" },
		{ .outbox = place->dir, .email.driver = "pigeon" },
		{ .outbox = place->dir, .sms.driver = "pigeon" },
		{ .outbox = place->dir, .email.driver = "smtp" },
		{ .outbox = place->dir, .email.driver = "smtp", .email.url = "relay.example" },
		{ .outbox = place->dir, .sms.driver = "kannel", .sms.url = "ftp://a" },
		{ .outbox = place->dir, .sms.driver = "kannel", .sms.url = "http://a/x?y" },
		{ .outbox = place->dir, .sms.driver = "kannel", .sms.url = "http://a/x",
		  .sms.password_file = "/nonexistent/password" },
		{ .outbox = place->dir, .email.connections_max = -1 },
		{ .outbox = place->dir, .sms.connections_max = DISPATCH_CONNECTIONS_MAX + 1 },
		{ .outbox = place->dir, .transfer_seconds_max = DISPATCH_SECONDS_MAX + 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		if (dispatch_open(place, &cases[i], NULL, &err) != NULL || !err_is_set(&err))
			fail_msg("case %zu was taken", i);
	}
}

static void no_outbox_for_letters(void **state)
{
	struct place *place = *state;
	struct dispatch_settings settings = { .email.driver = "smtp", .email.url = "smtp://127.0.0.1:9",
	    .sms.driver = "kannel", .sms.url = "http://127.0.0.1:9/" };
	struct err err = { 0 };
	struct dispatch *dispatch = dispatch_open(place, &settings, NULL, &err);

	assert_non_null(dispatch);
	dispatch_submit(dispatch, &letter, done, place);
	assert_true(dispatch_drain(dispatch, &err));
	assert_int_equal(place->last.outcome, SEND_LATER);
	assert_string_equal(place->last.detail, "no outbox");
	dispatch_close(dispatch);
}

static void passwords(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *read;
	} cases[] = {
		{ "s3cret\n", 0600, "s3cret" }, { "a b\r\nsecond\n", 0400, "a b" },
		{ "s3cret", 0600, "s3cret" }, { "", 0600, NULL }, { "\nx\n", 0600, NULL },
		{ "s3cret\n", 0640, NULL }, { "s3cret\n", 0604, NULL },
	};
	struct place *place = *state;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/password", place->dir);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		FILE *file;
		char *got;

		(void)remove(path);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(cases[i].text, file) >= 0);
		(void)fclose(file);
		assert_int_equal(chmod(path, cases[i].mode), 0);
		got = driver_password_read(place, path, &err);
		if (cases[i].read == NULL)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].read);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_drop)
	const struct CMUnitTest tests[] = {
		TEST(three_channels), TEST(again), TEST(submit_from_call_back), TEST(journal_knows),
		TEST(wrong_settings), TEST(no_outbox_for_letters), TEST(passwords),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
