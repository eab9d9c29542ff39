/* test_golden.c - every text with the sample facts, against what a person read
 * and agreed to: tests/golden/compose/CHANNEL.LANG.STEP.TONE.txt and .html.
 *
 * `make golden-update` runs it with --update, which writes the files anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "compose/compose.h"
#include "compose/library.h"
#include "compose/sample.h"

#define GOLDEN_BYTES_MAX 65536

static bool update;
static int compared;

static void compare(void *ctx, const struct message_facts *f, const char *end,
    const char *text)
{
	char *path = talloc_asprintf(ctx, "tests/golden/compose/%s.%s.%s.%s.%s",
	    channel_name(f->channel), f->lang, f->template, tone_name(f->tone), end);
	char *golden = talloc_zero_array(ctx, char, GOLDEN_BYTES_MAX + 1);
	FILE *file = fopen(path, update ? "w" : "r");

	if (file == NULL)
		fail_msg("%s is missing; look at the text, then make golden-update", path);
	if (update) {
		assert_true(fputs(text, file) != EOF);
	} else {
		assert_true(fread(golden, 1, GOLDEN_BYTES_MAX, file) > 0);
		if (strcmp(golden, text) != 0)
			fail_msg("%s differs from what is made now:\n%s", path, text);
	}
	assert_int_equal(fclose(file), 0);
	compared++;
}

static void compare_text(const struct library *lib, enum channel channel, const char *lang,
    const char *name, enum tone tone)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample_facts(channel, lang, name, tone, SAMPLE_ORDINARY);
	struct message m = { 0 };
	struct err err = { 0 };

	if (!compose_message(lib, ctx, &f, &m, &err))
		fail_msg("%s", err.text);
	compare(ctx, &f, "txt", talloc_asprintf(ctx, "%s%s%s%s", m.subject,
	    m.subject[0] != '\0' ? "\n\n" : "", m.text, m.subject[0] != '\0' ? "" : "\n"));
	if (m.html[0] != '\0')
		compare(ctx, &f, "html", m.html);
	talloc_free(ctx);
}

static void texts_are_as_agreed(void **state)
{
	struct library *lib = library_open(NULL, ".", NULL);

	(void)state;
	assert_non_null(lib);
	for (int channel = 0; channel < CHANNELS; channel++)
		for (size_t lang = 0; locale_langs[lang] != NULL; lang++)
			for (size_t n = 0; template_names[n] != NULL; n++)
				for (int tone = 0; tone < TONES; tone++)
					if (library_has(lib, (enum channel)channel,
					    locale_langs[lang], template_names[n], (enum tone)tone))
						compare_text(lib, (enum channel)channel,
						    locale_langs[lang], template_names[n],
						    (enum tone)tone);
	assert_int_equal(compared, 6 * (33 + 12));	/* languages * (texts + HTML parts) */
	talloc_free(lib);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts_are_as_agreed) };

	update = argc == 2 && strcmp(argv[1], "--update") == 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	secret_start();
	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
