/* test_cfg.c - purr.conf: what is read, and what is fatal.  A misread setting
 * would send wrong messages, so there is no such thing as a small fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/cfg.h"
#include "base/err.h"

#define CREDITOR "[creditor a]\nname = A\nphone = 1\nemail = a@a.example\n" \
	"account = 1\nfrom = a@a.example\nsms_from = A\n"

struct place {
	char	dir[64], path[96];
};

static int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/purr-cfg-XXXXXX");
	if (mkdtemp(place->dir) == NULL)
		return -1;
	(void)snprintf(place->path, sizeof(place->path), "%s/purr.conf", place->dir);
	*state = place;
	return 0;
}

static int place_drop(void **state)
{
	struct place *place = *state;

	(void)unlink(place->path);
	(void)rmdir(place->path);
	(void)rmdir(place->dir);
	talloc_free(place);
	return 0;
}

static struct cfg *read_bytes(struct place *place, const char *text, size_t len, struct err *err)
{
	FILE *file = fopen(place->path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	err_clear(err);
	return cfg_read(place, place->path, err);
}

static struct cfg *read_text(struct place *place, const char *text, struct err *err)
{
	return read_bytes(place, text, strlen(text), err);
}

static void good(void **state)
{
	struct err err = { 0 };
	struct cfg *cfg = read_text(*state, "; a comment\n[purr]\nsend_batch = 7\n\n"
	    "[cost]\nsms_part = 0.345\nletter = 12\nemail = 0.000001\n"
	    "[email]\r\ndriver=smtp\nurl   =   smtp://h:25   \nstarttls = false\n"
	    "[creditor b]\nname = S\xc3\xb8ren & S\xc3\xb8nner\nphone = +45 1\n"
	    "email = b@b.example\naccount = 1\nfrom = b@b.example\nsms_from = B\n" CREDITOR, &err);
	const struct cfg_creditor *b;

	if (cfg == NULL)
		fail_msg("%s", err.text);
	assert_int_equal(cfg_int(cfg, CFG_PURR_SEND_BATCH), 7);
	assert_string_equal(cfg->text[CFG_EMAIL_DRIVER], "smtp");
	assert_string_equal(cfg->text[CFG_EMAIL_URL], "smtp://h:25");
	assert_false(cfg_bool(cfg, CFG_EMAIL_STARTTLS));
	assert_int_equal(cfg_price(cfg, CFG_COST_SMS_PART), 345000);
	assert_int_equal(cfg_price(cfg, CFG_COST_LETTER), 12000000);
	assert_int_equal(cfg_price(cfg, CFG_COST_EMAIL), 1);
	assert_string_equal(cfg->text[CFG_SMS_DRIVER], "file");		/* the default */
	assert_int_equal(cfg_int(cfg, CFG_EMAIL_CONNECTIONS), 8);
	assert_int_equal(cfg->creditor_count, 2);
	b = cfg_creditor(cfg, "b");
	assert_non_null(b);
	assert_string_equal(b->text[CREDITOR_NAME], "S\xc3\xb8ren & S\xc3\xb8nner");
	assert_string_equal(b->text[CREDITOR_ZONE], "Europe/Copenhagen");
	assert_string_equal(b->text[CREDITOR_STREET], "");
	assert_null(cfg_creditor(cfg, "c"));
	assert_null(cfg_creditor(cfg, ""));
	talloc_free(cfg);
}

static void empty_is_all_defaults(void **state)
{
	struct err err = { 0 };
	struct cfg *cfg = read_text(*state, "", &err);

	assert_non_null(cfg);
	assert_int_equal(cfg->creditor_count, 0);
	assert_int_equal(cfg_int(cfg, CFG_PURR_SEND_BATCH), 100);
	assert_true(cfg_bool(cfg, CFG_EMAIL_STARTTLS));
}

static void bad(void **state)
{
	static const struct { const char *says, *text; const char *at, *word; } cases[] = {
		{ "unknown setting", "[purr]\nspeed = 9\n", ":2", "speed" },
		{ "unknown section", "[pure]\nsend_batch = 9\n", ":2", "pure" },
		{ "setting in no section", "send_batch = 9\n", ":1", "send_batch" },
		{ "setting of another section", "[sms]\nstarttls = true\n", ":2", "starttls" },
		{ "unknown in a creditor", CREDITOR "colour = red\n", ":8", "colour" },
		{ "no equals sign", "[purr]\nsend_batch\n", ":2", "key = value" },
		{ "section not closed", "[purr\nsend_batch = 9\n", ":1", "" },
		{ "a word for a number", "[purr]\nsend_batch = many\n", ":2", "whole number" },
		{ "a price with a comma", "[cost]\nsms_part = 0,35\n", ":2", "0.35" },
		{ "a price below nothing", "[cost]\nletter = -1\n", ":2", "0.35" },
		{ "a price of seven decimals", "[cost]\nemail = 0.0000001\n", ":2", "0.35" },
		{ "a price that ends in a point", "[cost]\nemail = 1.\n", ":2", "0.35" },
		{ "a price too large", "[cost]\nletter = 1000000\n", ":2", "0.35" },
		{ "no currency", "[cost]\ncurrency = kr\n", "", "DKK" },
		{ "too many hours", "[approval]\nhours = 169\n", "", "1 to 168" },
		{ "a breaker below nothing", "[breaker]\ntimes = -1\n", "", "0 to 1000" },
		{ "a fraction", "[purr]\nsend_batch = 1.5\n", ":2", "whole number" },
		{ "a number and more", "[purr]\nsend_batch = 10x\n", ":2", "whole number" },
		{ "nothing for a number", "[purr]\nsend_batch =\n", ":2", "whole number" },
		{ "a number too large", "[purr]\nsend_batch = 99999999999999999999\n", ":2",
		  "whole number" },
		{ "a batch of none", "[purr]\nsend_batch = 0\n", "", "1 to 1000" },
		{ "a negative batch", "[purr]\nsend_batch = -5\n", "", "1 to 1000" },
		{ "a batch too large", "[purr]\nsend_batch = 1001\n", "", "1 to 1000" },
		{ "no base", "[purr]\nbase_url =\n", ":2", "https://betal.example" },
		{ "a base without a scheme", "[purr]\nbase_url = betal.example\n", ":2", "https://" },
		{ "a base of another scheme", "[purr]\nbase_url = ftp://betal.example\n", ":2", "https://" },
		{ "a base without a host", "[purr]\nbase_url = https:///\n", ":2", "host" },
		{ "a base with a query", "[purr]\nbase_url = https://b.example/?a=1\n", ":2", "without ?" },
		{ "a base with a fragment", "[purr]\nbase_url = https://b.example#x\n", ":2", "without ?" },
		{ "a base with a space", "[purr]\nbase_url = https://b.example /x\n", ":2", "without ?" },
		{ "yes for true", "[email]\nstarttls = yes\n", ":2", "true or false" },
		{ "True for true", "[email]\nstarttls = True\n", ":2", "true or false" },
		{ "twice", "[purr]\nsend_batch = 9\nsend_batch = 10\n", ":3", "twice" },
		{ "twice, sections apart", "[purr]\nsend_batch = 9\n[sms]\n[purr]\nsend_batch = 9\n",
		  ":5", "twice" },
		{ "an indented second value", "[purr]\nsend_batch = 9\n  12\n", ":3", "twice" },
		{ "twice in a creditor", CREDITOR "name = B\n", ":8", "twice" },
		{ "creditor in two parts, twice", CREDITOR "[purr]\n[creditor a]\nname = B\n",
		  ":10", "twice" },
		{ "name missing", "[creditor a]\nphone = 1\n", "", "name is missing" },
		{ "sms_from empty", "[creditor a]\nname = A\nphone = 1\nemail = a@a.example\n"
		  "account = 1\nfrom = a@a.example\nsms_from =\n", "", "sms_from is missing" },
		{ "Windows-1252", "[creditor a]\nname = S\xf8ren\n", ":2", "UTF-8" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place *place = *state;
		struct err err = { 0 };
		char where[128];

		if (read_text(place, cases[i].text, &err) != NULL)
			fail_msg("%s: taken", cases[i].says);
		(void)snprintf(where, sizeof(where), "%s%s", place->path, cases[i].at);
		if (err.kind != ERR_INPUT || strstr(err.text, where) == NULL ||
		    strstr(err.text, cases[i].word) == NULL || strchr(err.text, '\n') != NULL)
			fail_msg("%s: %s", cases[i].says, err.text);
	}
}

static void base_is_kept_without_slashes(void **state)
{
	static const struct { const char *given, *kept; } cases[] = {
		{ "https://betal.example", "https://betal.example" },
		{ "https://betal.example/", "https://betal.example" },
		{ "https://betal.example///", "https://betal.example" },
		{ "http://127.0.0.1:8080/", "http://127.0.0.1:8080" },
		{ "https://shop.example/betal/", "https://shop.example/betal" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		char text[128];
		struct cfg *cfg;

		(void)snprintf(text, sizeof(text), "[purr]\nbase_url = %s\n", cases[i].given);
		cfg = read_text(*state, text, &err);
		assert_non_null(cfg);
		assert_string_equal(cfg->text[CFG_PURR_BASE_URL], cases[i].kept);
		talloc_free(cfg);
	}
}

/* Who hangs a list on the error gets each wrong line, in the file's order, and then what
 * the whole lacks. */
static void each_is_told_with_its_line(void **state)
{
	struct err_later later = { .count = 0 };
	struct err err = { .later = &later };
	struct cfg *cfg;

	assert_null(read_text(*state, "[purr]\nsend_batch = x\nspeed = 9\n[approval]\nhours = 200\n"
	    "no equals sign\n", &err));
	assert_non_null(strstr(err.text, ":2: [purr] send_batch"));
	assert_int_equal(later.count, 2);
	assert_non_null(strstr(later.text[0], ":3: [purr] speed"));
	assert_non_null(strstr(later.text[1], ":5: [approval] hours"));
	cfg = read_text(*state, "\n[sms]\n; a comment\nuser = u\n" CREDITOR, &(struct err){ 0 });
	assert_non_null(cfg);
	assert_int_equal(cfg_line(cfg, "sms", "user"), 4);
	assert_int_equal(cfg_line(cfg, "sms", "url"), 0);
	assert_int_equal(cfg_line(cfg, "sms", "nothing"), 0);
	assert_int_equal(cfg->creditors[0].line[CREDITOR_NAME], 6);
}

static void odd_files(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	char text[512];

	assert_null(cfg_read(place, place->path, &err));	/* not there */
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "purr init"));
	(void)snprintf(text, sizeof(text), "[creditor a]\nname = %0192d\n", 7);
	assert_null(read_text(place, text, &err));		/* inih would cut it */
	assert_non_null(strstr(err.text, ":2"));
	assert_non_null(strstr(err.text, "longer"));
	(void)snprintf(text, sizeof(text), CREDITOR "street = %0189d\n", 7);
	assert_non_null(read_text(place, text, &err));		/* the longest line */
	assert_null(read_bytes(place, "[purr]\nsend_batch = 9\0 0\n", 25, &err));
	assert_non_null(strstr(err.text, ":2"));
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(mkdir(place->path, 0700), 0);
	err_clear(&err);
	assert_null(cfg_read(place, place->path, &err));	/* a directory */
	assert_true(err_is_set(&err));
}

static void many_creditors(void **state)
{
	struct err err = { 0 };
	char *text = talloc_strdup(*state, "");
	struct cfg *cfg;

	for (int i = 0; i < CFG_CREDITORS_MAX; i++)
		text = talloc_asprintf_append(text, "[creditor c%d]\nname = A\nphone = 1\n"
		    "email = a@a.example\naccount = 1\nfrom = a@a.example\nsms_from = A\n", i);
	cfg = read_text(*state, text, &err);
	assert_non_null(cfg);
	assert_int_equal(cfg->creditor_count, CFG_CREDITORS_MAX);
	text = talloc_asprintf_append(text, CREDITOR);
	assert_null(read_text(*state, text, &err));
	assert_non_null(strstr(err.text, "64 creditors"));
}

static void words_of_a_setting(void **state)
{
	const char *at = "  company\tplant-2  ", *none = " ";

	assert_string_equal(cfg_word(*state, &at), "company");
	assert_string_equal(cfg_word(*state, &at), "plant-2");
	assert_null(cfg_word(*state, &at));
	assert_null(cfg_word(*state, &at));
	assert_null(cfg_word(*state, &none));
}

static void sample_is_sound(void **state)
{
	struct place *place = *state;
	FILE *file = fopen(place->path, "w");
	struct err err = { 0 };
	struct cfg *cfg;

	assert_non_null(file);
	cfg_print_sample(file);
	assert_int_equal(fclose(file), 0);
	cfg = cfg_read(place, place->path, &err);
	if (cfg == NULL)
		fail_msg("%s", err.text);
	assert_int_equal(cfg->creditor_count, 1);
	assert_non_null(cfg_creditor(cfg, "demo"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_drop)
	const struct CMUnitTest tests[] = {
		TEST(good), TEST(empty_is_all_defaults), TEST(bad), TEST(odd_files),
		TEST(base_is_kept_without_slashes), TEST(each_is_told_with_its_line),
		TEST(many_creditors), TEST(words_of_a_setting), TEST(sample_is_sound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
