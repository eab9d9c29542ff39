/* test_tmpl.c - base/tmpl.h: what templates print, and what they refuse.
 *
 * What Mustache says is in tests/vectors/mustache/ (one file per part, written
 * from the rules of the specification); here is what is purr's own: errors,
 * limits, kinds of escaping.  Records and names: test_tmpl_bind.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/tmpl.h"
#include "shelf.h"

/* --- the vectors ------------------------------------------------------------------ */

static bool case_holds(const json_t *c)
{
	void *ctx = talloc_new(NULL);
	struct shelf shelf = { .ctx = ctx, .texts = json_object_get(c, "partials"),
	    .tmpls = json_object(), .kind = TMPL_HTML };
	const struct tmpl_partials partials = { shelf_find, &shelf };
	const json_t *wanted = json_object_get(c, "expected");
	struct err err = { 0 };
	struct tmpl *t;
	struct str out;
	bool ok;

	str_init(&out, ctx, OUT_BYTES_MAX);
	t = tmpl_compile(ctx, &(struct tmpl_text){ .name = "t", .raw = true,
	    .text = view_of(json_string_value(json_object_get(c, "template"))) }, &err);
	ok = t != NULL && tmpl_render_json(t, json_object_get(c, "data"), &partials, &out, &err) &&
	    out.len == json_string_length(wanted) &&
	    memcmp(out.at, json_string_value(wanted), out.len) == 0;
	if (!ok)
		print_message("# %s\n# got:    [%s] %s\n# wanted: [%s]\n",
		    json_string_value(json_object_get(c, "says")), out.at, err.text,
		    json_string_value(wanted));
	json_decref(shelf.tmpls);
	talloc_free(ctx);
	return ok;
}

static void vectors_hold(const char *name, size_t least)
{
	char path[128];
	json_error_t at;
	json_t *file;
	size_t i, wrong = 0;
	const json_t *c;

	(void)snprintf(path, sizeof(path), "tests/vectors/mustache/%s.json", name);
	file = json_load_file(path, JSON_REJECT_DUPLICATES, &at);
	assert_non_null(file);
	assert_true(json_array_size(json_object_get(file, "cases")) >= least);
	json_array_foreach(json_object_get(file, "cases"), i, c)
		if (!case_holds(c))
			wrong++;
	json_decref(file);
	assert_int_equal(wrong, 0);
}

static void test_values(void **state) { (void)state; vectors_hold("values", 20); }
static void test_comments(void **state) { (void)state; vectors_hold("comments", 10); }
static void test_sections(void **state) { (void)state; vectors_hold("sections", 30); }
static void test_inverted(void **state) { (void)state; vectors_hold("inverted", 15); }
static void test_delimiters(void **state) { (void)state; vectors_hold("delimiters", 10); }
static void test_partials(void **state) { (void)state; vectors_hold("partials", 20); }
static void test_inheritance(void **state) { (void)state; vectors_hold("inheritance", 30); }
static void test_dynamic(void **state) { (void)state; vectors_hold("dynamic", 12); }

/* --- what is not a template ------------------------------------------------------- */

static void test_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "a\n {{x", "mail:8:2: the tag is not closed; write }} behind it" },
		{ "{{{x}}", "mail:7:1: the tag is not closed; write }}} behind it" },
		{ "{{=< >", "mail:7:1: the tag is not closed; write =}} behind it" },
		{ "{{! x", "mail:7:1: the tag is not closed; write }} behind it" },
		{ "{{}}", "mail:7:1: the tag has no name; write {{name}}" },
		{ "{{# }}", "mail:7:1: the tag has no name; write {{name}}" },
		{ "{{a b}}", "mail:7:1: 'a b' is not a name; write it without white space" },
		{ "{{>a b}}", "mail:7:1: 'a b' is not a name; write it without white space" },
		{ "{{a..b}}", "mail:7:1: 'a..b' is not a name; write names with single dots "
		  "between, as in a.b" },
		{ "{{.a}}", "mail:7:1: '.a' is not a name; write names with single dots between, "
		  "as in a.b" },
		{ "{{#a}}\nx", "mail:7:1: 'a' is not closed; write {{/a}}" },
		{ "{{=< >=}}<#a>", "mail:7:10: 'a' is not closed; write </a>" },
		{ "{{<*a}}", "mail:7:1: 'a' is not closed; write {{/*a}}" },
		{ "x{{/a}}", "mail:7:2: {{/a}} closes nothing; take it away or open it before" },
		{ "{{#a}}\n{{#b}}\n{{/a}}", "mail:9:1: 'a' is closed where 'b' of line 8 is open; "
		  "write {{/b}} first" },
		{ "{{#a}}{{/ab}}", "mail:7:7: 'ab' is closed where 'a' of line 7 is open; write "
		  "{{/a}} first" },
		{ "{{=x=}}", "mail:7:1: a change of delimiters names two of at most 16 bytes, "
		  "without '='; write {{=<% %>=}}" },
		{ "{{=a b c=}}", "mail:7:1: a change of delimiters names two of at most 16 bytes, "
		  "without '='; write {{=<% %>=}}" },
		{ "{{{x}}}", "mail:7:1: unescaped output is not allowed in this template; write "
		  "{{x}}" },
		{ "{{&x}}", "mail:7:1: unescaped output is not allowed in this template; write "
		  "{{x}}" },
		{ "\xff", "mail: is not UTF-8; save it as UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = { 0 };

		assert_null(tmpl_compile(NULL, &(struct tmpl_text){ .name = "mail",
		    .first_line = 7, .text = view_of(cases[i].text) }, &err));
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.text, cases[i].says);
	}
}

static void test_nesting(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct str text;
	int depth = TMPL_NESTING_MAX;

	(void)state;
	str_init(&text, ctx, OUT_BYTES_MAX);
	for (int turn = 0; turn < 2; turn++, depth++) {
		str_clear(&text);
		for (int i = 0; i < depth; i++)
			str_put(&text, "{{#a}}");
		for (int i = 0; i < depth; i++)
			str_put(&text, "{{/a}}");
		assert_int_equal(tmpl_compile(ctx, &(struct tmpl_text){ .name = "deep",
		    .text = { text.at, text.len } }, &err) != NULL, turn == 0);
	}
	assert_string_equal(err.text, "deep:1:385: more than 64 tags are open");
	talloc_free(ctx);
}

/* --- what ends a rendering --------------------------------------------------------- */

static const char *render_error(const char *text, const char *data, const char *texts,
    size_t bytes_max, struct err *err)
{
	void *ctx = talloc_new(NULL);
	json_t *values = json_loads(data, 0, NULL), *partial_texts = json_loads(texts, 0, NULL);
	struct shelf shelf = { .ctx = ctx, .texts = partial_texts, .tmpls = json_object(),
	    .kind = TMPL_HTML };
	const struct tmpl_partials partials = { shelf_find, &shelf };
	struct tmpl *t = tmpl_compile(ctx, &(struct tmpl_text){ .name = "t",
	    .text = view_of(text) }, err);
	struct str out;
	bool ok;

	assert_non_null(t);
	assert_non_null(values);
	assert_non_null(partial_texts);
	str_init(&out, ctx, bytes_max);
	ok = tmpl_render_json(t, values, &partials, &out, err);
	assert_int_equal(ok, !err_is_set(err));
	json_decref(values);
	json_decref(partial_texts);
	json_decref(shelf.tmpls);
	talloc_free(ctx);
	return err->text;
}

static void test_limits(void **state)
{
	static const struct {
		const char *text, *data, *partials;
		size_t bytes_max;
		const char *says;
	} cases[] = {
		{ "{{>p}}", "{}", "{\"p\": \"x{{>p}}\"}", 1000,
		  "p:1:2: partial 'p' lies more than 128 partials deep; does it end?" },
		{ "{{>*x}}", "{\"x\": \"p\"}", "{\"p\": \"\\n{{>*x}}\"}", 1000,
		  "p:2:1: partial 'p' lies more than 128 partials deep; does it end?" },
		{ "\n {{>p}}", "{}", "{\"p\": \"{{/p}}\"}", 1000,
		  "p:1:1: {{/p}} closes nothing; take it away or open it before" },
		{ "{{a}}{{a}}", "{\"a\": \"12345\"}", "{}", 10, "" },
		{ "{{a}}{{a}}", "{\"a\": \"12345\"}", "{}", 9,
		  "t:1:6: the text grows beyond 9 bytes" },
		{ "{{a}}", "{\"a\": \"<\"}", "{}", 3, "t:1:1: the text grows beyond 3 bytes" },
		{ "12345", "{}", "{}", 4, "t: the text grows beyond 4 bytes" },
		{ "{{>a}}", "{\"l\": [1,1,1,1,1,1,1,1,1,1]}",
		  "{\"a\": \"{{#l}}{{>b}}{{/l}}\", \"b\": \"{{#l}}{{>c}}{{/l}}\","
		  " \"c\": \"{{#l}}{{>d}}{{/l}}\", \"d\": \"{{#l}}{{>e}}{{/l}}\","
		  " \"e\": \"{{#l}}{{>f}}{{/l}}\", \"f\": \"{{#l}}{{>g}}{{/l}}\","
		  " \"g\": \"{{#l}}{{>h}}{{/l}}\", \"h\": \"{{#l}}{{x}}{{/l}}\"}",
		  1000, "h:1:7: more than 10000000 steps; do its partials end?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = { 0 };

		assert_string_equal(render_error(cases[i].text, cases[i].data, cases[i].partials,
		    cases[i].bytes_max, &err), cases[i].says);
		assert_int_equal(err.kind, cases[i].says[0] != '\0' ? ERR_INPUT : ERR_NONE);
	}
}

/* --- kinds -------------------------------------------------------------------------- */

static void test_kinds(void **state)
{
	static const struct {
		enum tmpl_kind kind;
		const char *wanted;
	} cases[] = {
		{ TMPL_HTML, "[&lt;a&gt; &amp; &quot;b&quot;, ;\\\r\n\tc']" },
		{ TMPL_TEXT, "[<a> & \"b\", ;\\\r\n\tc']" },
		{ TMPL_SMS, "[<a> & \"b\", ;\\\r\n\tc']" },
		{ TMPL_LINE, "[<a> & \"b\", ;\\   c']" },
		{ TMPL_ICS, "[<a> & \"b\"\\, \\;\\\\\\n\tc']" },
	};
	json_t *data = json_pack("{s:s}", "x", "<a> & \"b\", ;\\\r\n\tc'");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };
		struct str out;
		const struct tmpl *t = tmpl_compile(ctx, &(struct tmpl_text){ .name = "t",
		    .kind = cases[i].kind, .text = view_of("[{{x}}]") }, &err);

		str_init(&out, ctx, OUT_BYTES_MAX);
		assert_int_equal(tmpl_kind(t), cases[i].kind);
		assert_true(tmpl_render_json(t, data, NULL, &out, &err));
		assert_string_equal(out.at, cases[i].wanted);
		talloc_free(ctx);
	}
	json_decref(data);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_inverted),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_partials),
		cmocka_unit_test(test_inheritance),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_kinds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
