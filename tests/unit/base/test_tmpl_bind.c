/* test_tmpl_bind.c - base/tmpl.h: templates bound to records, and the names
 * that a template uses.
 *
 * Each text is judged twice: by what is written here, and by rendering the
 * same data as JSON, which the vectors of test_tmpl.c have judged.
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

/* --- records ------------------------------------------------------------------------ */

struct part {
	struct view	what;
};

struct row {
	struct view		number, due;
	bool			late;
	struct tmpl_rows	parts;
};

struct creditor {
	struct view	name, phone;
};

struct mail {
	struct view		debtor, fee;
	bool			legal;
	struct creditor		creditor;
	struct tmpl_rows	rows, tags;
};

static const struct tmpl_field part_fields[] = {
	{ "what", TMPL_VIEW, offsetof(struct part, what), NULL },
};
static const struct tmpl_layout part_layout = { part_fields, 1, sizeof(struct part) };
static const struct tmpl_field tag_fields[] = {
	{ ".", TMPL_VIEW, 0, NULL },
};
static const struct tmpl_layout tag_layout = { tag_fields, 1, sizeof(struct view) };
static const struct tmpl_field row_fields[] = {
	{ "number", TMPL_VIEW, offsetof(struct row, number), NULL },
	{ "due", TMPL_VIEW, offsetof(struct row, due), NULL },
	{ "late", TMPL_BOOL, offsetof(struct row, late), NULL },
	{ "parts", TMPL_LIST, offsetof(struct row, parts), &part_layout },
};
static const struct tmpl_layout row_layout = { row_fields, COUNT(row_fields), sizeof(struct row) };
static const struct tmpl_field creditor_fields[] = {
	{ "name", TMPL_VIEW, offsetof(struct creditor, name), NULL },
	{ "phone", TMPL_VIEW, offsetof(struct creditor, phone), NULL },
};
static const struct tmpl_layout creditor_layout = {
	creditor_fields, COUNT(creditor_fields), sizeof(struct creditor) };
static const struct tmpl_field mail_fields[] = {
	{ "debtor", TMPL_VIEW, offsetof(struct mail, debtor), NULL },
	{ "fee", TMPL_VIEW, offsetof(struct mail, fee), NULL },
	{ "legal", TMPL_BOOL, offsetof(struct mail, legal), NULL },
	{ "creditor", TMPL_RECORD, offsetof(struct mail, creditor), &creditor_layout },
	{ "rows", TMPL_LIST, offsetof(struct mail, rows), &row_layout },
	{ "tags", TMPL_LIST, offsetof(struct mail, tags), &tag_layout },
};
static const struct tmpl_layout mail_layout = {
	mail_fields, COUNT(mail_fields), sizeof(struct mail) };

#define VIEW(text) { (text), sizeof(text) - 1 }

static const struct part parts[] = { { VIEW("heat") }, { VIEW("water & waste") } };
static const struct row rows[] = {
	{ VIEW("17"), VIEW("1 May"), true, { parts, 2 } },
	{ VIEW("18"), VIEW(""), false, { NULL, 0 } },
	{ VIEW("19<"), VIEW("3 May"), true, { parts, 1 } },
};
static const struct view tags[] = { VIEW("a"), VIEW("b") };
static const struct mail full = {
	.debtor = VIEW("O'Brien & \"Son\""),
	.fee = VIEW("100 kr."),
	.legal = true,
	.creditor = { VIEW("Nordlys <Varme>"), VIEW("70123456") },
	.rows = { rows, 3 },
	.tags = { tags, 2 },
};
static const struct mail bare = {
	.debtor = VIEW("Ada"),
	.creditor = { VIEW("Nordlys"), { NULL, 0 } },
};

/* The same, for the renderer that the vectors have judged. */
static const char full_json[] =
"{\"debtor\": \"O'Brien & \\\"Son\\\"\", \"fee\": \"100 kr.\", \"legal\": true,"
" \"creditor\": {\"name\": \"Nordlys <Varme>\", \"phone\": \"70123456\"},"
" \"rows\": [{\"number\": \"17\", \"due\": \"1 May\", \"late\": true,"
"   \"parts\": [{\"what\": \"heat\"}, {\"what\": \"water & waste\"}]},"
"  {\"number\": \"18\", \"due\": \"\", \"late\": false, \"parts\": []},"
"  {\"number\": \"19<\", \"due\": \"3 May\", \"late\": true, \"parts\": [{\"what\": \"heat\"}]}],"
" \"tags\": [\"a\", \"b\"]}";
static const char bare_json[] =
"{\"debtor\": \"Ada\", \"fee\": \"\", \"legal\": false, \"creditor\": {\"name\": \"Nordlys\","
" \"phone\": \"\"}, \"rows\": [], \"tags\": []}";
static const char shelf_json[] =
"{\"row\": \"{{number}}: {{due}}\\n\", \"layout\": \"<{{$title}}-{{/title}}>\\n  {{$body}}\\n"
"  {{/body}}\\n</>\\n\", \"loop\": \"{{>loop}}\", \"bad\": \"a\\n{{duee}}\"}";

static const struct {
	const char *text, *full, *bare;
} bound_cases[] = {
	{ "plain", "plain", "plain" },
	{ "", "", "" },
	{ "Dear {{debtor}},", "Dear O'Brien &amp; &quot;Son&quot;,", "Dear Ada," },
	{ "{{{debtor}}}{{&debtor}}", "O'Brien & \"Son\"O'Brien & \"Son\"", "AdaAda" },
	{ "{{#fee}}fee {{.}} {{fee}}{{/fee}}{{^fee}}none{{/fee}}", "fee 100 kr. 100 kr.", "none" },
	{ "{{#legal}}A{{/legal}}{{^legal}}B{{/legal}}.", "A.", "B." },
	{ "{{creditor.name}}", "Nordlys &lt;Varme&gt;", "Nordlys" },
	{ "{{#creditor}}{{name}} {{phone}} {{debtor}}{{/creditor}}",
	  "Nordlys &lt;Varme&gt; 70123456 O'Brien &amp; &quot;Son&quot;", "Nordlys  Ada" },
	{ "{{#creditor.phone}}t {{.}}{{/creditor.phone}}", "t 70123456", "" },
	{ "{{#rows}}{{number}},{{/rows}}", "17,18,19&lt;,", "" },
	{ "{{^rows}}nothing{{/rows}}{{#rows}}x{{/rows}}", "xxx", "nothing" },
	{ "a\n{{#rows}}\n{{number}}{{#due}} due {{.}}{{/due}}{{^due}} -{{/due}}\n{{/rows}}\nb\n",
	  "a\n17 due 1 May\n18 -\n19&lt; due 3 May\nb\n", "a\nb\n" },
	{ "{{#rows}}{{#late}}{{number}} {{/late}}{{/rows}}", "17 19&lt; ", "" },
	{ "{{#rows}}{{number}}({{#parts}}{{what}} {{number}};{{/parts}}){{/rows}}",
	  "17(heat 17;water &amp; waste 17;)18()19&lt;(heat 19&lt;;)", "" },
	{ "{{#rows}}{{#parts}}{{#tags}}{{.}}{{what}}{{number}} {{/tags}}{{/parts}}{{/rows}}",
	  "aheat17 bheat17 awater &amp; waste17 bwater &amp; waste17 aheat19&lt; bheat19&lt; ", "" },
	{ "{{#rows}}{{^late}}{{#tags}}{{number}}{{.}}{{/tags}}{{/late}}{{/rows}}", "18a18b", "" },
	{ "{{#tags}}{{^fee}}{{.}}{{/fee}}{{#legal}}+{{/legal}}{{/tags}}", "++", "" },
	{ "{{#tags}}{{^creditor.phone}}{{.}}{{/creditor.phone}}{{#creditor}}{{name}}{{/creditor}}"
	  "{{/tags}}", "Nordlys &lt;Varme&gt;Nordlys &lt;Varme&gt;", "" },
	{ "{{#creditor}}{{^fee}}{{name}}{{/fee}}{{^rows}}{{phone}}{{debtor}}{{/rows}}{{/creditor}}",
	  "", "NordlysAda" },
	{ "{{#rows}}\n  {{>row}}\n{{/rows}}", "  17: 1 May\n  18: \n  19&lt;: 3 May\n", "" },
	{ "{{<layout}}{{$title}}{{debtor}}{{/title}}{{$body}}\n{{#rows}}\n- {{number}}\n{{/rows}}\n"
	  "{{/body}}{{/layout}}\n",
	  "<O'Brien &amp; &quot;Son&quot;>\n  - 17\n  - 18\n  - 19&lt;\n</>\n", "<Ada>\n</>\n" },
};

struct stage {
	void		*ctx;
	json_t		*texts;
	struct shelf	 shelf;
	struct tmpl_partials partials;
	struct err	 err;
};

static void stage_init(struct stage *s, enum tmpl_kind kind)
{
	*s = (struct stage){ .ctx = talloc_new(NULL), .texts = json_loads(shelf_json, 0, NULL) };
	assert_non_null(s->texts);
	s->shelf = (struct shelf){ .ctx = s->ctx, .texts = s->texts, .tmpls = json_object(),
	    .kind = kind };
	s->partials = (struct tmpl_partials){ shelf_find, &s->shelf };
}

static void stage_release(struct stage *s)
{
	json_decref(s->shelf.tmpls);
	json_decref(s->texts);
	talloc_free(s->ctx);
}

static struct tmpl *stage_compile(struct stage *s, const char *text)
{
	struct tmpl *t = tmpl_compile(s->ctx, &(struct tmpl_text){ .name = "t", .raw = true,
	    .text = view_of(text) }, &s->err);

	assert_non_null(t);
	return t;
}

static void test_bound(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bound_cases); i++) {
		struct stage s;
		struct tmpl *t;
		struct tmpl_bound *b;
		struct str out;

		stage_init(&s, TMPL_HTML);
		t = stage_compile(&s, bound_cases[i].text);
		b = tmpl_bind(s.ctx, t, &mail_layout, &s.partials, &s.err);
		assert_string_equal(s.err.text, "");
		assert_non_null(b);
		talloc_free(t);		/* no longer needed */
		str_init(&out, s.ctx, OUT_BYTES_MAX);
		assert_true(tmpl_bound_render(b, &full, &out, &s.err));
		assert_string_equal(out.at, bound_cases[i].full);
		assert_int_equal(out.len, strlen(bound_cases[i].full));
		assert_true(tmpl_bound_render(b, &bare, &out, &s.err));	/* appends */
		assert_string_equal(out.at + strlen(bound_cases[i].full), bound_cases[i].bare);
		stage_release(&s);
	}
}

/* Both ways of rendering must agree on everything that both can do. */
static void test_bound_as_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(bound_cases); i++) {
		const bool is_full = i % 2 == 0;
		json_t *data = json_loads(is_full ? full_json : bare_json, 0, NULL);
		struct stage s;
		struct str out;

		assert_non_null(data);
		stage_init(&s, TMPL_HTML);
		str_init(&out, s.ctx, OUT_BYTES_MAX);
		assert_true(tmpl_render_json(stage_compile(&s, bound_cases[i / 2].text), data,
		    &s.partials, &out, &s.err));
		assert_string_equal(out.at,
		    is_full ? bound_cases[i / 2].full : bound_cases[i / 2].bare);
		json_decref(data);
		stage_release(&s);
	}
}

static void test_bind_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{{debtr}}", "t:1:1: there is no 'debtr' here; did you mean 'debtor'?" },
		{ "x\n {{#rows}}{{numbre}}{{/rows}}",
		  "t:2:11: there is no 'numbre' here; did you mean 'number'?" },
		{ "{{^ledal}}{{/ledal}}", "t:1:1: there is no 'ledal' here; did you mean 'legal'?" },
		{ "{{creditor.nam}}", "t:1:1: there is no 'creditor.nam' here; did you mean 'name'?" },
		{ "{{creditor.debtor}}", "t:1:1: there is no 'creditor.debtor' here" },
		{ "{{number}}", "t:1:1: there is no 'number' here" },
		{ "{{#rows}}{{what}}{{/rows}}", "t:1:10: there is no 'what' here" },
		{ "{{iban_of_the_creditor}}", "t:1:1: there is no 'iban_of_the_creditor' here" },
		{ "{{debtor.name}}", "t:1:1: there is no 'debtor.name': what stands before '.name' "
		  "has no members" },
		{ "{{rows.number}}", "t:1:1: there is no 'rows.number': what stands before "
		  "'.number' has no members" },
		{ "{{rows}}", "t:1:1: 'rows' is not a text; write {{#rows}} ... {{/rows}}" },
		{ "{{legal}}", "t:1:1: 'legal' is not a text; write {{#legal}} ... {{/legal}}" },
		{ "{{.}}", "t:1:1: '.' is no text here; write the name of a member" },
		{ "{{#rows}}{{.}}{{/rows}}", "t:1:10: '.' is no text here; write the name of a member" },
		{ "{{#legal}}{{.}}{{/legal}}",
		  "t:1:11: '.' is no text here; write the name of a member" },
		{ "{{^creditor}}x{{/creditor}}",
		  "t:1:1: 'creditor' is always there, so this never shows; take it away" },
		{ "{{>gone}}", "t:1:1: there is no partial 'gone'" },
		{ "{{<gone}}{{/gone}}", "t:1:1: there is no partial 'gone'" },
		{ "{{>*debtor}}", "t:1:1: which partial '*debtor' is must be known when the "
		  "template is loaded; write its name" },
		{ "{{>loop}}", "loop:1:1: partial 'loop' uses itself; write a section over a list" },
		{ "\n{{>bad}}", "bad:2:1: there is no 'duee' here" },
		{ "{{#rows}}{{>bad}}{{/rows}}",
		  "bad:2:1: there is no 'duee' here; did you mean 'due'?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct stage s;

		stage_init(&s, TMPL_HTML);
		assert_null(tmpl_bind(s.ctx, stage_compile(&s, cases[i].text), &mail_layout,
		    &s.partials, &s.err));
		assert_string_equal(s.err.text, cases[i].says);
		assert_int_equal(s.err.kind, ERR_INPUT);
		stage_release(&s);
	}
}

static void test_kinds_do_not_mix(void **state)
{
	struct stage s;

	(void)state;
	stage_init(&s, TMPL_TEXT);
	assert_null(tmpl_bind(s.ctx, stage_compile(&s, "{{>row}}"), &mail_layout, &s.partials,
	    &s.err));
	assert_string_equal(s.err.text, "t:1:1: partial 'row' is escaped for another kind of text");
	stage_release(&s);
}

static void test_bound_is_full(void **state)
{
	static const struct {
		size_t bytes_max;
		bool fits;
	} cases[] = { { 35, true }, { 34, true }, { 33, false }, { 20, false }, { 0, false } };
	const size_t whole = strlen("[17 1 May][18 ][19&lt; 3 May]abxyz");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct stage s;
		struct tmpl_bound *b;
		struct str out;

		stage_init(&s, TMPL_HTML);
		b = tmpl_bind(s.ctx, stage_compile(&s, "{{#rows}}[{{number}} {{&due}}]{{/rows}}"
		    "{{#tags}}{{.}}{{/tags}}xyz"), &mail_layout, &s.partials, &s.err);
		str_init(&out, s.ctx, cases[i].bytes_max);
		assert_int_equal(tmpl_bound_render(b, &full, &out, &s.err), cases[i].fits);
		assert_int_equal(out.len, cases[i].fits ? whole : cases[i].bytes_max);
		assert_int_equal(out.at[out.len], '\0');
		stage_release(&s);
	}
}

/* Whatever the limit, what is there is the beginning of the whole, and not a
 * byte lies behind it. */
static void test_bound_is_cut(void **state)
{
	static const struct mail ugly = { .debtor = VIEW("&&<<>>\"\"&&&&&&&&aaaaaaaaaaaaa&&&&&") };
	struct stage s;
	struct tmpl_bound *b;
	struct str whole, out;

	(void)state;
	stage_init(&s, TMPL_HTML);
	b = tmpl_bind(s.ctx, stage_compile(&s, "{{debtor}}-{{debtor}}{{&debtor}}-{{debtor}}!"),
	    &mail_layout, NULL, &s.err);
	str_init(&whole, s.ctx, OUT_BYTES_MAX);
	assert_true(tmpl_bound_render(b, &ugly, &whole, &s.err));
	for (size_t limit = 0; limit <= whole.len; limit++) {
		str_init(&out, s.ctx, limit);
		for (int turn = 0; turn < 2; turn++) {	/* room to grow, room that is there */
			err_clear(&s.err);
			str_clear(&out);
			assert_int_equal(tmpl_bound_render(b, &ugly, &out, &s.err),
			    limit == whole.len);
			assert_int_equal(out.len, limit);
			assert_int_equal(strlen(out.at), limit);
			assert_memory_equal(out.at, whole.at, limit);
			assert_true(out.room <= limit + 1);
		}
		str_release(&out);
	}
	stage_release(&s);
}

/* After the first render the output has its room, and nothing else is asked for. */
static void test_no_allocation(void **state)
{
	struct stage s;
	struct tmpl_bound *b;
	struct str out;
	const char *at;
	size_t blocks, bytes;

	(void)state;
	stage_init(&s, TMPL_HTML);
	b = tmpl_bind(s.ctx, stage_compile(&s, "{{#rows}}{{number}} {{#parts}}{{what}} {{debtor}}{{/parts}}{{/rows}}"), &mail_layout, &s.partials,
	    &s.err);
	str_init(&out, s.ctx, OUT_BYTES_MAX);
	assert_true(tmpl_bound_render(b, &full, &out, &s.err));
	at = out.at;
	blocks = talloc_total_blocks(s.ctx);
	bytes = talloc_total_size(s.ctx);
	for (int i = 0; i < 1000; i++) {
		str_clear(&out);
		assert_true(tmpl_bound_render(b, &full, &out, &s.err));
	}
	assert_ptr_equal(out.at, at);
	assert_int_equal(talloc_total_blocks(s.ctx), blocks);
	assert_int_equal(talloc_total_size(s.ctx), bytes);
	stage_release(&s);
}

/* --- names -------------------------------------------------------------------------- */

static bool name_note(void *arg, const struct tmpl_name_used *used)
{
	static const char *const marks[] = { "", "&", "#", "^", ">", "<", "$", "*" };
	struct str *out = arg;

	str_printf(out, "%s%.*s(%.*s)%s:%d:%d\n", marks[used->use], (int)used->name.len,
	    used->name.at, (int)used->path.len, used->path.at, used->template, used->line,
	    used->column);
	return !view_is(used->name, "stop");
}

static void test_names(void **state)
{
	static const struct {
		const char *text, *names;
		bool with_partials, ended;
	} cases[] = {
		{ "none", "", true, false },
		{ "{{a}}\n{{{b.c}}}{{&.}}", "a()t:1:1\n&b.c()t:2:1\n&.()t:2:10\n", true, false },
		{ "{{#a}}{{^b}}{{c}}{{/b}}{{d}}{{/a}}{{e}}",
		  "#a()t:1:1\n^b(a)t:1:7\nc(a/^b)t:1:13\nd(a)t:1:24\ne()t:1:35\n", true, false },
		{ "{{#rows}}{{>row}}{{/rows}}",
		  "#rows()t:1:1\n>row(rows)t:1:10\nnumber(rows)row:1:1\ndue(rows)row:1:13\n",
		  true, false },
		{ "{{#rows}}{{>row}}{{/rows}}", "#rows()t:1:1\n>row(rows)t:1:10\n", false, false },
		{ "{{<layout}}{{$title}}{{x}}{{/title}}{{/layout}}",
		  "<layout()t:1:1\n$title()layout:1:2\nx()t:1:22\n$body()layout:2:3\n", true, false },
		{ "{{>*k}}{{>gone}}", "*k()t:1:1\n>gone()t:1:8\n", true, false },
		{ "{{>loop}}", ">loop()t:1:1\n>loop()loop:1:1\n", true, false },
		{ "{{a}}{{stop}}{{b}}", "a()t:1:1\nstop()t:1:6\n", true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct stage s;
		struct str out;

		stage_init(&s, TMPL_HTML);
		str_init(&out, s.ctx, OUT_BYTES_MAX);
		assert_int_equal(tmpl_names(stage_compile(&s, cases[i].text),
		    cases[i].with_partials ? &s.partials : NULL, name_note, &out, &s.err),
		    !cases[i].ended);
		assert_string_equal(out.at, cases[i].names);
		assert_false(err_is_set(&s.err));
		stage_release(&s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_bound_as_json),
		cmocka_unit_test(test_bind_refused),
		cmocka_unit_test(test_kinds_do_not_mix),
		cmocka_unit_test(test_bound_is_full),
		cmocka_unit_test(test_bound_is_cut),
		cmocka_unit_test(test_no_allocation),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
