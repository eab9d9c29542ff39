/* test_mime.c - what an e-mail must and must not hold, byte for byte.  That
 * others read it as meant is judged in tests/story/wire-mime.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "net/mime.h"

static const struct mime_mail sample = {
	.date = 1795251600, .from = "a@b.example", .from_name = "Bøger", .to = "k@c.example",
	.to_name = "Åse", .reply_to = "svar+1@b.example", .subject = "Påmindelse",
	.lang = "da", .text = "Hej\n", .html = "<p>Hej</p>\n", .message_id = "x@b.example",
	.in_reply_to = "w@b.example", .unsubscribe_url = "https://b.example/u/1",
	.boundary = "=_1",
};

static char *build(void *ctx, const struct mime_mail *mail, struct err *err)
{
	struct str out;

	str_init(&out, ctx, MIME_BYTES_MAX);
	return mime_build(mail, &out, err) ? str_take(&out) : NULL;
}

static void whole(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };

	(void)state;
	assert_string_equal(build(ctx, &sample, &err),
	    "Date: Sat, 21 Nov 2026 09:00:00 +0000\r\n"
	    "From: =?UTF-8?b?QsO4Z2Vy?= <a@b.example>\r\n"
	    "To: =?UTF-8?b?w4VzZQ==?= <k@c.example>\r\n"
	    "Reply-To: svar+1@b.example\r\n"
	    "Subject: =?UTF-8?b?UMOlbWluZGVsc2U=?=\r\n"
	    "Message-ID: <x@b.example>\r\n"
	    "In-Reply-To: <w@b.example>\r\n"
	    "References: <w@b.example>\r\n"
	    "List-Unsubscribe: <https://b.example/u/1>\r\n"
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
	    "Content-Language: da\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative; boundary=\"=_1\"\r\n"
	    "\r\n"
	    "--=_1\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Hej\r\n"
	    "\r\n"
	    "--=_1\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "<p>Hej</p>\r\n"
	    "\r\n"
	    "--=_1--\r\n");
	talloc_free(ctx);
}

static void legal_notice(void **state)
{
	void *ctx = talloc_new(NULL);
	struct mime_mail mail = sample;
	struct err err = { 0 };
	char *bytes;

	(void)state;
	mail.unsubscribe_url = mail.html = mail.in_reply_to = mail.reply_to = "";
	bytes = build(ctx, &mail, &err);
	assert_non_null(bytes);
	assert_null(strstr(bytes, "List-Unsubscribe"));
	assert_null(strstr(bytes, "multipart"));
	assert_null(strstr(bytes, "In-Reply-To"));
	assert_null(strstr(bytes, "References"));
	assert_null(strstr(bytes, "Reply-To"));
	assert_null(strstr(bytes, "Precedence"));
	talloc_free(ctx);
}

/* A long URL must stay whole: GMime alone would encode it. */
static void long_url(void **state)
{
	void *ctx = talloc_new(NULL);
	struct mime_mail mail = sample;
	struct err err = { 0 };

	(void)state;
	mail.unsubscribe_url = "https://betaling.en-lang-butik.example/u/"
	    "abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghijklmnopqrstuv";
	assert_non_null(strstr(build(ctx, &mail, &err),
	    "List-Unsubscribe:\r\n <https://betaling.en-lang-butik.example/u/"
	    "abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghijklmnopqrstuv>\r\n"));
	talloc_free(ctx);
}

static void refusals(void **state)
{
	struct mime_mail mails[9];
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < 9; i++)
		mails[i] = sample;
	mails[0].to = "a@b\r\nBcc: c@d";
	mails[1].from = "";
	mails[2].message_id = "a b@c";
	mails[3].unsubscribe_url = "https://b/>\n x";
	mails[4].boundary = "a\"b";
	mails[5].boundary = "";
	mails[6].in_reply_to = "<a@b>";
	mails[7].reply_to = "a@b, c@d";
	mails[8].text = NULL;
	for (size_t i = 0; i < 9; i++) {
		struct err err = { 0 };

		assert_null(build(ctx, &mails[i], &err));
		assert_int_equal(err.kind, ERR_INPUT);
	}
	talloc_free(ctx);
}

static void no_injection(void **state)
{
	void *ctx = talloc_new(NULL);
	struct mime_mail mail = sample;
	struct err err = { 0 };
	char *bytes;

	(void)state;
	mail.subject = "Hej\r\nBcc: x@y.example\r\n\r\nbody";
	mail.to_name = "Ole\nBcc: x@y.example";
	bytes = build(ctx, &mail, &err);
	assert_non_null(bytes);
	assert_null(strstr(bytes, "\nBcc"));
	assert_null(strstr(bytes, "\r\n\r\nbody"));
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(legal_notice),
		cmocka_unit_test(long_url), cmocka_unit_test(refusals),
		cmocka_unit_test(no_injection),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
