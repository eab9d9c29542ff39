/* test_seeing.c - what a look ahead counts and compares, the breaker's rule,
 * and a contact that waits. */
#include "scratch.h"

#include "base/str.h"
#include "engine/approve_run.h"
#include "engine/breaker.h"
#include "engine/diff_run.h"
#include "engine/forward.h"
#include "engine/preview_run.h"
#include "gate/calendar.h"
#include "store/outbox.h"
#include "store/run.h"

#define MONDAY 1789984800	/* 2026-09-21T10:00:00Z */

/* --- the breaker's rule ------------------------------------------------------- */

static void test_median(void **state)
{
	int64_t odd[] = { 9, 1, 5 }, even[] = { 10, 2, 4, 100 }, one[] = { 7 };

	(void)state;
	assert_int_equal(breaker_median(odd, 3), 5);
	assert_int_equal(breaker_median(even, 4), 7);
	assert_int_equal(breaker_median(one, 1), 7);
	assert_int_equal(breaker_median(NULL, 0), 0);
}

static void test_allowed(void **state)
{
	static const struct breaker_rule rule = { .times = 3, .least = 50, .first = 500 };
	const int64_t none = 0, few = 4, edge = 25, many = 1000;

	(void)state;
	assert_int_equal(breaker_allowed(&rule, NULL), 500);
	assert_int_equal(breaker_allowed(&rule, &none), 50);
	assert_int_equal(breaker_allowed(&rule, &few), 54);
	assert_int_equal(breaker_allowed(&rule, &edge), 75);
	assert_int_equal(breaker_allowed(&rule, &many), 3000);
}

/* --- times of the day ------------------------------------------------------------ */

static void test_runs(void **state)
{
	static const char *const bad[] = { "", "8:00", "08:00,", "08:60", "24:00", "09:00,09:00",
	    "09:00,08:00", "08:00 ", "08:00;09:00", "-8:00", "008:00", "+8:00", ",08:00" };
	struct forward_options o = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_true(forward_runs_parse("00:00,08:05,23:59", &o, &err));
	assert_int_equal(o.run_count, 3);
	assert_int_equal(o.runs[0], 0);
	assert_int_equal(o.runs[1], 485);
	assert_int_equal(o.runs[2], 1439);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct err){ 0 };
		if (forward_runs_parse(bad[i], &o, &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.kind, ERR_INPUT);
	}
}

/* --- comparing ---------------------------------------------------------------------- */

static struct diff_message message(int64_t debtor, const char *step, instant_t at)
{
	return (struct diff_message){ .debtor_id = debtor, .debtor = "K", .creditor = "c",
	    .step = step, .at = at, .on = (day_t)(at / SECONDS_PER_DAY), .deadline_on = DAY_NONE,
	    .channel = "email", .tone = "warm", .fee = "", .interest = "", .compensation = "" };
}

static json_int_t total(const json_t *diff, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(diff, "totals"), name));
}

static void test_same(void **state)
{
	struct diff_message a[] = { message(2, "one", 100), message(1, "one", 100) };
	struct diff_message b[] = { message(1, "one", 100), message(2, "one", 100) };
	json_t *out = json_object();

	(void)state;
	diff_compare(a, 2, b, 2, out);
	assert_int_equal(json_integer_value(json_object_get(out, "same")), 2);
	assert_int_equal(json_integer_value(json_object_get(out, "debtors")), 0);
	assert_int_equal(json_array_size(json_object_get(out, "list")), 0);
	json_decref(out);
	out = json_object();
	diff_compare(NULL, 0, NULL, 0, out);
	assert_int_equal(json_integer_value(json_object_get(out, "same")), 0);
	json_decref(out);
}

static void test_each_change(void **state)
{
	struct diff_message a[] = { message(1, "one", 100), message(1, "one", 300),
	    message(1, "two", 500), message(2, "one", 100), message(3, "one", 700) };
	struct diff_message b[] = { message(1, "one", 100), message(1, "one", 200),
	    message(1, "two", 600), message(2, "one", 100), message(4, "one", 100),
	    message(4, "two", 100) };
	json_t *out = json_object();

	(void)state;
	b[3].channel = "sms";
	b[3].tone = "firm";
	b[3].fee = "100.00 DKK";
	b[3].deadline_on = 20000;
	b[3].interest = "1.00 DKK";
	b[3].compensation = "310.00 DKK";
	b[0].words[0] = 'x';		/* told by nothing else */
	b[3].words[0] = 'x';
	diff_compare(a, 5, b, 6, out);
	assert_int_equal(json_integer_value(json_object_get(out, "same")), 0);
	assert_int_equal(total(out, "text"), 1);
	assert_int_equal(total(out, "interest"), 1);
	assert_int_equal(total(out, "compensation"), 1);
	assert_int_equal(json_integer_value(json_object_get(out, "debtors")), 4);
	assert_int_equal(total(out, "earlier"), 1);
	assert_int_equal(total(out, "later"), 1);
	assert_int_equal(total(out, "dropped"), 1);
	assert_int_equal(total(out, "added"), 2);
	assert_int_equal(total(out, "channel"), 1);
	assert_int_equal(total(out, "tone"), 1);
	assert_int_equal(total(out, "fee"), 1);
	assert_int_equal(total(out, "deadline"), 1);
	assert_int_equal(json_array_size(json_object_get(out, "list")), 7);
	json_decref(out);
}

static void test_csv(void **state)
{
	struct diff_message b[] = { message(1, "one", 0) };
	void *ctx = talloc_new(NULL);
	json_t *out = json_object();
	struct str text;

	(void)state;
	b[0].debtor = "=1+1";
	b[0].creditor = "a \"b\", c";
	diff_compare(NULL, 0, b, 1, out);
	str_init(&text, ctx, 4096);
	diff_csv(out, &text);
	assert_non_null(strstr(text.at, "\r\n\"a \"\"b\"\", c\",\"'=1+1\",one,added,,,,,,,,"
	    "1970-01-01T00:00:00Z,email,warm,,,,\r\n"));
	json_decref(out);
	talloc_free(ctx);
}

/* --- the calendar -------------------------------------------------------------------- */

#define STAMP "UID:hours@test\r\nDTSTAMP:20260101T000000Z\r\n"
#define HOURS "BEGIN:VAVAILABILITY\r\n" STAMP "BEGIN:AVAILABLE\r\n" STAMP	\
	"DTSTART:20240101T080000\r\nDTEND:20240101T200000\r\n"			\
	"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\r\nEND:AVAILABLE\r\n"		\
	"END:VAVAILABILITY\r\n"

/* libical reads what was written, through the calendars' own reader: given hours
 * and a category, each event closes its day there. */
static void test_ics(void **state)
{
	void *ctx = talloc_new(NULL);
	json_t *preview = json_pack("{s:s, s:[{s:s,s:s,s:s,s:s,s:i}, {s:s,s:s,s:s,s:s,s:i},"
	    "{s:s,s:s,s:s,s:s,s:i}]}", "from", "2026-09-21T10:00:00Z", "by_day",
	    "day", "2026-09-21", "step", "a step; with, \\ odd", "channel", "email", "tone",
	    "warm", "contacts", 12,
	    "day", "2026-09-21", "step", "\xc3\xa6\xc3\xb8\xc3\xa5 \xc3\xa6\xc3\xb8\xc3\xa5 "
	    "\xc3\xa6\xc3\xb8\xc3\xa5 \xc3\xa6\xc3\xb8\xc3\xa5", "channel", "sms", "tone",
	    "firm", "contacts", 3,
	    "day", "2026-09-22", "step", "two", "channel", "sms", "tone", "firm", "contacts", 1);
	struct err err = { 0 };
	struct calendar *calendar;
	struct str text, closed;
	const char *line;

	(void)state;
	str_init(&text, ctx, 65536);
	str_init(&closed, ctx, 65536);
	preview_ics(preview, &text);
	for (line = text.at; *line != '\0';) {
		const char *end = strstr(line, "\r\n");

		assert_non_null(end);
		assert_true(end - line <= 75);
		assert_true(utf8_is_valid(line, (size_t)(end - line)));
		if (strncmp(line, "END:VEVENT", 10) == 0)
			str_put(&closed, "CATEGORIES:HOLIDAY\r\n");
		if (strncmp(line, "END:VCALENDAR", 13) == 0)
			str_put(&closed, HOURS);
		str_putn(&closed, line, (size_t)(end + 2 - line));
		line = end + 2;
	}
	calendar = calendar_parse(ctx, "preview", closed.at, closed.len, &err);
	if (calendar == NULL)
		fail_msg("%s", err.text);
	assert_string_equal(calendar_event_name(calendar, day_from_ymd(2026, 9, 21)),
	    "15 payment reminders");
	assert_string_equal(calendar_event_name(calendar, day_from_ymd(2026, 9, 22)),
	    "1 payment reminders");
	assert_string_equal(calendar_event_name(calendar, day_from_ymd(2026, 9, 23)), "");
	json_decref(preview);
	talloc_free(ctx);
}

/* --- a contact that waits --------------------------------------------------------------- */

static void test_waits(void **state)
{
	const struct contact_lease lease = { .worker = "w", .token = "t", .boot_id = "b",
	    .until = MONDAY + 900 };
	const struct run_record run = { .kind = RUN_APPROVAL, .at = MONDAY, .planned_on = 20717 };
	struct plan_summary plan;
	bool armed = true, covers = true;
	int64_t *ids, id;
	struct scratch s;
	size_t n;

	(void)state;
	scratch_make(&s, NULL);
	scratch_invoice(&s, "F1", "K1", "k1@kunde.example", 20717 - 10, 10000, MONDAY - 60);
	scratch_ok(&s, plan_run(s.engine, MONDAY, false, &plan, &s.err));
	assert_int_equal(plan.contacts, 1);
	scratch_ok(&s, store_begin(s.engine->store, &s.err));
	scratch_ok(&s, run_add(s.engine->store, &run, &id, &s.err));
	scratch_ok(&s, run_wait(s.engine->store, 1, id, &s.err));
	scratch_ok(&s, outbox_arm(s.engine->store, 1, MONDAY, &lease, DAY_NONE, 1, 0, "h", &armed,
	    &s.err));
	assert_false(armed);
	scratch_ok(&s, outbox_ripe(s.engine->store, s.ctx, MONDAY, 10, &ids, &n, &s.err));
	assert_int_equal(n, 0);
	scratch_ok(&s, run_preview_covers(s.engine->store, "f", 0, "p", MONDAY, &covers, &s.err));
	assert_false(covers);
	scratch_ok(&s, run_free(s.engine->store, 1, &s.err));
	scratch_ok(&s, outbox_ripe(s.engine->store, s.ctx, MONDAY, 10, &ids, &n, &s.err));
	assert_int_equal(n, 1);
	scratch_ok(&s, store_commit(s.engine->store, &s.err));
	scratch_drop(&s);
}

/* The schema itself refuses an approval by the author. */
static void test_author(void **state)
{
	const struct preview_record p = { .id = "P-1", .policy_hash = "h", .author = "Ida",
	    .made_at = MONDAY, .expires_at = MONDAY + 100, .contacts = 1 };
	struct scratch s;
	bool approved;

	(void)state;
	scratch_make(&s, NULL);
	scratch_ok(&s, store_begin(s.engine->store, &s.err));
	scratch_ok(&s, run_put_preview(s.engine->store, &p, &s.err));
	assert_false(run_approve_preview(s.engine->store, "P-1", MONDAY, "IDA", &approved, &s.err));
	assert_int_equal(s.err.kind, ERR_REFUSED);
	store_rollback(s.engine->store);
	assert_true(approve_same_person("Ida", "iDA"));
	assert_false(approve_same_person("Ida", "Ole"));
	scratch_drop(&s);
}

/* A copy is a world of its own. */
static void test_copy(void **state)
{
	struct plan_summary plan;
	struct engine *copy;
	struct scratch s;
	int64_t left;

	(void)state;
	scratch_make(&s, NULL);
	scratch_invoice(&s, "F1", "K1", "k1@kunde.example", 20717 - 10, 10000, MONDAY - 60);
	copy = engine_open(s.ctx, s.dir, (struct store_options){ .role = STORE_WRITE,
	    .copy = true }, &s.err);
	scratch_ok(&s, copy != NULL);
	assert_true(copy->scratch);
	assert_memory_not_equal(&copy->link_key, &s.engine->link_key, sizeof(copy->link_key));
	assert_memory_equal(&copy->assign_key, &s.engine->assign_key, sizeof(copy->assign_key));
	scratch_ok(&s, plan_run(copy, MONDAY, false, &plan, &s.err));
	assert_int_equal(plan.contacts, 1);
	scratch_ok(&s, run_planned_between(s.engine->store, 0, INSTANT_MAX, &left, &s.err));
	assert_int_equal(left, 0);
	scratch_ok(&s, run_planned_between(copy->store, 0, INSTANT_MAX, &left, &s.err));
	assert_int_equal(left, 1);
	engine_close(copy);
	scratch_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_each_change),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_ics),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_author),
		cmocka_unit_test(test_copy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
