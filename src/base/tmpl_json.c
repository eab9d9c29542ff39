/* tmpl_json.c - a template against a JSON value, as the specification says. */
#include "base/tmpl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/must.h"
#include "base/tmpl_node.h"

#define NUMBER_BYTES 40

struct context {
	const json_t	*value;
	const json_t	*list;		/* whose item it is, or NULL */
	size_t		 index;
};

/* Sections open at one time are bounded by the walk's depth. */
struct json_source {
	struct str		*out;
	const struct escape	*escape;
	struct context		 stack[TMPL_WALK_DEPTH_MAX + 1];
	unsigned		 count;
};

/* --- what a name means --------------------------------------------------------- */

static const json_t *member(const json_t *value, struct view key)
{
	return json_is_object(value) ? json_object_getn(value, key.at, key.len) : NULL;
}

/* The first part is sought through the contexts, from the innermost; each
 * other part only in what came before it. */
static const json_t *name_value(const struct json_source *s, struct view name)
{
	const char *const end = name.at + name.len;
	const char *dot = memchr(name.at, '.', name.len);
	struct view part = { .at = name.at, .len = (size_t)((dot != NULL ? dot : end) - name.at) };
	const json_t *value = NULL;

	if (view_is(name, "."))
		return s->stack[s->count - 1].value;
	for (unsigned i = s->count; i > 0 && value == NULL; i--)
		value = member(s->stack[i - 1].value, part);
	while (value != NULL && part.at + part.len < end) {
		part.at += part.len + 1;
		dot = memchr(part.at, '.', (size_t)(end - part.at));
		part.len = (size_t)((dot != NULL ? dot : end) - part.at);
		value = member(value, part);
	}
	return value;
}

static bool is_true(const json_t *value)
{
	if (value == NULL)
		return false;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
	case JSON_TRUE:
		return true;
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_INTEGER:
		return json_integer_value(value) != 0;
	case JSON_REAL:
		return json_real_value(value) < 0 || json_real_value(value) > 0;
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
	return false;
}

/* A real with as many digits as it takes to be read back as the same. */
static struct view real_text(double value, char buffer[NUMBER_BYTES])
{
	double back;
	int n = 0;

	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(buffer, NUMBER_BYTES, "%.*g", digits, value);
		must(n > 0 && n < NUMBER_BYTES);
		back = strtod(buffer, NULL);
		if (!(back < value) && !(back > value))
			break;
	}
	for (int i = 0; i < n; i++)
		if (buffer[i] == ',')		/* the decimal mark of a locale */
			buffer[i] = '.';
	return (struct view){ .at = buffer, .len = (size_t)n };
}

static struct view value_text(const json_t *value, char buffer[NUMBER_BYTES])
{
	int n;

	if (value == NULL)
		return (struct view){ .at = "" };
	switch (json_typeof(value)) {
	case JSON_STRING:
		return (struct view){ .at = json_string_value(value),
		    .len = json_string_length(value) };
	case JSON_INTEGER:
		n = snprintf(buffer, NUMBER_BYTES, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
		must(n > 0 && n < NUMBER_BYTES);
		return (struct view){ .at = buffer, .len = (size_t)n };
	case JSON_REAL:
		return real_text(json_real_value(value), buffer);
	case JSON_TRUE:
		return view_of("true");
	case JSON_FALSE:
		return view_of("false");
	case JSON_OBJECT:
	case JSON_ARRAY:
	case JSON_NULL:
		break;
	}
	return (struct view){ .at = "" };
}

/* --- the source ---------------------------------------------------------------- */

static void out_check(struct walk *w, const struct node *n)
{
	const struct json_source *s = w->data;

	if (!str_ok(s->out))
		walk_fail(w, n, "the text grows beyond %zu bytes", s->out->bytes_max);
}

static void json_text(struct walk *w, struct view text)
{
	struct json_source *s = w->data;

	str_putn(s->out, text.at, text.len);
	out_check(w, NULL);
}

static void json_value(struct walk *w, const struct node *n)
{
	struct json_source *s = w->data;
	char buffer[NUMBER_BYTES];
	const struct view text = value_text(name_value(s, n->text), buffer);

	if (n->kind == NODE_RAW || s->escape == NULL)
		str_putn(s->out, text.at, text.len);
	else
		escape_put(s->out, s->escape, text);
	out_check(w, n);
}

static bool json_enter(struct walk *w, const struct node *n)
{
	struct json_source *s = w->data;
	const json_t *value = name_value(s, n->text);
	struct context *c = &s->stack[s->count];

	if (n->kind == NODE_INVERTED)
		return !is_true(value);
	if (!is_true(value))
		return false;
	must(s->count <= TMPL_WALK_DEPTH_MAX);
	*c = (struct context){ .value = value };
	if (json_is_array(value)) {
		c->list = value;
		c->value = json_array_get(value, 0);
	}
	s->count++;
	return true;
}

static bool json_again(struct walk *w, const struct node *n)
{
	struct json_source *s = w->data;
	struct context *c = &s->stack[s->count - 1];

	if (n->kind == NODE_INVERTED)
		return false;
	if (c->list != NULL && ++c->index < json_array_size(c->list)) {
		c->value = json_array_get(c->list, c->index);
		return true;
	}
	s->count--;
	return false;
}

static bool json_dynamic(struct walk *w, const struct node *n, struct view *name)
{
	const json_t *value = name_value(w->data, n->text);

	if (!json_is_string(value))
		return false;
	*name = (struct view){ .at = json_string_value(value), .len = json_string_length(value) };
	return true;
}

bool tmpl_render_json(const struct tmpl *t, const json_t *data,
    const struct tmpl_partials *partials, struct str *out, struct err *err)
{
	static const struct walk_source source = {
		.text = json_text,
		.value = json_value,
		.enter = json_enter,
		.again = json_again,
		.dynamic = json_dynamic,
	};
	struct json_source s = { .out = out, .escape = escape_of(t->kind), .count = 1 };
	struct walk w = {
		.source = &source,
		.data = &s,
		.partials = partials,
		.reuse = WALK_REUSE_ALLOWED,
		.err = err,
	};

	s.stack[0] = (struct context){ .value = data };
	return walk_run(&w, t);
}
