/* test_library.c - files are read, compiled and found; faults are named with
 * their file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "compose/source.h"
#include "planted.h"

#define MAIL "templates/email/da/heads_up.warm.mustache"
#define TEXTED "templates/sms/da/heads_up.warm.mustache"

/* What is refused, and what the reason must say. */
static const struct {
	struct plant	 plant;
	const char	*says;
} faults[] = {
	{ { MAIL, "{{debtor_name}}", "{{debtor_nam}}" }, "heads_up.warm.mustache:5" },
	{ { MAIL, "{{debtor_name}}", "{{debtor_nam}}" }, "debtor_name" },
	{ { MAIL, "{{> _pay}}", "{{> _payy}}" }, "_payy" },
	{ { MAIL, "{{> _pay}}", "{{#deadline}}" }, "deadline" },
	{ { MAIL, "{{debtor_name}}", "{{{debtor_name}}}" }, "heads_up.warm.mustache:5" },
	{ { MAIL, "{{debtor_name}}", "{{=<% %>=}}" }, "stored texts keep {{" },
	{ { MAIL, "{{debtor_name}}", "caf\xe9" }, "UTF-8" },
	{ { MAIL, "---\n", "--\n" }, "heads_up.warm.mustache:1:" },
	{ { MAIL, "subject:", "topic:" }, "unknown key 'topic'" },
	{ { MAIL, "subject: ", "requires: " }, "subject is missing" },
	{ { MAIL, "requires: ", "requires: nobody " }, "nobody" },
	{ { MAIL, "requires: ", "requires: balance " }, "balance" },
	{ { MAIL, "requires: ", "legal_notice: perhaps\nrequires: " }, "yes or no" },
	{ { MAIL, "{{creditor_name}}", "{{debtor_name}}" }, "debtor_name may not stand in a subject" },
	{ { TEXTED, "{{creditor_name}}", "{{debtor_name}}" }, "debtor_name may not stand in" },
	{ { TEXTED, "Hej.", "{{#totals}}{{to_pay}}{{/totals}}" }, "totals may not stand in" },
	{ { TEXTED, "---\n", "---\nsubject: Hej\n" }, "an SMS has no subject" },
	{ { "templates/email/da/heads_up.firm.mustache", NULL, NULL }, "heads_up.firm.mustache: is missing" },
	{ { "templates/sms/en/fee_reminder.neutral.mustache", NULL, NULL }, "fee_reminder.neutral" },
	{ { "templates/email/da/_layout.html.mustache", NULL, NULL }, "_layout.html" },
	{ { "templates/shared/da/_pay.html.mustache", NULL, NULL }, "_pay" },
};

static void faults_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };
		bool found;

		assert_null(planted_library(ctx, &faults[i].plant, &found, &err));
		assert_true(found);
		assert_int_equal(err.kind, ERR_INPUT);
		print_message("# %s\n", err.text);
		assert_non_null(strstr(err.text, faults[i].says));
		talloc_free(ctx);
	}
}

static const char *const bad_paths[] = {
	"", "templates/", "email/da/x.warm.mustache", "templates/email/da/x.warm.txt",
	"templates/fax/da/x.warm.mustache", "templates/call/da/x.warm.mustache",
	"templates/email/xx/x.warm.mustache", "templates/email/da/x.mustache",
	"templates/email/da/x.angry.mustache", "templates/email/da/X.warm.mustache",
	"templates/email/da/a/x.warm.mustache", "templates/email/da/_x.pdf.mustache",
	"templates/shared/da/x.warm.mustache", "templates/email/../x.warm.mustache",
};

static void bad_paths_are_refused(void **state)
{
	static const char text[] = "---\nsubject: a\n---\nb\n";

	(void)state;
	for (size_t i = 0; i < sizeof(bad_paths) / sizeof(bad_paths[0]); i++) {
		struct library *lib = library_new(NULL);
		struct err err = { 0 };

		print_message("# %s\n", bad_paths[i]);
		assert_false(library_add(lib, bad_paths[i], text, strlen(text), &err));
		assert_int_equal(err.kind, ERR_INPUT);
		talloc_free(lib);
	}
}

static void same_file_twice(void **state)
{
	struct library *lib = library_new(NULL);
	struct err err = { 0 };

	(void)state;
	assert_true(library_add_assets(lib, &err));
	assert_true(library_add_assets(lib, &err));
	assert_false(library_close(lib, &err));
	assert_non_null(strstr(err.text, "given twice"));
	talloc_free(lib);
}

static void nothing_is_no_library(void **state)
{
	struct library *lib = library_new(NULL);
	struct err err = { 0 };

	(void)state;
	assert_false(library_close(lib, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	talloc_free(lib);
}

/* The texts in the program and those on disk are the same files. */
static void folder_and_program_agree(void **state)
{
	struct library *own = library_new(NULL), *disk = library_new(NULL);
	struct err err = { 0 };

	(void)state;
	assert_true(library_add_assets(own, &err) && library_close(own, &err));
	assert_true(library_add_directory(disk, "templates", &err));
	assert_true(library_close(disk, &err));
	assert_string_equal(library_hash(own), library_hash(disk));
	assert_int_equal(strlen(library_hash(own)), 64);
	talloc_free(own);
	talloc_free(disk);
}

static void a_changed_byte_changes_the_hash(void **state)
{
	const struct plant none = { 0 }, one = { MAIL, "Hej", "Goddag" };
	struct library *a, *b;
	struct err err = { 0 };
	bool found;

	(void)state;
	a = planted_library(NULL, &none, &found, &err);
	b = planted_library(NULL, &one, &found, &err);
	assert_true(a != NULL && b != NULL && found);
	assert_string_not_equal(library_hash(a), library_hash(b));
	talloc_free(a);
	talloc_free(b);
}

static void has_what_it_has(void **state)
{
	struct library *lib = library_open(NULL, ".", NULL);

	(void)state;
	assert_non_null(lib);
	for (int tone = 0; tone < TONES; tone++) {
		for (size_t i = 0; template_names[i] != NULL; i++) {
			const bool notice = strcmp(template_names[i], "formal_notice") == 0;

			assert_true(library_has(lib, CHANNEL_EMAIL, "da", template_names[i],
			    (enum tone)tone));
			assert_true(library_has(lib, CHANNEL_LETTER, "en", template_names[i],
			    (enum tone)tone));
			assert_int_equal(library_has(lib, CHANNEL_SMS, "da",
			    template_names[i], (enum tone)tone), !notice);
		}
	}
	assert_false(library_has(lib, CHANNEL_EMAIL, "is", "heads_up", TONE_WARM));
	assert_false(library_has(lib, CHANNEL_CALL, "da", "heads_up", TONE_WARM));
	assert_false(library_has(lib, CHANNEL_EMAIL, "da", "../../x", TONE_WARM));
	talloc_free(lib);
}

static const struct {
	const char	*body, *html;
} paragraphs[] = {
	{ "a\n", "<p>a</p>\n" },
	{ "a\nb\n\nc\n", "<p>a<br>\nb</p>\n\n<p>c</p>\n" },
	{ "a", "<p>a</p>\n" },
	{ "{{> _x}}\n", "{{> _x}}\n" },
	{ "a\n{{> _x}}\nb\n", "<p>a</p>\n{{> _x}}\n<p>b</p>\n" },
	{ "{{#deadline}}\na {{today}}\n{{/deadline}}\n",
	  "{{#deadline}}\n<p>a {{today}}</p>\n{{/deadline}}\n" },
	{ "{{today}}\n", "<p>{{today}}</p>\n" },
	{ "{{> _x}} b\n", "<p>{{> _x}} b</p>\n" },
	{ "a < b & c > d {{> _x}}\n", "<p>a &lt; b &amp; c &gt; d {{> _x}}</p>\n" },
	{ "\n\n", "\n\n" },
};

static void paragraphs_become_html(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paragraphs) / sizeof(paragraphs[0]); i++) {
		void *ctx = talloc_new(NULL);
		char *text = talloc_asprintf(ctx, "---\nsubject: a & {{creditor_name}}\n---\n%s",
		    paragraphs[i].body);
		struct err err = { 0 };
		struct source *s = source_parse(ctx, MAIL, text, strlen(text), &err);

		assert_non_null(s);
		assert_string_equal(source_html(ctx, s), paragraphs[i].html);
		assert_string_equal(source_html_subject(ctx, s), "a &amp; {{creditor_name}}");
		assert_int_equal(s->body_line, 4);
		talloc_free(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_refused),
		cmocka_unit_test(bad_paths_are_refused),
		cmocka_unit_test(same_file_twice),
		cmocka_unit_test(nothing_is_no_library),
		cmocka_unit_test(folder_and_program_agree),
		cmocka_unit_test(a_changed_byte_changes_the_hash),
		cmocka_unit_test(has_what_it_has),
		cmocka_unit_test(paragraphs_become_html),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	secret_start();
	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
