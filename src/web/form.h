/* form.h - a posted form or a query, read strictly.
 *
 * Refused are: a percent sign without two hexadecimal digits, a byte that is
 * not UTF-8, control characters other than tab and line end, a name twice, an
 * empty name, a pair without "=", too many fields.  Browsers send none of it.
 * Line ends become LF.
 *
 * Source:  WHATWG URL standard, section 5 (application/x-www-form-urlencoded);
 *          RFC 7578 for the one multipart form that is read (RFC 8058).
 * Units:   bytes.
 * Memory:  names and values belong to the given talloc context.
 * Errors:  ERR_INPUT; the text never repeats what was sent.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define FORM_BYTES_MAX (16 * 1024)	/* a body, as sent */
#define FORM_FIELDS_MAX 24

struct form_field {
	const char	*name, *value;
};

struct form {
	struct form_field	fields[FORM_FIELDS_MAX];
	size_t			count;
};

bool		 form_parse(struct form *, void *ctx, const char *at, size_t len,
		    struct err *);
const char	*form_value(const struct form *, const char *name);	/* "" if none */
bool		 form_has(const struct form *, const char *name);

/* The media type of a Content-Type header, parameters aside. */
bool		 form_type_is(const char *content_type, const char *media_type);

/* Is this multipart/form-data body the one field List-Unsubscribe=One-Click?
 * Mail services send RFC 8058 requests in either form. */
bool		 form_multipart_is_one_click(const char *content_type,
		    const char *at, size_t len);

#endif
