/* shelf.h - partials for the tests of base/tmpl.h: a JSON object of texts,
 * compiled when they are asked for.
 */
#ifndef TESTS_UNIT_BASE_SHELF_H
#define TESTS_UNIT_BASE_SHELF_H

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "base/tmpl.h"

struct err;

#define OUT_BYTES_MAX 100000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct shelf {
	void		*ctx;
	const json_t	*texts;
	json_t		*tmpls;		/* name -> the compiled one's address */
	enum tmpl_kind	 kind;
};

static inline const struct tmpl *shelf_find(void *arg, struct view name, struct err *err)
{
	struct shelf *s = arg;
	const json_t *text = json_object_getn(s->texts, name.at, name.len);
	json_t *known = json_object_getn(s->tmpls, name.at, name.len);
	char path[TMPL_NAME_BYTES_MAX + 1];
	struct tmpl *t;

	if (text == NULL)
		return NULL;
	if (known != NULL)
		return (const struct tmpl *)(uintptr_t)json_integer_value(known);
	(void)snprintf(path, sizeof(path), "%.*s", (int)name.len, name.at);
	t = tmpl_compile(s->ctx, &(struct tmpl_text){ .name = path, .kind = s->kind, .raw = true,
	    .text = view_of(json_string_value(text)) }, err);
	json_object_set_new(s->tmpls, path, json_integer((json_int_t)(uintptr_t)t));
	return t;
}

#endif
