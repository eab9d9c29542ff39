/* test_reply.c - reply lines of mail relays as seen in the wild. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "net/reply.h"

static const struct {
	const char	*line;
	bool		 good;
	int		 code;
	bool		 last;
	const char	*enhanced, *queue_id;
} cases[] = {
	{ "250 2.0.0 Ok: queued as 4F1D2A3B4C\r\n", true, 250, true, "2.0.0", "4F1D2A3B4C" },
	{ "250 OK id=1tE5xQ-000abc-Df\r\n", true, 250, true, "", "1tE5xQ-000abc-Df" },
	{ "250-SIZE 1000\r\n", true, 250, false, "", "" },
	{ "250\r\n", true, 250, true, "", "" },
	{ "550 5.1.1 <a@b.example> unknown\r\n", true, 550, true, "5.1.1", "" },
	{ "550 5.7.100 x\n", true, 550, true, "5.7.100", "" },
	{ "450-4.7.1 later\r\n", true, 450, false, "4.7.1", "" },
	{ "550 4.1.1 class of another code\r\n", true, 550, true, "", "" },
	{ "550 5.1 half\r\n", true, 550, true, "", "" },
	{ "550 5.1.1.1 not one\r\n", true, 550, true, "", "" },
	{ "550 5.1.1234 too long\r\n", true, 550, true, "", "" },
	{ "550 5.1.1\r\n", true, 550, true, "5.1.1", "" },
	{ "554 5.1.1 queued as NOTONE\r\n", true, 554, true, "5.1.1", "" },
	{ "250 Ok: queued as kunde@b.example\r\n", true, 250, true, "", "" },
	{ "250 Ok: queued as \r\n", true, 250, true, "", "" },
	{ "199 x\r\n", false, 0, false, "", "" },
	{ "600 x\r\n", false, 0, false, "", "" },
	{ "25", false, 0, false, "", "" },
	{ "2500 x", false, 0, false, "", "" },
	{ "HTTP/1.1 200", false, 0, false, "", "" },
	{ "", false, 0, false, "", "" },
};

static void lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply_line line;
		bool good = reply_line_read(cases[i].line, strlen(cases[i].line), &line);

		if (good != cases[i].good)
			fail_msg("%s", cases[i].line);
		if (!good)
			continue;
		assert_int_equal(line.code, cases[i].code);
		assert_int_equal(line.last, cases[i].last);
		assert_string_equal(line.enhanced, cases[i].enhanced);
		assert_string_equal(line.queue_id, cases[i].queue_id);
	}
}

static void long_line(void **state)
{
	char text[600];
	struct reply_line line;

	(void)state;
	memset(text, '7', sizeof(text));
	memcpy(text, "250 queued as ", 14);
	assert_true(reply_line_read(text, sizeof(text), &line));
	assert_string_equal(line.queue_id, "");		/* too long to be kept */
}

/* Words for one mailbox, against words for whatever else is refused at RCPT. */
static void test_mailbox(void **state)
{
	static const struct { const char *line; bool mailbox; const char *enhanced; } rows[] = {
		{ "550 User unknown", true, "" }, { "550 Unrouteable address", true, "" },
		{ "553 no such mailbox here", true, "" }, { "550 <a@b.example>: no mailbox by that name", true, "" },
		{ "550 relay not permitted", false, "" }, { "550 Administrative prohibition", false, "" },
		{ "550 blocked, see https://list.example", false, "" }, { "250 unknown user", false, "" },
		{ "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", false, "5.7.1" },
		{ "550 sorry, no mailbox here by that name. (#5.1.1)", true, "5.1.1" },
		{ "550 unclosed (#5.1.1", false, "" }, { "550 another class (#4.1.1)", false, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reply_line line;

		assert_true(reply_line_read(rows[i].line, strlen(rows[i].line), &line));
		if (line.mailbox != rows[i].mailbox || strcmp(line.enhanced, rows[i].enhanced) != 0)
			fail_msg("%s: %d %s", rows[i].line, line.mailbox, line.enhanced);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines), cmocka_unit_test(test_mailbox),
		cmocka_unit_test(long_line),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
