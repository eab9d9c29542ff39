/* json.c - see json.h.
 *
 * jansson forgets where a value stood, so the line for an error is found by
 * walking the text once more along the pointer.  That happens only on the way
 * to an error message.
 */
#include "base/json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/near.h"

bool json_doc_parse(struct json_doc *doc, const char *name, const char *text,
    size_t len, struct err *err)
{
	json_error_t at;

	*doc = (struct json_doc){ .err = err };
	if (len > JSON_FILE_BYTES_MAX)
		return err_set(err, ERR_INPUT, "%s: larger than %d bytes", name,
		    JSON_FILE_BYTES_MAX);
	doc->name = talloc_strdup(NULL, name);
	doc->text = talloc_strndup(NULL, text, len);
	must(doc->name != NULL && doc->text != NULL);
	doc->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
	if (doc->root == NULL) {
		err_set(err, ERR_INPUT, "%s:%d: %s", name, at.line, at.text);
		json_doc_release(doc);
		return false;
	}
	return true;
}

void json_doc_release(struct json_doc *doc)
{
	json_decref(doc->root);
	talloc_free(doc->faulty);
	talloc_free(doc->text);
	talloc_free(doc->name);
	*doc = (struct json_doc){ 0 };
}

struct json_at json_doc_root(struct json_doc *doc)
{
	return (struct json_at){ .doc = doc, .value = doc->root };
}

/* --- the line of a pointer ------------------------------------------------ */

static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t\r\n,:");
}

static const char *skip_string(const char *s)
{
	for (s++; *s != '\0' && *s != '"'; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return *s == '"' ? s + 1 : s;
}

static const char *skip_value(const char *s)
{
	int depth = 0;

	do {
		s = skip_space(s);
		if (*s == '"') {
			s = skip_string(s);
		} else if (*s == '{' || *s == '[') {
			depth++;
			s++;
		} else if (*s == '}' || *s == ']') {
			depth--;
			s++;
		} else if (*s != '\0') {
			s += strcspn(s, " \t\r\n,:]}");
		}
	} while (depth > 0 && *s != '\0');
	return s;
}

/* The start of the member or item that one pointer token names, or NULL. */
static const char *enter(const char *s, const char *token, size_t len)
{
	const bool object = *s == '{';
	long index = 0, wanted = object ? 0 : strtol(token, NULL, 10);

	for (s = skip_space(s + 1); *s != '\0' && *s != '}' && *s != ']';
	    s = skip_space(s), index++) {
		if (object) {
			const char *key = s + 1;

			s = skip_string(s);
			if ((size_t)(s - 1 - key) == len && memcmp(key, token, len) == 0)
				return skip_space(s);
		} else if (index == wanted) {
			return s;
		}
		s = skip_value(s);
	}
	return NULL;
}

static int pointer_line(const char *text, const char *pointer)
{
	const char *s = skip_space(text);
	int line = 1;

	while (*pointer == '/') {
		const size_t len = strcspn(++pointer, "/");
		const char *inner = enter(s, pointer, len);

		if (inner == NULL)
			break;
		s = inner;
		pointer += len;
	}
	for (const char *c = text; c < s; c++)
		line += *c == '\n';
	return line;
}

/* Is a fault of this place only what follows from one that was told? */
static bool follows(struct json_doc *doc, const char *pointer)
{
	const size_t len = strlen(pointer);

	for (int i = 0; i < doc->fault_count; i++)
		if (strncmp(doc->faulty[i], pointer, len) == 0 &&
		    (doc->faulty[i][len] == '/' || doc->faulty[i][len] == '\0'))
			return true;
	if (doc->fault_count == JSON_FAULTS_MAX)
		return true;
	doc->faulty = talloc_realloc_size(NULL, doc->faulty,
	    (size_t)(doc->fault_count + 1) * sizeof(doc->faulty[0]));
	must(doc->faulty != NULL);
	(void)snprintf(doc->faulty[doc->fault_count++], JSON_POINTER_BYTES_MAX, "%s", pointer);
	return false;
}

void json_fail(const struct json_at *at, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES_MAX];
	va_list ap;

	if (follows(at->doc, at->pointer))
		return;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(at->doc->err, ERR_INPUT, "%s:%d: %s: %s", at->doc->name,
	    pointer_line(at->doc->text, at->pointer),
	    at->pointer[0] == '\0' ? "/" : at->pointer, text);
}

/* --- readers -------------------------------------------------------------- */

static struct json_at child(const struct json_at *at, json_t *value, const char *token)
{
	struct json_at out = { .doc = at->doc, .value = value };

	(void)snprintf(out.pointer, sizeof(out.pointer), "%.100s/%.50s", at->pointer, token);
	return out;
}

/* The member, and a note that it was asked for. */
static struct json_at member(struct json_at *at, const char *key)
{
	const char *name;
	struct json_at out;
	json_t *value;
	unsigned bit = 0;

	if (at->key_count < JSON_KEYS_MAX)
		at->keys[at->key_count++] = key;
	json_object_foreach(at->value, name, value) {
		if (strcmp(name, key) == 0 && bit >= JSON_MEMBERS_MAX) {
			json_fail(at, "has more than %d members; remove some",
			    JSON_MEMBERS_MAX);
			break;
		}
		if (strcmp(name, key) == 0) {
			at->asked |= UINT64_C(1) << bit;
			return child(at, value, key);
		}
		bit++;
	}
	out = child(at, NULL, key);
	out.in = at->value;
	return out;
}

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:	return "an object";
	case JSON_ARRAY:	return "an array";
	case JSON_STRING:	return "a text";
	case JSON_INTEGER:	return "a whole number";
	case JSON_REAL:		return "a number with decimals";
	case JSON_TRUE:
	case JSON_FALSE:	return "true or false";
	case JSON_NULL:		break;
	}
	return "null";
}

/* A member that stands there in another spelling, or NULL. */
static const char *misspelt(const struct json_at *at)
{
	const char *key = strrchr(at->pointer, '/'), *names[JSON_MEMBERS_MAX], *name;
	size_t count = 0;
	void *member_at;

	if (key == NULL || !json_is_object(at->in))
		return NULL;
	for (member_at = json_object_iter((json_t *)at->in); member_at != NULL && count < JSON_MEMBERS_MAX;
	    member_at = json_object_iter_next((json_t *)at->in, member_at)) {
		name = json_object_iter_key(member_at);
		if (name[0] != '$' && name[0] != '_')
			names[count++] = name;
	}
	return near_word(key + 1, names, count);
}

static bool has_type(const struct json_at *at, bool right, const char *wanted, bool needed)
{
	if (at->value == NULL) {
		const char *name = needed ? misspelt(at) : NULL;

		if (name != NULL) {
			char other[JSON_POINTER_BYTES_MAX];

			json_fail(at, "missing: give %s; is \"%s\" meant to be it?", wanted, name);
			(void)snprintf(other, sizeof(other), "%.*s%.50s",
			    (int)(strrchr(at->pointer, '/') + 1 - at->pointer), at->pointer, name);
			(void)follows(at->doc, other);	/* told with it */
		} else if (needed)
			json_fail(at, "missing: give %s", wanted);
		return false;
	}
	if (!right)
		json_fail(at, "is %s; give %s", type_name(at->value), wanted);
	return right;
}

static const char *string_of(const struct json_at *at, const char *fallback, bool needed)
{
	if (!has_type(at, json_is_string(at->value), "a text in quotes", needed))
		return fallback;
	return json_string_value(at->value);
}

const char *json_want_string(struct json_at *at, const char *key)
{
	const struct json_at m = member(at, key);

	return string_of(&m, "", true);
}

const char *json_may_string(struct json_at *at, const char *key, const char *fallback)
{
	const struct json_at m = member(at, key);

	return string_of(&m, fallback, false);
}

static int64_t int_of(const struct json_at *at, int64_t min, int64_t max,
    int64_t fallback, bool needed)
{
	int64_t value;

	if (!has_type(at, json_is_integer(at->value), "a whole number", needed))
		return fallback;
	value = json_integer_value(at->value);
	if (value < min || value > max) {
		json_fail(at, "is %" PRId64 "; give a whole number from %" PRId64
		    " to %" PRId64, value, min, max);
		return fallback;
	}
	return value;
}

int64_t json_want_int(struct json_at *at, const char *key, int64_t min, int64_t max)
{
	const struct json_at m = member(at, key);

	return int_of(&m, min, max, min, true);
}

int64_t json_may_int(struct json_at *at, const char *key, int64_t min, int64_t max,
    int64_t fallback)
{
	const struct json_at m = member(at, key);

	return int_of(&m, min, max, fallback, false);
}

bool json_may_bool(struct json_at *at, const char *key, bool fallback)
{
	const struct json_at m = member(at, key);

	if (!has_type(&m, json_is_boolean(m.value), "true or false", false))
		return fallback;
	return json_is_true(m.value);
}

static struct json_at typed_member(struct json_at *at, const char *key, bool array, bool needed)
{
	struct json_at m = member(at, key);
	const bool right = array ? json_is_array(m.value) : json_is_object(m.value);

	if (!has_type(&m, right, array ? "an array" : "an object", needed))
		m.value = NULL;
	return m;
}

struct json_at json_want_object(struct json_at *at, const char *key)
{
	return typed_member(at, key, false, true);
}

struct json_at json_may_object(struct json_at *at, const char *key)
{
	return typed_member(at, key, false, false);
}

struct json_at json_want_array(struct json_at *at, const char *key)
{
	return typed_member(at, key, true, true);
}

struct json_at json_may_array(struct json_at *at, const char *key)
{
	return typed_member(at, key, true, false);
}

size_t json_length(const struct json_at *at)
{
	return at->value == NULL ? 0 : json_array_size(at->value);
}

struct json_at json_item(struct json_at *at, size_t index)
{
	char token[24];

	(void)snprintf(token, sizeof(token), "%zu", index);
	return child(at, json_array_get(at->value, index), token);
}

const char *json_as_string(struct json_at *at)
{
	return string_of(at, "", true);
}

/* --- closed sets of words ------------------------------------------------- */

static void fail_word(const struct json_at *at, const char *given, const char *const *words,
    size_t count)
{
	const char *meant = near_word(given, words, count);
	struct str list;

	str_init(&list, NULL, ERR_TEXT_BYTES_MAX);
	for (size_t i = 0; i < count; i++)
		str_printf(&list, "%s\"%s\"", i == 0 ? "" : i + 1 == count ? " or " : ", ",
		    words[i]);
	json_fail(at, "\"%.40s\" is none of %s%s%s%s", given, list.at,
	    meant != NULL ? "; did you mean \"" : "", meant != NULL ? meant : "",
	    meant != NULL ? "\"?" : "");
	str_release(&list);
}

static int word_of(const struct json_at *at, const char *const *words, size_t count,
    int fallback, bool needed)
{
	const char *given = string_of(at, NULL, needed);

	if (given == NULL)
		return fallback;
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], given) == 0)
			return (int)i;
	fail_word(at, given, words, count);
	return fallback;
}

int json_want_word(struct json_at *at, const char *key, const char *const *words, size_t count)
{
	const struct json_at m = member(at, key);

	return word_of(&m, words, count, 0, true);
}

int json_may_word(struct json_at *at, const char *key, const char *const *words, size_t count,
    int fallback)
{
	const struct json_at m = member(at, key);

	return word_of(&m, words, count, fallback, false);
}

int json_as_word(struct json_at *at, const char *const *words, size_t count)
{
	return word_of(at, words, count, 0, true);
}

/* --- the end of an object ------------------------------------------------- */

static void fail_unknown(const struct json_at *m, const char *meant)
{
	if (meant != NULL)
		json_fail(m, "is not known here; did you mean \"%s\"?", meant);
	else
		json_fail(m, "is not known here; remove it or mend its spelling");
}

void json_close(struct json_at *at)
{
	const char *name;
	json_t *value;
	unsigned bit = 0;

	if (at->value == NULL)
		return;
	if (!json_is_object(at->value)) {
		json_fail(at, "is %s; give an object", type_name(at->value));
		return;
	}
	json_object_foreach(at->value, name, value) {
		const bool free_key = name[0] == '$' || name[0] == '_';

		if (!free_key && (bit >= JSON_MEMBERS_MAX || (at->asked >> bit & 1) == 0)) {
			const struct json_at m = child(at, value, name);

			fail_unknown(&m, near_word(name, at->keys, at->key_count));
		}
		bit++;
	}
}
