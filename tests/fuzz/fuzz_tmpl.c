/* fuzz_tmpl.c - any bytes as a template: compiled, listed, rendered with JSON
 * and bound to a record.
 *
 * The text is its own partial "p", so that recursion, indentation and
 * inheritance are reached.  Where the template binds, both ways of rendering
 * must give the same text: the record and the JSON value hold the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/tmpl.h"

#define OUT_BYTES_MAX 65536
#define PARTIALS_MAX 64		/* enough to meet every path, and still quick */

struct row {
	struct view	a, b;
};

struct record {
	struct view		a, x;
	bool			t, f;
	struct tmpl_rows	l, e;
};

static const struct tmpl_field row_fields[] = {
	{ "a", TMPL_VIEW, offsetof(struct row, a), NULL },
	{ "b", TMPL_VIEW, offsetof(struct row, b), NULL },
};
static const struct tmpl_layout row_layout = { row_fields, 2, sizeof(struct row) };
static const struct tmpl_field fields[] = {
	{ "a", TMPL_VIEW, offsetof(struct record, a), NULL },
	{ "x", TMPL_VIEW, offsetof(struct record, x), NULL },
	{ "t", TMPL_BOOL, offsetof(struct record, t), NULL },
	{ "f", TMPL_BOOL, offsetof(struct record, f), NULL },
	{ "l", TMPL_LIST, offsetof(struct record, l), &row_layout },
	{ "e", TMPL_LIST, offsetof(struct record, e), &row_layout },
};
static const struct tmpl_layout layout = { fields, 6, sizeof(struct record) };

static const struct row rows[] = {
	{ { "<1>\n", 4 }, { "", 0 } },
	{ { "2", 1 }, { "&", 1 } },
};
static const struct record record = {
	.a = { "A & B", 5 }, .x = { "", 0 }, .t = true, .l = { rows, 2 },
};
static const char data_text[] =
"{\"a\": \"A & B\", \"x\": \"\", \"t\": true, \"f\": false,"
" \"l\": [{\"a\": \"<1>\\n\", \"b\": \"\"}, {\"a\": \"2\", \"b\": \"&\"}], \"e\": []}";

struct shelf {
	const struct tmpl	*self, *small;
	int			 left;
};

static const struct tmpl *find(void *arg, struct view name, struct err *err)
{
	struct shelf *s = arg;

	if (view_is(name, "q"))
		return s->small;
	if (!view_is(name, "p"))
		return NULL;
	if (s->left-- == 0)
		err_set(err, ERR_INPUT, "enough");
	return s->self;
}

static bool each(void *arg, const struct tmpl_name_used *used)
{
	(void)used;
	return --*(int *)arg > 0;
}

static const struct tmpl *compile(void *ctx, struct view text)
{
	return tmpl_compile(ctx, &(struct tmpl_text){ .name = "t", .text = text, .raw = true },
	    NULL);
}

static void both(void *ctx, const struct tmpl *t, struct shelf *shelf, const json_t *data)
{
	const struct tmpl_partials partials = { find, shelf };
	struct err json_err = { 0 }, bind_err = { 0 };
	struct tmpl_bound *b;
	struct str one, two;

	str_init(&one, ctx, OUT_BYTES_MAX);
	str_init(&two, ctx, OUT_BYTES_MAX);
	shelf->left = PARTIALS_MAX;
	(void)tmpl_render_json(t, data, &partials, &one, &json_err);
	shelf->left = PARTIALS_MAX;
	b = tmpl_bind(ctx, t, &layout, &partials, &bind_err);
	if (b == NULL)
		return;
	(void)tmpl_bound_render(b, &record, &two, &bind_err);
	if (!err_is_set(&json_err) && !err_is_set(&bind_err))
		must(one.len == two.len && memcmp(one.at, two.at, one.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static json_t *data;
	void *ctx = talloc_new(NULL);
	const struct view text = { .at = (const char *)bytes, .len = len };
	struct shelf shelf = { .left = PARTIALS_MAX };
	const struct tmpl_partials partials = { find, &shelf };
	int names = 1000;

	if (data == NULL)
		data = json_loads(data_text, 0, NULL);
	must(data != NULL);
	shelf.self = compile(ctx, text);
	shelf.small = compile(ctx, view_of("<\n  {{$b}}\n  d\n  {{/b}}\n>{{$c}}{{/c}}\n"));
	if (shelf.self != NULL) {
		(void)tmpl_names(shelf.self, &partials, each, &names, NULL);
		both(ctx, shelf.self, &shelf, data);
	}
	talloc_free(ctx);
	return 0;
}
