/* test_lint.c - each kind of fault is planted once, and must be found at its
 * place; the texts as they are have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "compose/lint.h"
#include "planted.h"

#define SAID_BYTES_MAX 65536

static const struct {
	struct plant	 plant;
	const char	*says;		/* "path-end:line: ...words" */
} faults[] = {
	{ { "templates/email/da/heads_up.warm.mustache", "behøver du ikke gøre mere.",
	    "behøver du ikke gøre mere!" }, "heads_up.warm.mustache:7: an exclamation mark" },
	{ { "templates/email/da/heads_up.warm.mustache", "Vi skriver i god tid",
	    "Betal STRAKS" }, "heads_up.warm.mustache:7: \"straks\" is hurry" },
	{ { "templates/email/da/heads_up.warm.mustache", "Vi skriver i god tid",
	    "Betal OMGÅENDE" }, "heads_up.warm.mustache:7: \"omgående\" is hurry" },
	{ { "templates/email/da/heads_up.warm.mustache", "Vi skriver i god tid",
	    "Vi skriver ALTID" }, "heads_up.warm.mustache:7: \"ALTID\": capitals" },
	{ { "templates/email/da/heads_up.warm.mustache", "Vi skriver i god tid",
	    "Vi skriver PÅ ØRKENØ" }, "heads_up.warm.mustache:7: \"ØRKENØ\": capitals" },
	{ { "templates/email/da/fee_reminder.firm.mustache", "Dette er en rykker.",
	    "Ellers sender vi dig til inkassofirmaet." },
	    "fee_reminder.firm.mustache:7: \"inkasso\" is not for here" },
	{ { "templates/email/da/formal_notice.firm.mustache", "subject: P",
	    "subject: Inkasso, p" }, "formal_notice.firm.mustache:2: \"inkasso\"" },
	{ { "templates/email/en/fee_reminder.firm.mustache", "This is a reminder.",
	    "Our lawyers are ready." }, "fee_reminder.firm.mustache:7: \"lawyer\" is a threat" },
	{ { "templates/shared/da/_contact.text.mustache", "Vil du", "Advokat? Vil du" },
	    "_contact.text.mustache:1: \"advokat\"" },
	{ { "templates/email/da/_footer.html.mustache", "<p>",
	    "<p><img src=\"https://x.example/1.gif\">" }, "_footer.html.mustache:1: \"<img\"" },
	{ { "templates/email/da/heads_up.warm.mustache", "{{> _pay}}\n", "" },
	    "_pay is used here, and not in templates/email/da/heads_up.warm" },
	{ { "templates/sms/da/fee_reminder.warm.mustache", " Ny frist: {{deadline}}.", "" },
	    "deadline is used here, and not in templates/sms/da/fee_reminder.warm" },
	{ { "templates/sms/da/fee_reminder.firm.mustache", "Betal, eller", "{{today}} Betal, eller" },
	    "fee_reminder.firm.mustache:4: today is used here" },
	{ { "templates/sms/da/heads_up.warm.mustache", "{{link_url}}", "her" },
	    "heads_up.warm.mustache:1: link_url must stand exactly once" },
	{ { "templates/sms/da/heads_up.warm.mustache", "{{link_url}}", "{{link_url}} {{link_url}}" },
	    "link_url must stand exactly once, it stands 2 times" },
	{ { "templates/shared/da/_contact.html.mustache", "<p>", "<p><a href=\"{{link_url}}\">x</a>" },
	    "link_url must stand exactly once in the HTML part, it stands 2 times" },
	{ { "templates/shared/da/_legal.formal_notice.text.mustache", "{{principal}}", "" },
	    "formal_notice.warm.mustache:1: a legal notice must name principal" },
	{ { "templates/letter/da/formal_notice.warm.mustache", " deadline account", " account" },
	    "formal_notice.warm.mustache:1: a legal notice must have deadline" },
	{ { "templates/letter/da/formal_notice.warm.mustache", "legal_notice: yes\n", "" },
	    "formal_notice.warm.mustache:1: a formal notice says" },
	{ { "templates/sms/da/heads_up.warm.mustache", "Hej.", "Hej \xc5\x81" },
	    "heads_up.warm.mustache:1: U+0141 is not in the SMS alphabet" },
	{ { "templates/sms/da/heads_up.warm.mustache", "Hej.",
	    "Hej. Vi skriver til dig i dag, fordi vi gerne vil være sikre p\xc3\xa5, at du ved, "
	    "at der snart er en betaling, og at du kan vælge en anden dag, hvis den ikke passer "
	    "dig s\xc3\xa5 godt i denne måned." },
	    "heads_up.warm.mustache:1: 3 SMS parts" },
	{ { "templates/email/da/heads_up.warm.mustache", "Der er snart en betaling til os.",
	    "Betalingsforpligtelsens forfaldstidspunkt indtræder kontraktmæssigt "
	    "umiddelbart efterfølgende ifølge leverancebetingelserne vedrørende "
	    "havearbejdet, hvilket nødvendiggør rettidig gennemførelse." },
	    "heads_up.warm.mustache:1: LIX" },
};

struct said {
	char	text[SAID_BYTES_MAX];
	size_t	len;
	int	problems, figures;
};

static void take_problem(void *arg, const struct lint_problem *p)
{
	struct said *said = arg;
	int n = snprintf(said->text + said->len, sizeof(said->text) - said->len,
	    "%s:%d: %s\n", p->path, p->line, p->text);

	assert_true(n > 0 && (size_t)n < sizeof(said->text) - said->len);
	said->len += (size_t)n;
	said->problems++;
}

static void take_figures(void *arg, const struct lint_figures *f)
{
	struct said *said = arg;

	(void)f;
	said->figures++;
}

static struct said said;

static void lint(const struct library *lib)
{
	const struct lint_sink sink = { take_problem, take_figures, &said };

	said = (struct said){ .len = 0 };
	lint_library(lib, NULL, &sink);
}

static void own_texts_have_no_fault(void **state)
{
	struct library *lib = library_open(NULL, ".", NULL);

	(void)state;
	assert_non_null(lib);
	lint(lib);
	print_message("%s", said.text);
	assert_int_equal(said.problems, 0);
	assert_int_equal(said.figures, 6 * 33);	/* languages * texts */
	talloc_free(lib);
}

static void planted_faults_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct err err = { 0 };
		bool found;
		struct library *lib = planted_library(NULL, &faults[i].plant, &found, &err);

		print_message("# %s\n", faults[i].says);
		assert_true(found);
		if (lib == NULL)
			fail_msg("%s", err.text);
		lint(lib);
		if (strstr(said.text, faults[i].says) == NULL)
			fail_msg("wanted: %s, got: %s", faults[i].says, said.text);
		talloc_free(lib);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_texts_have_no_fault),
		cmocka_unit_test(planted_faults_are_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	secret_start();
	return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
