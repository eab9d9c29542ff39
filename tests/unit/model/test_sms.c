/* test_sms.c - sizes of SMS texts at their edges.  The whole alphabet is
 * compared with another implementation in tests/story/wire-sms-parts.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "model/sms.h"

static const struct {
	const char		*says, *unit;
	int			 times;
	const char		*tail;
	enum sms_alphabet	 alphabet;
	int			 units, parts;
} cases[] = {
	{ "empty", "", 1, "", SMS_GSM7, 0, 0 },
	{ "160 letters", "a", 160, "", SMS_GSM7, 160, 1 },
	{ "161 letters", "a", 161, "", SMS_GSM7, 161, 2 },
	{ "306 letters", "a", 306, "", SMS_GSM7, 306, 2 },
	{ "307 letters", "a", 307, "", SMS_GSM7, 307, 3 },
	{ "80 euro signs", "€", 80, "", SMS_GSM7, 160, 1 },
	{ "81 euro signs", "€", 81, "", SMS_GSM7, 162, 2 },
	{ "152 euro signs: one septet of each part stays free", "€", 152, "", SMS_GSM7, 304, 2 },
	{ "153 euro signs would fit by count, not by pairs", "€", 153, "", SMS_GSM7, 306, 3 },
	{ "306 euro signs: the providers' example", "€", 306, "", SMS_GSM7, 612, 5 },
	{ "Nordic letters are GSM", "æøåÆØÅäöüñß", 1, "", SMS_GSM7, 11, 1 },
	{ "70 outside", "č", 70, "", SMS_UCS2, 70, 1 },
	{ "71 outside", "č", 71, "", SMS_UCS2, 71, 2 },
	{ "134 outside", "č", 134, "", SMS_UCS2, 134, 2 },
	{ "135 outside", "č", 135, "", SMS_UCS2, 135, 3 },
	{ "one outside turns all", "a", 159, "č", SMS_UCS2, 160, 3 },
	{ "35 emoji", "😀", 35, "", SMS_UCS2, 70, 1 },
	{ "36 emoji", "😀", 36, "", SMS_UCS2, 72, 2 },
	{ "67 emoji would fit by count, not by pairs", "😀", 67, "", SMS_UCS2, 134, 3 },
	{ "no-break space", "100\u00A0kr", 1, "", SMS_UCS2, 6, 1 },
	{ "grave accent alone", "`", 1, "", SMS_UCS2, 1, 1 },
	{ "tab is not GSM", "\t", 1, "", SMS_UCS2, 1, 1 },
	{ "line feed is", "a\nb", 1, "", SMS_GSM7, 3, 1 },
};

static void sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[2048] = "";
		struct sms_size size;
		size_t len = 0;

		for (int n = 0; n < cases[i].times; n++) {
			memcpy(text + len, cases[i].unit, strlen(cases[i].unit));
			len += strlen(cases[i].unit);
		}
		memcpy(text + len, cases[i].tail, strlen(cases[i].tail));
		len += strlen(cases[i].tail);
		assert_true(sms_measure(text, len, &size));
		if (size.alphabet != cases[i].alphabet || size.units != cases[i].units ||
		    size.parts != cases[i].parts)
			fail_msg("%s: %s, %d units, %d parts", cases[i].says,
			    sms_alphabet_name(size.alphabet), size.units, size.parts);
	}
}

static void not_utf8(void **state)
{
	struct sms_size size = { SMS_UCS2, 7, 7 };
	uint32_t codepoint;
	size_t offset;

	(void)state;
	assert_false(sms_measure("a\xC3", 2, &size));
	assert_int_equal(size.parts, 0);
	assert_false(sms_measure("\xED\xA0\x80", 3, &size));	/* a lone surrogate */
	assert_false(sms_outsider("a\xFF", 2, &codepoint, &offset));
}

static void outsider(void **state)
{
	const char *text = "Sø på \xE2\x80\x93 nej";
	uint32_t codepoint = 0;
	size_t offset = 0;

	(void)state;
	assert_true(sms_outsider(text, strlen(text), &codepoint, &offset));
	assert_int_equal(codepoint, 0x2013);
	assert_int_equal(offset, 8);
	assert_false(sms_outsider("Sø på", strlen("Sø på"), &codepoint, &offset));
}

/* By hand, over the whole range of what phones and word processors write. */
static void plain(void **state)
{
	static const char *const kept[] = {	/* one part either way */
		"Så er det \xE2\x80\x9Cslut\xE2\x80\x9D \xE2\x80\x93 tak\xE2\x80\xA6", "\xE2\x80\x99", "",
	};
	char *text, many[400] = "", wanted[400] = "";
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_string_equal(sms_plain(ctx, kept[i]), kept[i]);
	for (int i = 0; i < 12; i++) {			/* 84 units: two parts, or one */
		strcat(many, "a\xE2\x80\x99\xC2\xA0\xE2\x80\x93" "bcd");
		strcat(wanted, "a' -bcd");
	}
	text = sms_plain(ctx, many);
	assert_string_equal(text, wanted);
	strcat(many, "\xC5\x81");			/* a letter that GSM has not: nothing is won */
	text = sms_plain(ctx, many);
	assert_string_equal(text, many);
	talloc_free(ctx);
}

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"
#define FLAG_APART "\U0001F1E9\u200B\U0001F1F0"

/* A text is its lead and its unit so many times. */
static const struct {
	const char	*says, *lead, *unit, *wanted_lead, *wanted_unit;
	int		 times;
} plains[] = {
	{ "composed, even where no part is saved", "Cafe\u0301", "", "Café", "", 1 },
	{ "composed beside an emoji", "Cafe\u0301 \U0001F600", "", "Café \U0001F600", "", 1 },
	{ "composed, then GSM-7", "", "Cafe\u0301 A\u030Ase ", "", "Café Åse ", 12 },
	{ "and marks with it", "", "Cafe\u0301\u2026", "", "Café...", 15 },
	{ "one sign is a letter of GSM", "\u2126", "", "\u03A9", "", 1 },
	{ "a script that is longer composed", "", "\u0958", "", "\u0958", 70 },
	{ "a family stays one picture", FAMILY, "abc", FAMILY, "abc", 30 },
	{ "beside soft hyphens that go", FAMILY, "a\u00ADb", FAMILY, "ab", 30 },
	{ "where marks would save nothing, they stay", FAMILY, "a\u00ADb\u2019", FAMILY, "ab\u2019", 20 },
	{ "two letters do not become a flag", FLAG_APART, "a\u200Bb", FLAG_APART, "ab", 30 },
	{ "a joiner at a picture's side", "\U0001F468\u200D", "a\u200Db", "\U0001F468\u200D", "ab", 30 },
	{ "Persian is parted by a non-joiner", "\u0645\u06CC\u200C\u062E", "a\u200Cb", "\u0645\u06CC\u200C\u062E", "ab", 30 },
	{ "several in a row", "", "a\u200B\u200D\uFEFFb", "", "ab", 20 },
	{ "at a mark's side", "", "\u2019\u200B\u2013", "", "'-", 30 },
	{ "nothing but what is not seen", "", "\u200B", "", "\u200B", 71 },
	{ "a word joiner is no space", "", "100\u2060kr", "", "100kr", 20 },
	{ "tab, line and paragraph", "", "a\tb\u2028c\u2029", "", "a b\nc\n", 20 },
	{ "times", "", "2 × 3 ", "", "2 x 3 ", 20 },
	{ "tab, in one part", "a\tb", "", "a\tb", "", 1 },
	{ "times, beside a letter that GSM has not", "č", "2 × 3 ", "č", "2 × 3 ", 20 },
};

static void repeat(char *out, const char *lead, const char *unit, int times)
{
	strcpy(out, lead);
	for (int i = 0; i < times; i++)
		strcat(out, unit);
}

static void plain_table(void **state)
{
	void *ctx = talloc_new(NULL);
	char text[1024], wanted[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(plains) / sizeof(plains[0]); i++) {
		repeat(text, plains[i].lead, plains[i].unit, plains[i].times);
		repeat(wanted, plains[i].wanted_lead, plains[i].wanted_unit, plains[i].times);
		if (strcmp(sms_plain(ctx, text), wanted) != 0)
			fail_msg("%s: '%s'", plains[i].says, sms_plain(ctx, text));
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes), cmocka_unit_test(not_utf8), cmocka_unit_test(outsider),
		cmocka_unit_test(plain), cmocka_unit_test(plain_table),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
