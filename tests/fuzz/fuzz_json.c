/* fuzz_json.c - base/json.h on any bytes: the reader walks a document as
 * those of schedules and rule packs do, and asks for the wrong things too. */
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void walk(struct json_at *at, int depth)
{
	struct json_at child;

	(void)json_want_string(at, "id");
	(void)json_may_int(at, "days", -5, 400, 7);
	(void)json_may_bool(at, "exclusive", false);
	child = json_may_array(at, "steps");
	for (size_t i = 0; i < json_length(&child); i++) {
		struct json_at item = json_item(&child, i);

		(void)json_as_string(&item);
		if (depth > 0)
			walk(&item, depth - 1);
	}
	child = json_may_object(at, "contact");
	if (depth > 0 && child.value != NULL)
		walk(&child, depth - 1);
	json_close(at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_doc doc = { 0 };
	struct json_at root;
	struct err err = { 0 };

	if (json_doc_parse(&doc, "fuzz.json", (const char *)data, size, &err)) {
		root = json_doc_root(&doc);
		walk(&root, 4);
		json_doc_release(&doc);
	}
	if (err_is_set(&err) != (err.text[0] != '\0'))
		abort();		/* an error without words, or words without one */
	return 0;
}
