/* mail_report.c - see mail_report.h. */
#include "net/mail_report.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"
#include "net/mail_read.h"
#include "net/mail_text.h"
#include "net/reply.h"

#define FIELD_BYTES_MAX 1000
#define ID_BYTES_MAX 300
#define IDS_MAX 32
#define STATUS_BYTES 12		/* "5.123.123", and the closing NUL */

struct reporting {
	void	*ctx;
	json_t	*recipients, *ids;
};

/* --- codes --------------------------------------------------------------------------------- */

/* "5.1.1", "5.1.100": its length, 0: none begins here. */
static size_t status_at(const char *at, const char *classes)
{
	size_t n = 1;

	if (*at == '\0' || strchr(classes, *at) == NULL)
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (at[n++] != '.')
			return 0;
		while (digits < 4 && g_ascii_isdigit(at[n])) {
			digits++;
			n++;
		}
		if (digits == 0 || digits > 3)
			return 0;
	}
	return at[n] == '.' && g_ascii_isdigit(at[n + 1]) ? 0 : n;
}

/* "550 5.1.1", "550-5.1.1", "550: 5.1.1": its enhanced code. */
static const char *answered_status(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		const char *after = at + 3;

		if ((*at != '4' && *at != '5') || (at > text && (g_ascii_isalnum(at[-1]) || at[-1] == '.')) ||
		    !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]))
			continue;
		after += strspn(after, " -:;#(");
		if (after > at + 3 && status_at(after, "45") > 0)
			return after;
	}
	return NULL;
}

/* As a server's answer has it, else for good and alone; "" for none. */
static void status_in(const char *text, char out[STATUS_BYTES])
{
	const char *at = answered_status(text);

	for (const char *from = text; at == NULL && *from != '\0'; from++)
		if ((from == text || strchr(" \t(#\n", from[-1]) != NULL) && status_at(from, "5") > 0)
			at = from;
	(void)snprintf(out, STATUS_BYTES, "%.*s", at != NULL ? (int)status_at(at, "45") : 0,
	    at != NULL ? at : "");
}

/* It failed, and no more is said. */
static bool is_vague(const char *status)
{
	static const char *const vague[] = { "", "5.0.0", "5.1.0", "5.3.0", "5.4.1", "5.5.0" };

	for (size_t i = 0; i < sizeof(vague) / sizeof(vague[0]); i++)
		if (strcmp(status, vague[i]) == 0)
			return true;
	return false;
}

/* --- one recipient ----------------------------------------------------------------------------- */

struct group {
	char	final[FIELD_BYTES_MAX], original[FIELD_BYTES_MAX], action[64], status[64],
		diagnostic[FIELD_BYTES_MAX];
};

/* "rfc822; <a@b>" -> "a@b". */
static json_t *bare_address(const char *address)
{
	const char *semicolon = strchr(address, ';');
	char *bare;
	json_t *out;

	address = semicolon != NULL ? semicolon + 1 : address;
	address += strspn(address, " \t<");
	bare = g_strndup(address, strcspn(address, " \t\r\n>"));
	out = mail_field(bare, FIELD_BYTES_MAX);
	g_free(bare);
	return out;
}

/* Exchange Online says so of who is not in its directory; others write 5.4.1 for a host that
 * does not answer, and Postfix these words for its owner's rules. */
static bool is_no_entry(const char *status, const char *diagnostic)
{
	return strcmp(status, "5.4.1") == 0 &&
	    strcasestr(diagnostic, "recipient address rejected: access denied") != NULL;
}

static bool is_nobody(const char *status, const char *diagnostic)
{
	return is_no_entry(status, diagnostic) ||
	    (is_vague(status) && reply_words_blame_mailbox(diagnostic, strlen(diagnostic)));
}

static void recipient_push(json_t *list, const struct group *g)
{
	char said[STATUS_BYTES], status[STATUS_BYTES], action[sizeof(g->action)];
	const char *address = g->final[0] != '\0' ? g->final : g->original;

	if (json_array_size(list) == MAIL_RECIPIENTS_MAX)
		return;
	(void)snprintf(status, sizeof(status), "%.*s", (int)status_at(g->status, "245"), g->status);
	status_in(g->diagnostic, said);
	if (is_vague(status) && said[0] != '\0')
		(void)snprintf(status, sizeof(status), "%s", said);
	(void)snprintf(action, sizeof(action), "%.*s", (int)strcspn(g->action, " \t(;"), g->action);
	json_push(list, json_pack("{s:o, s:o, s:o, s:s, s:b, s:o}", "address", bare_address(address),
	    "original", bare_address(g->original), "action", mail_field(action, 20), "status", status,
	    "nobody", (int)is_nobody(status, g->diagnostic),
	    "code", mail_field(g->diagnostic, 200)));
}

/* --- message/delivery-status -------------------------------------------------------------------- */

static void field_take(struct group *g, const char *name, const char *value)
{
	const struct { const char *name; char *to; size_t room; } fields[] = {
		{ "Original-Recipient", g->original, sizeof(g->original) },
		{ "Final-Recipient", g->final, sizeof(g->final) },
		{ "Action", g->action, sizeof(g->action) },
		{ "Status", g->status, sizeof(g->status) },
		{ "Diagnostic-Code", g->diagnostic, sizeof(g->diagnostic) },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (g_ascii_strcasecmp(name, fields[i].name) == 0 && fields[i].to[0] == '\0')
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
			g_strchomp(line);
			field_take(&g, line, colon + 1);
		}
		if ((line[0] == '\0' || next == NULL) && g.action[0] != '\0') {
			recipient_push(list, &g);
			g = (struct group){ 0 };
		}
		line = next != NULL ? next + 1 : NULL;
	}
}

static bool is_of(GMimeObject *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

static void take_part(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	const bool status = is_of(part, "message", "delivery-status") ||
	    is_of(part, "message", "global-delivery-status");
	struct reporting *r = arg;
	char *bytes;
	size_t len;

	(void)parent;
	if (GMIME_IS_MESSAGE_PART(part)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
		const char *id = inner != NULL ? g_mime_message_get_message_id(inner) : NULL;

		if (id != NULL && json_array_size(r->ids) < IDS_MAX)
			json_push(r->ids, mail_field(id, ID_BYTES_MAX));
		return;
	}
	if (!GMIME_IS_PART(part) || !(status || is_of(part, "text", "rfc822-headers") ||
	    is_of(part, "message", "*")))
		return;
	bytes = mail_part_bytes(r->ctx, GMIME_PART(part), &len);
	mail_ids_in(bytes, r->ids);
	if (status)
		status_groups(bytes, r->recipients);
	talloc_free(bytes);
}

void mail_ids_in(const char *text, json_t *ids)
{
	while ((text = strchr(text, '<')) != NULL && json_array_size(ids) < IDS_MAX) {
		const size_t len = strcspn(++text, "<> \t\r\n");

		if (text[len] == '>' && len > 0 && len <= ID_BYTES_MAX && memchr(text, '@', len) != NULL) {
			char *id = g_strndup(text, len);

			json_push(ids, mail_field(id, ID_BYTES_MAX));
			g_free(id);
		}
		text += len;
	}
}

/* --- plain words ------------------------------------------------------------------------------------ */

static const char *header(GMimeMessage *message, const char *name)
{
	const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);

	return value != NULL ? value : "";
}

static bool is_from_relay(GMimeMessage *message)
{
	const char *from = header(message, "From"), *path = header(message, "Return-Path");

	return strcasestr(from, "mailer-daemon") != NULL || strcasestr(from, "postmaster@") != NULL ||
	    strcmp(path + strspn(path, " \t"), "<>") == 0;
}

static bool only_waits(GMimeMessage *message, const char *text)
{
	return strcasestr(header(message, "Subject"), "delayed") != NULL ||
	    strcasestr(header(message, "Subject"), "warning") != NULL ||
	    strcasestr(text, "not yet been delivered") != NULL || strcasestr(text, "will be retried") != NULL;
}

static bool is_known(const char *text)
{
	static const char *const greetings[] = { "Hi. This is the ", "Sorry, we were unable to deliver",
	    "This message was created automatically by mail delivery software" };

	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++)
		if (strncmp(text, greetings[i], strlen(greetings[i])) == 0)
			return true;
	return false;
}

/* An address alone on its line, as "<a@b>:" or indented; false: it is none. */
static bool address_line(const char *line, size_t len, char out[FIELD_BYTES_MAX])
{
	size_t n, end;

	while (len > 0 && strchr(" \t<", *line) != NULL) {
		line++;
		len--;
	}
	while (len > 0 && strchr(" \t\r>:", line[len - 1]) != NULL)
		len--;
	if (len < 3 || len >= FIELD_BYTES_MAX)
		return false;
	memcpy(out, line, len);
	out[len] = '\0';
	n = strcspn(out, "@");
	end = strcspn(out, " \t<>\"(),;");
	return n > 0 && n + 1 < len && end == len && strchr(out + n + 1, '@') == NULL;
}

static bool is_refusal(const char *diagnostic)
{
	char status[STATUS_BYTES];
	const char *code = strstr(diagnostic, "55");

	status_in(diagnostic, status);
	return status[0] == '5' || reply_words_blame_mailbox(diagnostic, strlen(diagnostic)) ||
	    (code != NULL && g_ascii_isdigit(code[2]) && (code[3] == ' ' || code[3] == '-'));
}

/* What stands under an address, up to an empty line or the copy of the message. */
static void text_groups(const char *text, bool known, json_t *list)
{
	struct group g = { .action = "failed" };
	bool open = false;

	for (const char *line = text; line != NULL;) {
		const char *next = strchr(line, '\n');
		const size_t len = next != NULL ? (size_t)(next - line) : strlen(line);
		const bool ends = len <= 1 || strncmp(line, "---", 3) == 0 || next == NULL;
		const size_t used = strlen(g.diagnostic);
		char address[FIELD_BYTES_MAX];

		if (open && len > 1 && strncmp(line, "---", 3) != 0)
			(void)snprintf(g.diagnostic + used, sizeof(g.diagnostic) - used, "%.*s\n", (int)MIN(len,
			    sizeof(g.diagnostic)), line);
		if (open && ends && g.diagnostic[0] != '\0') {
			if (known || is_refusal(g.diagnostic))
				recipient_push(list, &g);
			open = false;
		}
		if (strncmp(line, "---", 3) == 0)
			return;
		if (!open && address_line(line, len, address)) {
			g = (struct group){ .action = "failed" };
			(void)snprintf(g.final, sizeof(g.final), "%s", address);
			open = true;
		}
		line = next != NULL ? next + 1 : NULL;
	}
}

/* Exim names them in a header, and what was said under each in the text. */
static void exim_recipients(char *failed, const char *text, json_t *list)
{
	char *rest = failed;

	while (rest != NULL) {
		char *comma = strchr(rest, ',');
		struct group g = { .action = "failed" };
		const char *said;

		if (comma != NULL)
			*comma = '\0';
		(void)snprintf(g.final, sizeof(g.final), "%s", g_strstrip(rest));
		said = g.final[0] != '\0' ? strcasestr(text, g.final) : NULL;
		(void)snprintf(g.diagnostic, sizeof(g.diagnostic), "%s", said != NULL ? said : text);
		if (g.final[0] != '\0')
			recipient_push(list, &g);
		rest = comma != NULL ? comma + 1 : NULL;
	}
}

void mail_report_read(void *ctx, GMimeMessage *message, const char *text, json_t *recipients,
    json_t *ids)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);
	struct reporting r = { .ctx = ctx, .recipients = recipients, .ids = ids };
	char *failed = g_strdup(header(message, "X-Failed-Recipients"));

	if (root != NULL && GMIME_IS_MULTIPART(root))
		g_mime_multipart_foreach(GMIME_MULTIPART(root), take_part, &r);
	else if (root != NULL)
		take_part(NULL, root, &r);
	if (json_array_size(recipients) == 0 && failed[0] != '\0')
		exim_recipients(failed, text, recipients);
	if (json_array_size(recipients) == 0 && !only_waits(message, text) &&
	    (is_known(text) || is_from_relay(message)))
		text_groups(text, is_known(text), recipients);
	if (json_array_size(recipients) > 0)
		mail_ids_in(text, ids);
	g_free(failed);
}
