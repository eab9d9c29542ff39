/* form.c - see form.h.
 *
 * Bytes come from anyone; what leaves here is valid UTF-8 without NUL, and
 * says what a person could have typed.
 */
#include "web/form.h"

#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"

#define BOUNDARY_BYTES_MAX 70		/* RFC 2046, section 5.1.1 */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_allowed(unsigned char c)
{
	return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

/* CR LF and a lone CR become LF, in place. */
static size_t lines_join(char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\r')
			text[n++] = text[i];
		else if (i + 1 == len || text[i + 1] != '\n')
			text[n++] = '\n';
	}
	text[n] = '\0';
	return n;
}

static const char *decode(void *ctx, struct view in, struct err *err)
{
	char *out = talloc_size(ctx, in.len + 1);
	size_t n = 0;

	must(out != NULL);
	for (size_t i = 0; i < in.len; i++) {
		char c = in.at[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			const int high = i + 2 < in.len ? hex_digit(in.at[i + 1]) : -1;
			const int low = high >= 0 ? hex_digit(in.at[i + 2]) : -1;

			if (low < 0) {
				err_set(err, ERR_INPUT, "a percent sign without two digits");
				return NULL;
			}
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (!is_allowed((unsigned char)c)) {
			err_set(err, ERR_INPUT, "a control character");
			return NULL;
		}
		out[n++] = c;
	}
	if (!utf8_is_valid(out, n)) {
		err_set(err, ERR_INPUT, "not UTF-8");
		return NULL;
	}
	lines_join(out, n);
	return out;
}

static bool is_name(const char *name)
{
	if (name[0] == '\0')
		return false;
	for (; *name != '\0'; name++) {
		if (!((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
		    (*name >= '0' && *name <= '9') || *name == '_' || *name == '-'))
			return false;
	}
	return true;
}

static bool take_pair(struct form *form, void *ctx, struct view pair, struct err *err)
{
	const char *sign = pair.len > 0 ? memchr(pair.at, '=', pair.len) : NULL;
	struct form_field field;

	if (sign == NULL)
		return err_set(err, ERR_INPUT, "a field without a value");
	if (form->count == FORM_FIELDS_MAX)
		return err_set(err, ERR_INPUT, "more than %d fields", FORM_FIELDS_MAX);
	field.name = decode(ctx, (struct view){ pair.at, (size_t)(sign - pair.at) }, err);
	field.value = decode(ctx, (struct view){ sign + 1,
	    pair.len - (size_t)(sign - pair.at) - 1 }, err);
	if (field.name == NULL || field.value == NULL)
		return false;
	if (!is_name(field.name))
		return err_set(err, ERR_INPUT, "a field's name is not one");
	if (form_has(form, field.name))
		return err_set(err, ERR_INPUT, "a field twice");
	form->fields[form->count++] = field;
	return true;
}

bool form_parse(struct form *form, void *ctx, const char *at, size_t len, struct err *err)
{
	const char *end = at + len;

	form->count = 0;
	if (len > FORM_BYTES_MAX)
		return err_set(err, ERR_INPUT, "more than %d bytes", FORM_BYTES_MAX);
	if (len == 0)
		return true;
	for (;;) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		const char *stop = next != NULL ? next : end;

		if (!take_pair(form, ctx, (struct view){ at, (size_t)(stop - at) }, err))
			return false;
		if (next == NULL)
			return true;
		at = next + 1;
	}
}

const char *form_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	}
	return "";
}

bool form_has(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return true;
	}
	return false;
}

bool form_type_is(const char *content_type, const char *media_type)
{
	const struct view all = view_of(content_type);
	const char *semicolon = memchr(all.at, ';', all.len);
	const struct view type = { all.at,
	    semicolon != NULL ? (size_t)(semicolon - all.at) : all.len };

	return view_is_nocase(view_trim(type), media_type);
}

/* The boundary parameter, with or without quotes. */
static struct view boundary_of(const char *content_type)
{
	const char *at = strcasestr(content_type, "boundary=");
	struct view out = { "", 0 };

	if (at == NULL)
		return out;
	at += strlen("boundary=");
	if (*at == '"') {
		out.at = ++at;
		out.len = strcspn(at, "\"");
	} else {
		out.at = at;
		out.len = strcspn(at, "; \t");
	}
	if (out.len > BOUNDARY_BYTES_MAX)
		out.len = 0;
	return out;
}

bool form_multipart_is_one_click(const char *content_type, const char *at, size_t len)
{
	static const char value[] = "\r\n\r\nOne-Click\r\n--";
	const struct view boundary = boundary_of(content_type);
	const char *head, *body, *close;

	if (!form_type_is(content_type, "multipart/form-data") || boundary.len == 0)
		return false;
	while (len > 2 && memcmp(at, "\r\n", 2) == 0) {	/* an empty preamble, RFC 2046, 5.1.1 */
		at += 2;
		len -= 2;
	}
	if (len < boundary.len + 4 || memcmp(at, "--", 2) != 0 ||
	    memcmp(at + 2, boundary.at, boundary.len) != 0)
		return false;
	head = at + 2 + boundary.len;
	body = memmem(head, (size_t)(at + len - head), value, sizeof(value) - 1);
	if (body == NULL)
		return false;
	if (memmem(head, (size_t)(body - head), "name=\"List-Unsubscribe\"", 23) == NULL &&
	    memmem(head, (size_t)(body - head), "name=List-Unsubscribe", 21) == NULL)
		return false;
	close = body + sizeof(value) - 1;
	return (size_t)(at + len - close) >= boundary.len + 2 &&
	    memcmp(close, boundary.at, boundary.len) == 0 &&
	    memcmp(close + boundary.len, "--", 2) == 0;
}
