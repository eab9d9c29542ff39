/* test_pack.c - rule packs: what Denmark's says, that charges fail closed, how
 * days are counted in other countries' ways, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "gate/calendar.h"
#include "gate/pack.h"

static void *ctx;
static struct pack *dk;
static struct calendar *cal;

static day_t day(const char *text)
{
	day_t d;

	assert_true(day_parse_iso(&text, &d));
	return d;
}

static const char *file_text(const char *path, size_t *len)
{
	char *text = talloc_array(ctx, char, JSON_FILE_BYTES_MAX);
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	*len = fread(text, 1, JSON_FILE_BYTES_MAX, f);
	fclose(f);
	return text;
}

/* --- Denmark ---------------------------------------------------------------- */

static void test_fee(void **state)
{
	const day_t on = day("2026-11-22");
	const struct fee_rule *fee = pack_fee(dk, PARTY_CONSUMER, ROLE_OWN, NULL, "DKK", on);

	(void)state;
	assert_non_null(fee);
	assert_string_equal(fee->rule.id, "DK-FEE-1");
	assert_string_equal(fee->rule.confidence, "A");
	assert_non_null(strstr(fee->rule.source, "§ 9 b"));
	assert_int_equal(fee->max_minor, 10000);
	assert_int_equal(fee->max_count, 3);
	assert_string_equal(fee->count_rule->id, "DK-FEE-2");
	assert_int_equal(fee->min_gap_days, 10);
	assert_string_equal(fee->gap_rule->id, "DK-FEE-4");
	assert_false(fee->needs_agreement);
	/* fails closed: another currency, a party it does not bind, before its time */
	assert_null(pack_fee(dk, PARTY_CONSUMER, ROLE_OWN, NULL, "EUR", on));
	assert_null(pack_fee(dk, PARTY_PUBLIC, ROLE_OWN, NULL, "DKK", on));
	assert_null(pack_fee(dk, PARTY_CONSUMER, ROLE_OWN, NULL, "DKK", day("2002-12-31")));
	assert_non_null(pack_fee(dk, PARTY_BUSINESS, ROLE_OWN, NULL, "DKK", day("2003-01-01")));
	fee = pack_fee_of_kind(dk, FEE_HANDOVER, PARTY_CONSUMER, ROLE_OWN, NULL, "DKK", on);
	assert_string_equal(fee->rule.id, "DK-FEE-6");
	assert_int_equal(fee->max_count, 1);
}

static void test_dated_values(void **state)
{
	const struct interest_rule *r;

	(void)state;
	r = pack_interest(dk, PARTY_CONSUMER, ROLE_OWN, NULL, day("2024-06-30"));
	assert_non_null(r);
	assert_int_equal(interest_rate_bp(r, day("2024-06-30")), 1175);
	assert_int_equal(interest_rate_bp(r, day("2024-01-01")), 1175);
	assert_int_equal(interest_rate_bp(r, day("2024-07-01")), -1);
	assert_int_equal(interest_rate_bp(r, day("2023-12-31")), -1);
	assert_int_equal(interest_rate_bp(r, day("2026-11-22")), -1);
	assert_non_null(pack_fee_of_kind(dk, FEE_COMPENSATION, PARTY_BUSINESS, ROLE_OWN, NULL, "DKK",
	    day("2026-11-22")));
	assert_null(pack_fee_of_kind(dk, FEE_COMPENSATION, PARTY_BUSINESS, ROLE_OWN, NULL, "DKK",
	    day("2013-12-31")));
	assert_null(pack_fee_of_kind(dk, FEE_COMPENSATION, PARTY_CONSUMER, ROLE_OWN, NULL, "DKK",
	    day("2026-11-22")));
}

static void test_denmark_deadlines(void **state)
{
	static const struct {
		const char	*purpose, *dispatched, *deadline;
	} cases[] = {
		/* ten days from dispatch; a weekend or holiday rolls on */
		{ "formal_notice", "2026-11-23", "2026-12-03" },
		{ "formal_notice", "2026-11-25", "2026-12-07" },	/* Saturday 5th */
		{ "formal_notice", "2026-12-14", "2026-12-28" },	/* 24th */
		{ "formal_notice", "2026-12-21", "2027-01-04" },	/* 31st */
		{ "fee_reminder", "2026-05-26", "2026-06-08" },		/* 5 June, Friday */
		{ "reminder", "2026-03-23", "2026-04-07" },		/* over Easter */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[DAY_TEXT_BYTES];
		day_t last;

		assert_non_null(pack_deadline(dk, cal, cases[i].purpose, CHANNEL_LETTER,
		    PARTY_CONSUMER, ROLE_OWN, NULL, day(cases[i].dispatched), &last));
		assert_string_equal(day_text(last, text), cases[i].deadline);
	}
	assert_string_equal(pack_deadline(dk, cal, "formal_notice", CHANNEL_EMAIL, PARTY_BUSINESS,
	    ROLE_OWN, NULL, day("2026-11-22"), &(day_t){ 0 })->rule.id, "DK-INK-3");
	assert_null(pack_deadline(dk, cal, "heads_up", CHANNEL_EMAIL, PARTY_CONSUMER, ROLE_OWN,
	    NULL, day("2026-11-22"), &(day_t){ 0 }));
}

static void test_denmark_rest(void **state)
{
	const day_t on = day("2026-11-22");

	(void)state;
	assert_string_equal(dk->country, "DK");
	assert_non_null(strstr(dk->notice, "Not legal advice"));
	assert_string_equal(pack_calendar(dk, NULL), "dk");
	assert_string_equal(pack_calendar(dk, "BY"), "dk");
	assert_int_equal(dk->cap_count, 2);
	assert_int_equal(dk->caps[0].max, 1);
	assert_int_equal(dk->caps[1].max, 3);
	assert_int_equal(dk->caps[1].days, 7);
	assert_string_equal(dk->caps[1].rule.confidence, "P");
	for (int c = 0; c < (int)CHANNELS; c++)
		assert_int_equal(pack_hours(dk, (enum channel)c, PARTY_CONSUMER, ROLE_OWN, NULL,
		    on) == NULL, c == (int)CHANNEL_LETTER);
	assert_string_equal(pack_holiday(dk, true, PARTY_CONSUMER, ROLE_OWN, NULL, on)->rule.id,
	    "DK-HOURS-3");
	assert_int_equal(pack_step_next(dk, &(size_t){ 0 }, "fee_reminder", PARTY_CONSUMER,
	    ROLE_OWN, NULL, on)->min_gap_days, 10);
	assert_true(pack_answer(dk, PARTY_CONSUMER, ROLE_OWN, NULL, on)->skips_hours);
	assert_int_equal(dk->content_count, 2);
	assert_string_equal(dk->contents[1].purpose, "formal_notice");
}

/* --- other countries' ways --------------------------------------------------- */

#define WHO "\"source\":\"s\",\"confidence\":\"A\",\"says\":\"t\","		\
	"\"party\":[\"consumer\"],\"role\":[\"own\"]"
#define HEAD "{\"name\":\"xx\",\"country\":\"XX\",\"notice\":\"Not legal advice.\","	\
	"\"calendar\":\"xx\","
#define PACK(contact, step, charge, content) HEAD "\"contact\":[" contact "],"	\
	"\"step\":[" step "],\"charge\":[" charge "],\"content\":[" content "]}"
#define DEADLINE(more) PACK("", "{\"id\":\"D\",\"kind\":\"deadline\"," WHO	\
	",\"purpose\":\"p\"," more "}", "", "")
#define FEE(more) "{\"kind\":\"fee\"," WHO ",\"for\":\"reminder\"," more "}"
#define ALWAYS "\"valid_from\":\"2020-01-01\",\"valid_to\":\"open\""

static struct pack *parse(const char *text, struct err *err)
{
	return pack_parse(ctx, "xx.json", text, strlen(text), err);
}

static struct pack *must_parse(const char *text)
{
	struct err err = { 0 };
	struct pack *pack = parse(text, &err);

	if (pack == NULL)
		fail_msg("%s", err.text);
	return pack;
}

static void test_ways_of_counting(void **state)
{
	static const struct {
		const char	*says, *text, *dispatched, *deadline;
	} cases[] = {
		{ "Norway: the last day may be a holiday",
		  DEADLINE("\"days\":14,\"count_from\":\"dispatch\",\"roll\":\"none\""),
		  "2026-12-11", "2026-12-25" },
		{ "Finland: full days between",
		  DEADLINE("\"days\":14,\"count_from\":\"dispatch\",\"exclusive\":true,"
		    "\"roll\":\"none\""), "2026-11-02", "2026-11-17" },
		{ "Finland: from presumed receipt",
		  DEADLINE("\"days\":10,\"count_from\":\"receipt\",\"receipt_days\":7,"
		    "\"roll\":\"none\""), "2026-11-02", "2026-11-19" },
		{ "Sweden: eight days, and four bank days after receipt",
		  DEADLINE("\"days\":8,\"count_from\":\"dispatch\",\"min_bank_days\":4,"
		    "\"receipt_days\":2,\"roll\":\"none\""), "2026-11-02", "2026-11-10" },
		{ "Sweden: bank days over Christmas weigh more",
		  DEADLINE("\"days\":8,\"count_from\":\"dispatch\",\"min_bank_days\":4,"
		    "\"receipt_days\":2,\"roll\":\"none\""), "2026-12-21", "2027-01-04" },
		{ "a Saturday is open, a holiday is not",
		  DEADLINE("\"days\":1,\"count_from\":\"dispatch\",\"roll\":\"next_open_day\""),
		  "2026-12-24", "2026-12-28" },
		{ "open on a Saturday",
		  DEADLINE("\"days\":1,\"count_from\":\"dispatch\",\"roll\":\"next_open_day\""),
		  "2026-11-20", "2026-11-21" },
		{ "what is said to be nothing is as if it were not said",
		  DEADLINE("\"days\":8,\"count_from\":\"dispatch\",\"min_bank_days\":0,"
		    "\"receipt_bank_days\":0,\"receipt_days\":0,\"roll\":\"none\""),
		  "2026-11-02", "2026-11-10" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct pack *pack = must_parse(cases[i].text);
		char text[DAY_TEXT_BYTES];

		assert_int_equal(pack->deadline_count, 1);
		day_text(deadline_day(&pack->deadlines[0], cal, CHANNEL_LETTER,
		    day(cases[i].dispatched)), text);
		if (strcmp(text, cases[i].deadline) != 0)
			fail_msg("%s: %s, not %s", cases[i].says, text, cases[i].deadline);
	}
}

/* The lowest of the totals that apply: not of another currency or party. */
static void test_lowest_total(void **state)
{
#define TOTAL(id, currency, max, who) "{\"kind\":\"fee_total\",\"id\":\"" id "\"," who	\
	",\"currency\":\"" currency "\",\"bands\":[{\"max_minor\":" max "}]," ALWAYS "}"
#define FIRM "\"source\":\"s\",\"confidence\":\"A\",\"says\":\"t\",\"party\":[\"business\"],\"role\":[\"own\"]"
	const struct pack *pack = must_parse(PACK("", "", TOTAL("A", "EUR", "100", FIRM) ","
	    TOTAL("B", "SEK", "200", WHO) "," TOTAL("C", "EUR", "500", WHO) ","
	    TOTAL("D", "EUR", "400", WHO) "," TOTAL("E", "EUR", "450", WHO) ","
	    TOTAL("F", "EUR", "50", FIRM), ""));
	const day_t on = day("2026-11-22");

	(void)state;
	assert_string_equal(pack_total(pack, PARTY_CONSUMER, ROLE_OWN, "", "EUR", 1000, on)->rule.id,
	    "D");
	assert_string_equal(pack_total(pack, PARTY_BUSINESS, ROLE_OWN, "", "EUR", 1000, on)->rule.id,
	    "F");
	assert_null(pack_total(pack, PARTY_CONSUMER, ROLE_OWN, "", "DKK", 1000, on));
	assert_null(pack_total(pack, PARTY_CONSUMER, ROLE_THIRD_PARTY, "", "EUR", 1000, on));
}

static void test_bounds(void **state)
{
	struct err err = { 0 };
	size_t at = 0;

	(void)state;
	assert_non_null(parse(DEADLINE("\"days\":10,\"count_from\":\"receipt\",\"roll\":\"none\","
	    "\"receipt_days\":{\"email\":60,\"sms\":0,\"letter\":60,\"call\":0}"), &err));
	assert_null(parse(DEADLINE("\"days\":10,\"count_from\":\"receipt\",\"roll\":\"none\","
	    "\"receipt_days\":{\"email\":1,\"sms\":0,\"letter\":61,\"call\":0}"), &err));
	/* what has no value today, rates first */
	assert_string_equal(pack_missing_next(dk, &at, day("2026-11-22"))->id, "DK-INT-1");
}

static void test_strictest_and_regions(void **state)
{
	const struct pack *pack = must_parse(HEAD
	    "\"regions\":[{\"name\":\"MA\",\"calendar\":\"xx-ma\"}],"
	    "\"contact\":[{\"id\":\"C\",\"kind\":\"cap\",\"region\":\"MA\"," WHO
	    ",\"max\":2,\"days\":7,\"channels\":[\"sms\"],\"counted\":[\"sms\",\"call\"]}],"
	    "\"step\":[],\"content\":[],\"charge\":["
	    FEE("\"id\":\"A\",\"currency\":\"EUR\",\"max_minor\":500," ALWAYS) ","
	    FEE("\"id\":\"B\",\"currency\":\"EUR\",\"max_minor\":400,"
		"\"needs_agreement\":true,\"min_age_days\":14,"
		"\"valid_from\":\"2026-01-01\",\"valid_to\":\"2026-12-31\"") "]}");
	const struct fee_rule *fee;

	(void)state;
	fee = pack_fee(pack, PARTY_CONSUMER, ROLE_OWN, NULL, "EUR", day("2026-06-01"));
	assert_string_equal(fee->rule.id, "B");
	assert_true(fee->needs_agreement);
	assert_int_equal(fee->min_age_days, 14);
	assert_int_equal(fee->max_count, PACK_COUNT_UNLIMITED);
	assert_null(fee->count_rule);
	fee = pack_fee(pack, PARTY_CONSUMER, ROLE_OWN, NULL, "EUR", day("2027-01-01"));
	assert_string_equal(fee->rule.id, "A");
	assert_string_equal(pack_calendar(pack, "MA"), "xx-ma");
	assert_true(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "MA", 0));
	assert_false(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "NY", 0));
	assert_true(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "NY MA", 0));
	assert_true(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "  MA", 0));
	assert_false(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "MAX M A", 0));
	assert_false(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, "", 0));
	/* nobody knows which: all bind */
	assert_true(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_OWN, NULL, 0));
	assert_false(rule_applies(&pack->caps[0].rule, PARTY_BUSINESS, ROLE_OWN, "MA", 0));
	assert_false(rule_applies(&pack->caps[0].rule, PARTY_CONSUMER, ROLE_THIRD_PARTY, "MA", 0));
}

/* --- refused ---------------------------------------------------------------- */

#define CAP(more) PACK("{\"id\":\"C\",\"kind\":\"cap\"," WHO "," more "}", "", "", "")
#define CHARGE(more) PACK("", "", FEE(more), "")
#define INTEREST(days) PACK("", "", "{\"id\":\"I\",\"kind\":\"interest\"," WHO ","	\
	"\"method\":\"fixed\",\"margin_bp\":0,\"year_days\":" days ",\"rates\":[]," ALWAYS "}", "")
#define NOTE(more) PACK("", "", "", "{\"kind\":\"note\"," more "}")

static const struct {
	const char	*text, *says;
} refused[] = {
	{ "", "xx.json:" },
	{ "[]", "give an object" },
	{ "{}", "/name" },
	{ "{\"name\":\"xx\",\"name\":\"yy\"}", "duplicate" },
	{ "{\"name\":\"../xx\",\"country\":\"X\",\"notice\":\"Not legal advice\","
	  "\"calendar\":\"x\",\"contact\":[],\"step\":[],\"charge\":[],\"content\":[]}",
	  "small letters" },
	{ "{\"name\":\"xx\",\"country\":\"X\",\"notice\":\"Trust us\",\"calendar\":\"x\","
	  "\"contact\":[],\"step\":[],\"charge\":[],\"content\":[]}", "Not legal advice" },
	{ HEAD "\"contact\":[],\"step\":[],\"charge\":[]}", "/content" },
	{ HEAD "\"extra\":1,\"contact\":[],\"step\":[],\"charge\":[],\"content\":[]}", "/extra" },
	{ CAP("\"max\":0,\"days\":1,\"channels\":[\"sms\"],\"counted\":[\"sms\"]"),
	  "/contact/0/max" },
	{ CAP("\"max\":1,\"days\":1,\"channels\":[\"fax\"],\"counted\":[\"sms\"]"), "fax" },
	{ CAP("\"max\":1,\"days\":1,\"channels\":[],\"counted\":[\"sms\"]"), "at least one" },
	{ CAP("\"max\":1,\"days\":1,\"channels\":[\"sms\"],\"counted\":[\"sms\"],\"mx\":1"),
	  "/contact/0/mx" },
	{ CAP("\"max\":1.5,\"days\":1,\"channels\":[\"sms\"],\"counted\":[\"sms\"]"),
	  "whole number" },
	/* money must be dated */
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1"), "/valid_from" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1,"
	  "\"valid_from\":\"2026-01-01\""), "/valid_to" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1,"
	  "\"valid_from\":\"2026-02-30\",\"valid_to\":\"open\""), "not a day" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1,"
	  "\"valid_from\":\"2026-01-01\",\"valid_to\":\"2025-12-31\""), "before" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"XYZ\",\"max_minor\":1," ALWAYS), "currency" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":-1," ALWAYS), "max_minor" },
	{ CHARGE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1,\"limits\":[\"Z\"],"
	  ALWAYS), "stands above" },
	{ PACK("", "", "{\"id\":\"L\",\"kind\":\"fee_count\",\"max_count\":3," WHO
	  ",\"valid_from\":\"2025-01-01\",\"valid_to\":\"2025-12-31\"},"
	  FEE("\"id\":\"F\",\"currency\":\"DKK\",\"max_minor\":1,\"limits\":[\"L\"]," ALWAYS),
	  ""), "all the time" },
	{ NOTE("\"id\":\"\"," WHO), "must not be empty" },
	{ NOTE("\"id\":\"A-RULE-THAT-IS-OF-THIRTY-3-LETTERS\"," WHO), "short word" },
	{ NOTE("\"id\":\"R\xc3\x98" "D-1\"," WHO), "short word" },
	{ INTEREST("364"), "give 365 or 360" },
	{ NOTE("\"id\":\"a\",\"source\":\"s\",\"confidence\":\"Z\",\"says\":\"t\","
	  "\"party\":[\"consumer\"],\"role\":[\"own\"]"), "confidence" },
	{ NOTE("\"id\":\"a\",\"confidence\":\"A\",\"says\":\"t\","
	  "\"party\":[\"consumer\"],\"role\":[\"own\"]"), "/source" },
	{ NOTE("\"id\":\"a\",\"source\":\"s\",\"confidence\":\"A\",\"says\":\"t\","
	  "\"party\":[\"martian\"],\"role\":[\"own\"]"), "martian" },
	{ PACK("", "{\"kind\":\"fee\",\"id\":\"a\"," WHO "}", "", ""), "does not belong here" },
	{ PACK("", "", "", "{\"kind\":\"note\",\"id\":\"a\"," WHO "},"
	  "{\"kind\":\"note\",\"id\":\"a\"," WHO "}"), "used twice" },
	{ PACK("1", "", "", ""), "/contact/0" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err err = { 0 };

		if (parse(refused[i].text, &err) != NULL)
			fail_msg("case %zu was taken: %s", i, refused[i].says);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(strncmp(err.text, "xx.json:", 8), 0);
		if (strstr(err.text, refused[i].says) == NULL)
			fail_msg("case %zu: '%s' does not say '%s'", i, err.text,
			    refused[i].says);
	}
}

/* Each day has one rate at the most: a period begins after the last day of the one before. */
static void test_rates_by_day(void **state)
{
#define PERIOD(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\",\"reference_bp\":200,"	\
	"\"source\":\"s\"}"
#define RATES(list) PACK("", "", "{\"id\":\"I\",\"kind\":\"interest\"," WHO ","		\
	"\"method\":\"floating\",\"margin_bp\":800,\"year_days\":365,\"rates\":[" list "],"	\
	ALWAYS "}", "")
	static const char *const refused_rates[] = {
		RATES(PERIOD("2026-01-01", "2026-06-30") "," PERIOD("2026-06-30", "2026-12-31")),
		RATES(PERIOD("2026-01-01", "2026-12-31") "," PERIOD("2026-03-01", "2026-03-31")),
		RATES(PERIOD("2026-07-01", "2026-12-31") "," PERIOD("2026-01-01", "2026-06-30")),
	};
	const struct pack *pack = must_parse(RATES(PERIOD("2026-01-01", "2026-06-30") ","
	    PERIOD("2026-07-01", "2026-07-01") "," PERIOD("2026-07-02", "2026-12-31")));

	(void)state;
	assert_int_equal(pack->interests[0].rate_count, 3);
	for (size_t i = 0; i < sizeof(refused_rates) / sizeof(refused_rates[0]); i++) {
		struct err err = { 0 };

		assert_null(parse(refused_rates[i], &err));
		assert_non_null(strstr(err.text, "before the one above has ended"));
	}
}

/* Money is put on each of the three, so an order names each of them. */
static void test_order_names_all(void **state)
{
#define ORDER(list) PACK("", "", "{\"id\":\"O\",\"kind\":\"allocation\"," WHO	\
	",\"order\":[" list "]," ALWAYS "}", "")
	static const char *const refused_orders[] = {
		ORDER("\"interest\",\"interest\",\"costs\""),
		ORDER("\"principal\",\"principal\",\"costs\""),
		ORDER("\"principal\",\"interest\",\"interest\""),
		ORDER("\"principal\",\"interest\""),
		ORDER("\"principal\",\"interest\",\"costs\",\"costs\""),
		ORDER("\"principal\",\"interest\",\"fees\""),
	};
	const struct pack *pack = must_parse(ORDER("\"costs\",\"principal\",\"interest\""));

	(void)state;
	assert_int_equal(pack->allocations[0].order[0], OWED_COSTS);
	assert_int_equal(pack->allocations[0].order[1], OWED_PRINCIPAL);
	assert_int_equal(pack->allocations[0].order[2], OWED_INTEREST);
	for (size_t i = 0; i < sizeof(refused_orders) / sizeof(refused_orders[0]); i++) {
		struct err err = { 0 };

		assert_null(parse(refused_orders[i], &err));
		assert_non_null(strstr(err.text, "once, in order"));
	}
}

/* The strictest of the rules that the pack counts; what lies behind them is none. */
static void test_rules_counted(void **state)
{
#define STOP(id, scope) "{\"id\":\"" id "\",\"kind\":\"stop\"," WHO			\
	",\"hold\":\"legal\",\"scope\":\"" scope "\"}"
#define NOTICE(id, days) "{\"id\":\"" id "\",\"kind\":\"deadline\"," WHO ",\"purpose\":\"p\","	\
	"\"days\":" days ",\"count_from\":\"dispatch\",\"roll\":\"none\"}"
	struct pack pack = *must_parse(PACK(STOP("A", "claim") "," STOP("B", "debtor"),
	    NOTICE("C", "10") "," NOTICE("D", "14"), "", ""));
	const day_t on = day("2026-11-02");
	day_t last;

	(void)state;
	assert_string_equal(pack_stop(&pack, HOLD_LEGAL, PARTY_CONSUMER, ROLE_OWN, NULL, on)->rule.id,
	    "B");
	assert_null(pack_stop(&pack, HOLD_DISPUTE, PARTY_CONSUMER, ROLE_OWN, NULL, on));
	assert_string_equal(pack_deadline(&pack, cal, "p", CHANNEL_LETTER, PARTY_CONSUMER, ROLE_OWN,
	    NULL, on, &last)->rule.id, "D");
	assert_int_equal(last, day("2026-11-16"));
	pack.stop_count = pack.deadline_count = 1;
	assert_string_equal(pack_stop(&pack, HOLD_LEGAL, PARTY_CONSUMER, ROLE_OWN, NULL, on)->rule.id,
	    "A");
	assert_string_equal(pack_deadline(&pack, cal, "p", CHANNEL_LETTER, PARTY_CONSUMER, ROLE_OWN,
	    NULL, on, &last)->rule.id, "C");
	assert_int_equal(last, day("2026-11-12"));
	pack.stop_count = pack.deadline_count = 0;
	assert_null(pack_stop(&pack, HOLD_LEGAL, PARTY_CONSUMER, ROLE_OWN, NULL, on));
	assert_null(pack_deadline(&pack, cal, "p", CHANNEL_LETTER, PARTY_CONSUMER, ROLE_OWN, NULL, on,
	    &last));
}

/* As many bands as there may be, and one more. */
static void test_many_bands(void **state)
{
	(void)state;
	for (int count = 20; count <= 21; count++) {
		char *bands = talloc_strdup(ctx, "");
		struct err err = { 0 };
		struct pack *pack;

		for (int i = 1; i < count; i++)
			bands = talloc_asprintf_append(bands, "{\"up_to_minor\":%d,\"max_minor\":%d},",
			    i * 1000, i);
		pack = parse(talloc_asprintf(ctx, PACK("", "", FEE("\"id\":\"F\",\"currency\":\"DKK\","
		    "\"bands\":[%s{\"max_minor\":%d}]," ALWAYS), ""), bands, count), &err);
		if (count == 21) {
			assert_null(pack);
			assert_non_null(strstr(err.text, "more than 20 bands"));
			return;
		}
		assert_non_null(pack);
		assert_int_equal(pack->fees[0].band_count, 20);
		assert_int_equal(fee_cap(&pack->fees[0], 19000), 19);
		assert_int_equal(fee_cap(&pack->fees[0], 19001), 20);
	}
}

/* As many rules as a file may hold, and one more. */
static void test_many_rules(void **state)
{
	(void)state;
	for (int count = 4 * PACK_RULES_MAX; count <= 4 * PACK_RULES_MAX + 1; count++) {
		char *notes = talloc_strdup(ctx, "");
		struct err err = { 0 };
		struct pack *pack;

		for (int i = 0; i < count; i++)
			notes = talloc_asprintf_append(notes, "%s{\"kind\":\"note\",\"id\":\"N-%d\","
			    WHO "}", i > 0 ? "," : "", i);
		pack = parse(talloc_asprintf(ctx, PACK("", "", "", "%s"), notes), &err);
		if (count <= 4 * PACK_RULES_MAX) {
			assert_non_null(pack);
			assert_int_equal(pack->note_count, count);
			continue;
		}
		assert_null(pack);
		assert_non_null(strstr(err.text, "more than 800 rules"));
	}
}

static int begin(void **state)
{
	struct err err = { 0 };
	const char *text;
	size_t len;

	(void)state;
	ctx = talloc_new(NULL);
	text = file_text("schedules/rules/dk.json", &len);
	dk = pack_parse(ctx, "dk.json", text, len, &err);
	text = file_text("schedules/calendars/dk.ics", &len);
	cal = calendar_parse(ctx, "dk.ics", text, len, &err);
	if (err_is_set(&err))
		fprintf(stderr, "%s\n", err.text);
	return err_is_set(&err);
}

static int finish(void **state)
{
	(void)state;
	return talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fee),
		cmocka_unit_test(test_dated_values),
		cmocka_unit_test(test_denmark_deadlines),
		cmocka_unit_test(test_denmark_rest),
		cmocka_unit_test(test_ways_of_counting),
		cmocka_unit_test(test_strictest_and_regions),
		cmocka_unit_test(test_rates_by_day),
		cmocka_unit_test(test_order_names_all),
		cmocka_unit_test(test_rules_counted),
		cmocka_unit_test(test_lowest_total), cmocka_unit_test(test_bounds), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many_bands),
		cmocka_unit_test(test_many_rules),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
