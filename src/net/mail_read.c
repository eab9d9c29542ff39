/* mail_read.c - see mail_read.h. */
#include "net/mail_read.h"

#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>
#include <jansson.h>
#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"

#define FIELD_BYTES_MAX 1000
#define VALUES_MAX 32

/* --- small things ------------------------------------------------------------------ */

/* As JSON can hold it: what is no UTF-8 becomes a question mark. */
static json_t *text_json(const char *text, size_t max)
{
	char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
	size_t len = strlen(valid);
	json_t *out;

	if (len > max) {
		len = max;
		while (len > 0 && ((unsigned char)valid[len] & 0xc0) == 0x80)
			len--;
	}
	out = json_stringn(valid, len);
	g_free(valid);
	return out != NULL ? out : json_string("");
}

static const char *header(GMimeObject *object, const char *name)
{
	const char *value = g_mime_object_get_header(object, name);

	return value != NULL ? value : "";
}

static bool starts(const char *text, const char *with)
{
	return g_ascii_strncasecmp(text, with, strlen(with)) == 0;
}

/* --- who, to whom ---------------------------------------------------------------------- */

static void from_put(json_t *out, GMimeMessage *message)
{
	InternetAddressList *list = g_mime_message_get_from(message);
	InternetAddress *first = list != NULL && internet_address_list_length(list) > 0 ?
	    internet_address_list_get_address(list, 0) : NULL;

	json_put(out, "from", text_json(first != NULL && INTERNET_ADDRESS_IS_MAILBOX(first) ?
	    internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)) : "",
	    FIELD_BYTES_MAX));
}

static void to_put(json_t *out, GMimeObject *object)
{
	static const char *const names[] = { "To", "Cc", "Delivered-To", "X-Original-To",
	    "Envelope-To" };
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);
	json_t *to = json_array();

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *one = g_mime_header_list_get_header_at(headers, i);

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (g_ascii_strcasecmp(g_mime_header_get_name(one), names[k]) == 0 &&
			    json_array_size(to) < VALUES_MAX)
				json_push(to, text_json(g_mime_header_get_value(one), FIELD_BYTES_MAX));
	}
	json_put(out, "to", to);
}

static bool is_automatic(GMimeObject *object)
{
	const char *submitted = header(object, "Auto-Submitted");
	const char *precedence = header(object, "Precedence");

	return (submitted[0] != '\0' && !starts(submitted, "no")) || starts(precedence, "bulk") ||
	    starts(precedence, "auto") || starts(precedence, "junk") || starts(precedence, "list") ||
	    header(object, "X-Autoreply")[0] != '\0' || header(object, "X-Autorespond")[0] != '\0' ||
	    strcmp(header(object, "Return-Path"), "<>") == 0;
}

/* --- the words ---------------------------------------------------------------------------- */

static void find_text(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	char **found = arg;
	const char *disposition = g_mime_object_get_disposition(part);
	char *text;

	(void)parent;
	if (*found != NULL || !GMIME_IS_TEXT_PART(part) ||
	    !g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain") ||
	    (disposition != NULL && starts(disposition, "attachment")))
		return;
	text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	if (text != NULL)
		*found = text;
}

static char *text_of(GMimeMessage *message)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);
	char *found = NULL;

	if (root != NULL && GMIME_IS_MULTIPART(root))
		g_mime_multipart_foreach(GMIME_MULTIPART(root), find_text, &found);
	else if (root != NULL)
		find_text(NULL, root, &found);
	return found;
}

/* --- reports --------------------------------------------------------------------------------- */

/* "5.1.1" anywhere behind a blank, as RFC 3463 has them; "" for none. */
static void status_in(const char *text, char out[8])
{
	out[0] = '\0';
	for (const char *at = text; *at != '\0'; at++)
		if ((at == text || strchr(" \t(#\n", at[-1]) != NULL) && (at[0] == '4' || at[0] == '5') &&
		    at[1] == '.' && g_ascii_isdigit(at[2]) && at[3] == '.' && g_ascii_isdigit(at[4])) {
			(void)snprintf(out, 8, "%.*s", g_ascii_isdigit(at[5]) ? 6 : 5, at);
			return;
		}
}

static void recipient_push(json_t *list, const char *address, const char *action, const char *status,
    const char *diagnostic)
{
	const char *semicolon = strchr(address, ';');
	char own[8], *bare;

	if (json_array_size(list) == MAIL_RECIPIENTS_MAX)
		return;
	status_in(status[0] != '\0' ? status : diagnostic, own);
	address = semicolon != NULL ? semicolon + 1 : address;
	address += strspn(address, " \t<");
	bare = g_strndup(address, strcspn(address, " \t\r\n>"));
	json_push(list, json_pack("{s:o, s:o, s:s, s:o}", "address", text_json(bare, FIELD_BYTES_MAX),
	    "action", text_json(action, 20), "status", own, "code", text_json(diagnostic, 200)));
	g_free(bare);
}

struct group {
	char	address[FIELD_BYTES_MAX], action[64], status[64], diagnostic[FIELD_BYTES_MAX];
};

static void field_take(struct group *g, const char *name, const char *value)
{
	const struct { const char *name; char *to; size_t room; } fields[] = {
		{ "Original-Recipient", g->address, sizeof(g->address) },
		{ "Final-Recipient", g->address, sizeof(g->address) },
		{ "Action", g->action, sizeof(g->action) },
		{ "Status", g->status, sizeof(g->status) },
		{ "Diagnostic-Code", g->diagnostic, sizeof(g->diagnostic) },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (g_ascii_strcasecmp(name, fields[i].name) == 0 &&
		    (fields[i].to[0] == '\0' || i == 1))
			(void)snprintf(fields[i].to, fields[i].room, "%s", value + strspn(value, " \t"));
}

/* Groups of fields, of which the first is about the message and the others each about a
 * recipient; a line that begins with a blank goes on from the one before. */
static void status_groups(char *text, json_t *list)
{
	struct group g = { 0 };
	char *line = text;

	while (line != NULL) {
		char *next = strchr(line, '\n'), *colon;

		while (next != NULL && (next[1] == ' ' || next[1] == '\t')) {
			*next = ' ';
			next = strchr(next + 1, '\n');
		}
		if (next != NULL)
			*next = '\0';
		line[strcspn(line, "\r")] = '\0';
		colon = strchr(line, ':');
		if (colon != NULL) {
			*colon = '\0';
			field_take(&g, line, colon + 1);
		}
		if ((line[0] == '\0' || next == NULL) && g.action[0] != '\0') {
			recipient_push(list, g.address, g.action, g.status, g.diagnostic);
			g = (struct group){ 0 };
		}
		line = next != NULL ? next + 1 : NULL;
	}
}

static void find_status(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	GMimeStream *memory;
	GByteArray *bytes;
	char *text;

	(void)parent;
	if (!GMIME_IS_PART(part) || !g_mime_content_type_is_type(
	    g_mime_object_get_content_type(part), "message", "delivery-status"))
		return;
	memory = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	text = g_strndup((const char *)bytes->data, bytes->len);
	status_groups(text, arg);
	g_free(text);
	g_object_unref(memory);
}

/* "<address>:" and what the server said below it, after qmail's greeting. */
static void qmail_groups(const char *text, json_t *list)
{
	const char *at = text;

	while ((at = strstr(at, "\n<")) != NULL) {
		const char *end = strstr(at, ">:");
		char address[FIELD_BYTES_MAX];

		at += 2;
		if (end == NULL || end < at || (size_t)(end - at) >= sizeof(address) ||
		    memchr(at, '\n', (size_t)(end - at)) != NULL)
			continue;
		memcpy(address, at, (size_t)(end - at));
		address[end - at] = '\0';
		recipient_push(list, address, "failed", "", end + 2);
		at = end;
	}
}

static void report_put(json_t *out, GMimeMessage *message, const char *text)
{
	GMimeObject *object = GMIME_OBJECT(message), *root = g_mime_message_get_mime_part(message);
	json_t *list = json_array();
	const char *failed = header(object, "X-Failed-Recipients");

	if (root != NULL && GMIME_IS_MULTIPART(root) && g_mime_content_type_is_type(
	    g_mime_object_get_content_type(root), "multipart", "report"))
		g_mime_multipart_foreach(GMIME_MULTIPART(root), find_status, list);
	if (json_array_size(list) == 0 && failed[0] != '\0')
		recipient_push(list, failed, "failed", "", text);
	if (json_array_size(list) == 0 && strncmp(text, "Hi. This is the ", 16) == 0)
		qmail_groups(text, list);
	json_put(out, "report", json_boolean(json_array_size(list) > 0));
	json_put(out, "recipients", list);
}

/* --- the whole ----------------------------------------------------------------------------------- */

static json_t *object_of(GMimeMessage *message)
{
	GMimeObject *object = GMIME_OBJECT(message);
	char *text = text_of(message);
	json_t *out = json_object();

	from_put(out, message);
	to_put(out, object);
	json_put(out, "subject", text_json(g_mime_message_get_subject(message), FIELD_BYTES_MAX));
	json_put(out, "message_id", text_json(g_mime_message_get_message_id(message), FIELD_BYTES_MAX));
	json_put(out, "automatic", json_boolean(is_automatic(object)));
	json_put(out, "text", text_json(text, MAIL_TEXT_BYTES_MAX));
	report_put(out, message, text != NULL ? text : "");
	g_free(text);
	return out;
}

bool mail_read(const char *at, size_t len, struct str *out)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	g_mime_init();
	stream = g_mime_stream_mem_new_with_buffer(at, len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message != NULL) {
		void *tmp = talloc_new(NULL);
		json_t *object = object_of(message);

		str_put(out, json_line(tmp, object));
		json_decref(object);
		talloc_free(tmp);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return message != NULL;
}
