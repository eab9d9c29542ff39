/* Strict reading of a person's JSON: what is asked for, what is refused, and
 * that each refusal names the line, the pointer and what to write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/json.h"

static const char good[] =
    "{\n"
    "  \"name\": \"dk\",\n"
    "  \"count\": 3,\n"
    "  \"on\": true,\n"
    "  \"inner\": { \"text\": \"a\\\"b, {c]\" },\n"
    "  \"list\": [ { \"n\": 1 },\n"
    "            { \"n\": \"two\" } ],\n"
    "  \"$schema\": \"x\",\n"
    "  \"_remark\": [1, 2]\n"
    "}\n";

static void test_reads(void **state)
{
	struct err err = { 0 };
	struct json_doc doc;
	struct json_at root, inner, list, item;

	(void)state;
	assert_true(json_doc_parse(&doc, "x.json", good, strlen(good), &err));
	root = json_doc_root(&doc);
	assert_string_equal(json_want_string(&root, "name"), "dk");
	assert_int_equal(json_want_int(&root, "count", 1, 3), 3);
	assert_true(json_may_bool(&root, "on", false));
	inner = json_want_object(&root, "inner");
	assert_string_equal(json_want_string(&inner, "text"), "a\"b, {c]");
	list = json_want_array(&root, "list");
	assert_int_equal(json_length(&list), 2);
	item = json_item(&list, 0);
	assert_int_equal(json_want_int(&item, "n", 0, 9), 1);
	assert_string_equal(item.pointer, "/list/0");
	assert_string_equal(json_may_string(&root, "other", "fallback"), "fallback");
	assert_int_equal(json_may_int(&root, "other", 0, 9, 7), 7);
	assert_false(json_may_bool(&root, "other", false));
	assert_null(json_may_object(&root, "other").value);
	assert_null(json_may_array(&root, "other").value);
	json_close(&item);
	json_close(&inner);
	json_close(&root);
	assert_string_equal(err.text, "");
	json_doc_release(&doc);
}

/* The second item's "n" is a text: the error must find its line. */
static void test_line_of_a_value(void **state)
{
	struct err err = { 0 };
	struct json_doc doc;
	struct json_at root, list, item;

	(void)state;
	assert_true(json_doc_parse(&doc, "x.json", good, strlen(good), &err));
	root = json_doc_root(&doc);
	list = json_want_array(&root, "list");
	item = json_item(&list, 1);
	assert_int_equal(json_want_int(&item, "n", 5, 9), 5);
	assert_string_equal(err.text,
	    "x.json:7: /list/1/n: is a text; give a whole number");
	json_fail(&root, "a later one");			/* the first wins */
	assert_non_null(strstr(err.text, "x.json:7"));
	json_doc_release(&doc);
}

enum what { WANT_STRING, WANT_INT, MAY_INT, MAY_BOOL, WANT_OBJECT, WANT_ARRAY, CLOSE };

static void ask(struct json_at *root, enum what what)
{
	switch (what) {
	case WANT_STRING:
		(void)json_want_string(root, "k");
		break;
	case WANT_INT:
		(void)json_want_int(root, "k", -5, 5);
		break;
	case MAY_INT:
		(void)json_may_int(root, "k", -5, 5, 0);
		break;
	case MAY_BOOL:
		(void)json_may_bool(root, "k", true);
		break;
	case WANT_OBJECT:
		(void)json_want_object(root, "k");
		break;
	case WANT_ARRAY:
		(void)json_want_array(root, "k");
		break;
	case CLOSE:
		break;
	}
	json_close(root);
}

static void test_refusals(void **state)
{
	static const struct { const char *text; enum what what; const char *wanted; } cases[] = {
		{ "{\"k\":\"a\"}", WANT_STRING, "" },
		{ "{}", WANT_STRING, "x:1: /k: missing: give a text in quotes" },
		{ "{\"k\":1}", WANT_STRING, "x:1: /k: is a whole number; give a text in quotes" },
		{ "{\"k\":null}", WANT_STRING, "x:1: /k: is null; give a text in quotes" },
		{ "{\"k\":5}", WANT_INT, "" },
		{ "{\"k\":-5}", WANT_INT, "" },
		{ "{\"k\":6}", WANT_INT, "x:1: /k: is 6; give a whole number from -5 to 5" },
		{ "{\"k\":-6}", MAY_INT, "x:1: /k: is -6; give a whole number from -5 to 5" },
		{ "{\"k\":1.0}", WANT_INT, "x:1: /k: is a number with decimals; give a whole number" },
		{ "{\"k\":1e2}", MAY_INT, "x:1: /k: is a number with decimals; give a whole number" },
		{ "{}", MAY_INT, "" },
		{ "{\"k\":1}", MAY_BOOL, "x:1: /k: is a whole number; give true or false" },
		{ "{\"k\":[]}", WANT_OBJECT, "x:1: /k: is an array; give an object" },
		{ "{\"k\":{}}", WANT_ARRAY, "x:1: /k: is an object; give an array" },
		{ "{\"k\":[]}", WANT_ARRAY, "" },
		{ "{\n\n\"kk\":1}", CLOSE,
		    "x:3: /kk: is not known here; remove it or mend its spelling" },
		{ "{\"$k\":1,\"_k\":2}", CLOSE, "" },
		{ "[]", CLOSE, "x:1: /: is an array; give an object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		struct json_doc doc;
		struct json_at root;

		assert_true(json_doc_parse(&doc, "x", cases[i].text, strlen(cases[i].text), &err));
		root = json_doc_root(&doc);
		ask(&root, cases[i].what);
		assert_string_equal(err.text, cases[i].wanted);
		assert_int_equal(err.kind, cases[i].wanted[0] != '\0' ? ERR_INPUT : ERR_NONE);
		json_doc_release(&doc);
	}
}

static void test_bad_texts(void **state)
{
	static const struct { const char *says, *text; size_t len; const char *wanted; } cases[] = {
		{ "a duplicate key", "{\"a\":1,\n\"a\":2}", 14, "x:2: duplicate object key" },
		{ "cut off", "{\"a\":", 5, "x:1: " },
		{ "more behind the end", "{} {}", 5, "x:1: " },
		{ "empty", "", 0, "x:1: " },
		{ "a bare word", "{\"a\": yes}", 10, "x:1: " },
		{ "a comment", "{} // c", 7, "x:1: " },
		{ "a NUL in a text", "{\"a\":\"\\u0000\"}", 14, "x:1: " },
		{ "not UTF-8", "{\"a\":\"\xff\"}", 9, "x:1: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		struct json_doc doc;

		if (json_doc_parse(&doc, "x", cases[i].text, cases[i].len, &err))
			fail_msg("%s: was taken", cases[i].says);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strncmp(err.text, cases[i].wanted, strlen(cases[i].wanted)) != 0)
			fail_msg("%s: %s", cases[i].says, err.text);
	}
}

static void test_limits(void **state)
{
	const size_t large = JSON_FILE_BYTES_MAX + 1, deep = 5000;
	char *text = calloc(1, large + 1);
	struct err err = { 0 };
	struct json_doc doc;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', large);
	assert_false(json_doc_parse(&doc, "x", text, large, &err));
	assert_non_null(strstr(err.text, "larger than"));
	err_clear(&err);
	memset(text, '[', deep);		/* no stack is used up */
	assert_false(json_doc_parse(&doc, "x", text, deep, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	free(text);
}

/* A pointer that is longer than its room is cut, never written past. */
static void test_long_keys(void **state)
{
	char text[1024];
	struct err err = { 0 };
	struct json_doc doc;
	struct json_at root;

	(void)state;
	(void)snprintf(text, sizeof(text), "{\"%0600d\": 1}", 0);
	assert_true(json_doc_parse(&doc, "x", text, strlen(text), &err));
	root = json_doc_root(&doc);
	json_close(&root);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "is not known here"));
	json_doc_release(&doc);
}

/* A file with too many members is the writer's mistake, not ours. */
static void test_many_members(void **state)
{
	static const int counts[] = { JSON_MEMBERS_MAX - 1, JSON_MEMBERS_MAX };
	char text[4096];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t used = (size_t)snprintf(text, sizeof(text), "{");
		struct err err = { 0 };
		struct json_doc doc;
		struct json_at root;

		for (int k = 0; k < counts[i]; k++)
			used += (size_t)snprintf(text + used, sizeof(text) - used,
			    "\"_%d\": 1, ", k);
		(void)snprintf(text + used, sizeof(text) - used, "\"k\": 5}");
		assert_true(json_doc_parse(&doc, "x", text, strlen(text), &err));
		root = json_doc_root(&doc);
		assert_int_equal(json_may_int(&root, "k", 0, 9, 0), i == 0 ? 5 : 0);
		assert_string_equal(err.text, i == 0 ? ""
		    : "x:1: /: has more than 64 members; remove some");
		json_doc_release(&doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_line_of_a_value),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_keys),
		cmocka_unit_test(test_many_members),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
