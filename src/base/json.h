/* json.h - JSON that a person wrote: strict reading, and errors that name the
 * file, the line, the JSON pointer and what to write instead.
 *
 * Duplicate keys are refused; numbers for money are integers.  A reader asks
 * for what it expects, member by member, and closes the object: a member that
 * nobody asked for is an error (a misspelt setting must not be silent).
 *
 * Source:  RFC 8259, RFC 6901 (pointers).
 * Memory:  a struct json_doc owns its text and tree; json_t pointers that the
 *          readers return are borrowed from it.
 * Errors:  the first one wins; every json_want_* then returns its fallback, so
 *          a reader needs to check once at the end.  Where the caller asks for those
 *          that come later (err.h), what only follows from an earlier one is left out:
 *          a fault of the same value, or of one that holds it.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/str.h"

struct err;

#define JSON_FILE_BYTES_MAX (4 * 1024 * 1024)
#define JSON_POINTER_BYTES_MAX 160
#define JSON_MEMBERS_MAX 64		/* of an object that is read member by member */
#define JSON_KEYS_MAX 48		/* remembered for "did you mean" */
#define JSON_FAULTS_MAX 16		/* told of one document */

struct json_doc {
	char		*name;		/* shown in errors, e.g. a file's path */
	char		*text;
	json_t		*root;
	struct err	*err;		/* of the caller; borrowed */
	char		(*faulty)[JSON_POINTER_BYTES_MAX];	/* places told so far */
	int		 fault_count;
};

/* A place inside a document: the value and the pointer that leads to it. */
struct json_at {
	struct json_doc	*doc;
	json_t		*value;			/* NULL: not there */
	const json_t	*in;			/* the object in which it was looked for */
	char		 pointer[JSON_POINTER_BYTES_MAX];
	uint64_t	 asked;			/* members asked for, as bits */
	const char	*keys[JSON_KEYS_MAX];	/* asked for, there or not; the callers' */
	size_t		 key_count;
};

/* Reads a text.  `err` is kept in the doc and used by every reader below. */
bool	json_doc_parse(struct json_doc *, const char *name, const char *text,
	    size_t len, struct err *);
void	json_doc_release(struct json_doc *);
struct json_at	json_doc_root(struct json_doc *);

/* Records "NAME:LINE: /pointer: text" unless an error is recorded already. */
void	json_fail(const struct json_at *, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));

/* Members of an object.  want_: must be there; may_: a fallback else.  A key
 * is kept until json_close(): give a text that lives as long. */
const char	*json_want_string(struct json_at *, const char *key);
const char	*json_may_string(struct json_at *, const char *key, const char *fallback);
int64_t		 json_want_int(struct json_at *, const char *key, int64_t min, int64_t max);
int64_t		 json_may_int(struct json_at *, const char *key, int64_t min,
		    int64_t max, int64_t fallback);
/* The index of a word in a closed set, which an error names in full, with the
 * word that was probably meant. */
int		 json_want_word(struct json_at *, const char *key,
		    const char *const *words, size_t count);
int		 json_may_word(struct json_at *, const char *key,
		    const char *const *words, size_t count, int fallback);
bool		 json_may_bool(struct json_at *, const char *key, bool fallback);
struct json_at	 json_want_object(struct json_at *, const char *key);
struct json_at	 json_may_object(struct json_at *, const char *key);
struct json_at	 json_want_array(struct json_at *, const char *key);
struct json_at	 json_may_array(struct json_at *, const char *key);

size_t		 json_length(const struct json_at *);		/* 0 for NULL */
struct json_at	 json_item(struct json_at *, size_t index);	/* of an array */
const char	*json_as_string(struct json_at *);
int		 json_as_word(struct json_at *, const char *const *words, size_t count);

/* Refuses members that were not asked for (keys starting with '$' or '_' are
 * free for schema references and remarks). */
void	json_close(struct json_at *);

#endif
