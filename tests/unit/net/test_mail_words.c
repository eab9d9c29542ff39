/* test_mail_words.c - what of a reply is the writer's own, and what HTML says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "net/html_text.h"
#include "net/mail_words.h"

#define GMAIL_DA "Den man. 28. sep. 2026 kl. 08.30 skrev Butik <hej@butik.test>:\n"

static const struct {
	const char	*mail, *text, *bare;
	bool		 older;
} cases[] = {
	{ "", "", "", false },
	{ "\r\n \r\n", "", "", false },
	{ "Stop", "Stop", "Stop", false },
	/* above a quote */
	{ "Stop\n\n" GMAIL_DA "\n> K\xc3\xa6re\n", "Stop", "Stop", false },
	{ "Stop\r\n\r\nOn Mon, 28 Sept 2026 at 08:30, Butik <\r\nhej@b.example> wrote:\r\n\r\n> Dear\r\n",
	    "Stop", "Stop", false },
	{ "Stop\n\nOn Mon, 28 Sept 2026\nat 08:30, Butik\n<hej@b.example> wrote:\n> Dear\n", "Stop", "Stop",
	    false },
	{ "Stop\n\nButik skrev:\n> x\n", "Stop\n\nButik skrev:", "Stop", false },
	{ "Nej, som I skriver her:\n> x\n", "Nej, som I skriver her:", "", false },
	{ "Jeg betalte den 28.09.2026, som I skrev:\n> x\n", "Jeg betalte den 28.09.2026, som I skrev:", "",
	    false },
	/* between and below quotes */
	{ GMAIL_DA "> a\n\nDen er betalt.\n", "Den er betalt.", "Den er betalt.", false },
	{ "Hej\n\n> a\n> b\n\nJa.\n> c\n\nNej.\n> d\n", "Hej\n" MAIL_GAP "\nJa.\n" MAIL_GAP "\nNej.",
	    "Hej\n\nJa.\n\nNej.", false },
	/* an old message's own head */
	{ "Ja\n\n*From:* Butik <hej@b.example>\n*Sent:* Monday\n*To:* a\n*Subject:* Faktura\n\nOld\n", "Ja",
	    "Ja", true },
	{ "Ja\n\nAb: Butik\nDel: 28.9.\nPer: a\nTema: Faktura 12 er forfalden, b@c\n\nOld\n", "Ja\n\nAb: Butik\n"
	    "Del: 28.9.\nPer: a\nTema: Faktura 12 er forfalden, b@c\n\nOld", "Ja\n\nAb: Butik\n"
	    "Del: 28.9.\nPer: a\nTema: Faktura 12 er forfalden, b@c\n\nOld", false },
	{ "Ja\n\nAb: Butik\nDel: b@c\nTema: Din faktura\n\nOld\n", "Ja", "Ja", true },
	{ "Ja\n----- Eredeti -----\nKi: b@c\nTema: x\n\nOld\n", "Ja", "Ja", true },
	{ "Ja\n________\nFra: Butik <b@c>\nOld\n", "Ja", "Ja", true },
	{ "Ja\n\nOn Monday, September 28, 2026 at 08:30:00 AM GMT+2, Butik <h@b> wrote: \n \n Dear\n", "Ja", "Ja",
	    true },
	/* his own, whatever it looks like */
	{ "Plan\n----------\n1. oktober 500\n", "Plan\n----------\n1. oktober 500",
	    "Plan\n----------\n1. oktober 500", false },
	{ "Hej\nDen 1. oktober 2026 kan jeg:\n500 nu\n", "Hej\nDen 1. oktober 2026 kan jeg:\n500 nu",
	    "Hej\nDen 1. oktober 2026 kan jeg:\n500 nu", false },
	{ "Fra: 1. oktober 2026\nTil: 1. december 2026\nPris: 500\nTak\n",
	    "Fra: 1. oktober 2026\nTil: 1. december 2026\nPris: 500\nTak",
	    "Fra: 1. oktober 2026\nTil: 1. december 2026\nPris: 500\nTak", false },
	{ "Ja\n\nNavn: Anna\nMail: a@b\nBetalt: 28.09.2026\nTak\n",
	    "Ja\n\nNavn: Anna\nMail: a@b\nBetalt: 28.09.2026\nTak", "Ja", false },
	/* signatures: shown, and no part of "stop" */
	{ "Stop\n\n-- \nAnna\n", "Stop\n\n--\nAnna", "Stop", false },
	{ "-- \nAnna\n", "--\nAnna", "", false },
	{ "Stop\n\nMvh Anna\nTlf. 1\n", "Stop\n\nMvh Anna\nTlf. 1", "Stop", false },
	{ "Stop\n\nSendt fra min iPhone\n", "Stop\n\nSendt fra min iPhone", "Stop", false },
	{ "Stop\n\nVon meinem iPhone gesendet\n\n> x\n", "Stop\n\nVon meinem iPhone gesendet", "Stop", false },
	{ "Jeg har sendt den fra min iPhone\n", "Jeg har sendt den fra min iPhone",
	    "Jeg har sendt den fra min iPhone", false },
	{ "St\xe2\x80\x8bop\xc2\xa0\n\xc2\xa0\n", "St\xe2\x80\x8bop\xc2\xa0", "Stop\xc2\xa0", false },
};

static void words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct mail_words w;

		mail_words_read(ctx, cases[i].mail, "SV: Din faktura", &w);
		if (strcmp(w.text, cases[i].text) != 0 || strcmp(w.bare, cases[i].bare) != 0 ||
		    w.older != cases[i].older)
			fail_msg("%s\n=> %s\n=> %s\n=> %d", cases[i].mail, w.text, w.bare, w.older);
		talloc_free(ctx);
	}
}

static const struct { const char *html, *text; } pages[] = {
	{ "", "" },
	{ "Stop", "Stop\n" },
	{ "<div dir=ltr>STOP</div>", "STOP\n" },
	{ "<p>Jeg har betalt i g&aring;r,\n  se <b>bilag</b></p>", "Jeg har betalt i g\xc3\xa5r, se bilag\n" },
	{ "a<br>b<br/>c<div>d</div><div><br></div><div>e</div>", "a\nb\nc\nd\n\ne\n" },
	{ "<html><head><title>x</title><style>p{}</style></head><body>a<script>1<2</script>b</body>", "ab\n" },
	{ "<STYLE>x</Style >a<!-- <b> -->b<!DOCTYPE html>c<?xml x?>d<o:p>e</o:p>", "abcde\n" },
	{ "a <blockquote type=\"cite\"><p>b</p><br>c</blockquote>d", "a\n> b\n>\n> c\nd\n" },
	{ "x<div class=\"gmail_quote\"><div class='a gmail_attr'>Den skrev<div>a</div>b:</div><blockquote>q"
	    "</blockquote></div>y", "x\n> Den skrev\n> a\n> b:\n> q\ny\n" },
	{ "<ul><li>a<li>b</ul><table><tr><td>1</td><td>2</td></tr></table>", "a\nb\n1 2\n" },
	{ "a<hr>b", "a\n________________________________\nb\n" },
	{ "<pre>a\n  b\nc</pre>d\ne", "a\nb\nc\nd e\n" },
	{ "1 < 2 &amp; 3 &gt; 2 &lt;b&gt; &euro;&#8364;&#x20AC;&#128; &nosuch; &amp", "1 < 2 & 3 > 2 <b> "
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac &nosuch; &amp\n" },
	{ "&#0;&#xD800;&#99999999;&#;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&#;\n" },
	{ "<a title=\"1>0\" href='x'>a</a><img alt=\"", "a<img alt=\"\n" },
	{ "<a title=it's>b</a><a title=\"x>c", "bc\n" },
	{ "a<head>b", "ab\n" },
	{ "a<!-- b", "a<!-- b\n" },
	{ "</div></blockquote></pre>a", "a\n" },
};

static void html(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct str out;

		str_init(&out, ctx, 10000);
		html_text(pages[i].html, strlen(pages[i].html), &out);
		if (strcmp(out.at, pages[i].text) != 0)
			fail_msg("%s\n=> %s", pages[i].html, out.at);
		talloc_free(ctx);
	}
}

/* Nothing but beginnings, and a megabyte of each line: no time, and within the limit. */
static void floods(void **state)
{
	static const char *const parts[] = { "<a ", "<!--", "<head>", "<a b=\"", "<a b=\">", "&", "<", "<div>",
	    "<blockquote>", "> \n", "--\n", "A: b@c\n", "\n", "On 2026 08:30 a@b:\n", "A:\n\n> \n", "Mvh\n\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct mail_words w;
		struct str all, out;

		str_init(&all, ctx, 1000000);
		str_init(&out, ctx, 1000000);
		while (str_ok(&all))
			str_put(&all, parts[i]);
		html_text(all.at, all.len, &out);
		mail_words_read(ctx, out.at, "s", &w);
		mail_words_read(ctx, all.at, "s", &w);
		assert_true(strlen(w.bare) <= all.len);
		talloc_free(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(html),
		cmocka_unit_test(floods),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
