/* mime.c - see mime.h.  GMime does the encoding of words and bodies; what it
 * would choose by itself (boundary, charset, Message-ID) is set here. */
#include "net/mime.h"

#include <string.h>

#include <gmime/gmime.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define CHARSET "utf-8"
#define LINE_CHARS_MAX 78	/* RFC 5322 2.1.1 */

static bool is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

/* For what stands in a header as it is: no blanks, controls or brackets. */
static bool is_token(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		if (*p <= ' ' || *p == 0x7F || *p == '<' || *p == '>')
			return false;
	}
	return true;
}

static bool is_boundary(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= MIME_BOUNDARY_BYTES_MAX &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789'()+_,-./:=?") == len;
}

static bool mail_is_sound(const struct mime_mail *mail, struct err *err)
{
	const struct { const char *name, *text; bool needed; } tokens[] = {
		{ "From", mail->from, true }, { "To", mail->to, true },
		{ "Reply-To", mail->reply_to, false },
		{ "Message-ID", mail->message_id, true },
		{ "In-Reply-To", mail->in_reply_to, false },
		{ "List-Unsubscribe", mail->unsubscribe_url, false },
		{ "Content-Language", mail->lang, false },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (is_empty(tokens[i].text)) {
			if (tokens[i].needed)
				return err_set(err, ERR_INPUT, "e-mail: %s is empty", tokens[i].name);
		} else if (!is_token(tokens[i].text)) {
			return err_set(err, ERR_INPUT,
			    "e-mail: %s holds blanks, brackets or control characters",
			    tokens[i].name);
		}
	}
	if (mail->text == NULL)
		return err_set(err, ERR_INPUT, "e-mail: no text part");
	if (!is_empty(mail->html) && (is_empty(mail->boundary) || !is_boundary(mail->boundary)))
		return err_set(err, ERR_INPUT, "e-mail: the boundary is not one of RFC 2046");
	return true;
}

/* A copy in which control characters are blanks. */
static char *plain_words(void *ctx, const char *text)
{
	char *copy = talloc_strdup(ctx, text);

	must(copy != NULL);
	for (unsigned char *p = (unsigned char *)copy; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7F)
			*p = ' ';
	}
	return copy;
}

static void address_put(void *ctx, InternetAddressList *list, const char *name, const char *address)
{
	InternetAddress *mailbox = internet_address_mailbox_new(
	    is_empty(name) ? NULL : plain_words(ctx, name), address);

	internet_address_set_charset(mailbox, CHARSET);
	(void)internet_address_list_add(list, mailbox);
	g_object_unref(mailbox);
}

static void header_put(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_set_header(GMIME_OBJECT(message), name, value, NULL);
}

/* GMime would encode a long id or URL as words of RFC 2047, which no reader of
 * these headers decodes: they are written raw, on a line of their own when the
 * first is full. */
static void bracketed_put(void *ctx, GMimeMessage *message, const char *name, const char *value)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	const char *fold;
	char *raw;

	if (is_empty(value))
		return;
	fold = strlen(name) + strlen(value) + 4 > LINE_CHARS_MAX ? "\n" : "";
	raw = talloc_asprintf(ctx, "%s <%s>\n", fold, value);
	must(raw != NULL);
	header_put(message, name, "");
	g_mime_header_set_raw_value(g_mime_header_list_get_header(list, name), raw);
}

static void headers_put(void *ctx, GMimeMessage *message, const struct mime_mail *mail)
{
	GDateTime *date = g_date_time_new_from_unix_utc(mail->date);

	must(date != NULL);
	g_mime_message_set_date(message, date);
	g_date_time_unref(date);
	address_put(ctx, g_mime_message_get_from(message), mail->from_name, mail->from);
	address_put(ctx, g_mime_message_get_to(message), mail->to_name, mail->to);
	if (!is_empty(mail->reply_to))
		address_put(ctx, g_mime_message_get_reply_to(message), NULL, mail->reply_to);
	g_mime_message_set_subject(message,
	    plain_words(ctx, mail->subject != NULL ? mail->subject : ""), CHARSET);
	bracketed_put(ctx, message, "Message-ID", mail->message_id);
	bracketed_put(ctx, message, "In-Reply-To", mail->in_reply_to);
	bracketed_put(ctx, message, "References", mail->in_reply_to);
	if (!is_empty(mail->unsubscribe_url)) {
		bracketed_put(ctx, message, "List-Unsubscribe", mail->unsubscribe_url);
		header_put(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
	}
	header_put(message, "Auto-Submitted", "auto-generated");
	header_put(message, "X-Auto-Response-Suppress", "OOF, AutoReply");
	if (!is_empty(mail->lang))
		header_put(message, "Content-Language", mail->lang);
	header_put(message, "MIME-Version", "1.0");
}

static GMimeObject *part_new(const char *subtype, const char *text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeDataWrapper *content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", CHARSET);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

static GMimeObject *body_new(const struct mime_mail *mail)
{
	GMimeObject *text = part_new("plain", mail->text), *html;
	GMimeMultipart *both;

	if (is_empty(mail->html))
		return text;
	html = part_new("html", mail->html);
	both = g_mime_multipart_new_with_subtype("alternative");
	g_mime_multipart_set_boundary(both, mail->boundary);
	g_mime_multipart_add(both, text);
	g_mime_multipart_add(both, html);
	g_object_unref(text);
	g_object_unref(html);
	return GMIME_OBJECT(both);
}

static void bytes_write(GMimeMessage *message, struct str *out)
{
	GMimeFormatOptions *options = g_mime_format_options_new();
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;

	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	(void)g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	str_putn(out, (const char *)bytes->data, bytes->len);
	g_object_unref(stream);
	g_mime_format_options_free(options);
}

bool mime_build(const struct mime_mail *mail, struct str *out, struct err *err)
{
	static bool started;
	GMimeMessage *message;
	GMimeObject *body;
	void *ctx;

	if (!mail_is_sound(mail, err))
		return false;
	if (!started) {
		g_mime_init();
		started = true;
	}
	ctx = talloc_new(out->ctx);
	must(ctx != NULL);
	message = g_mime_message_new(FALSE);
	headers_put(ctx, message, mail);
	body = body_new(mail);
	g_mime_message_set_mime_part(message, body);
	bytes_write(message, out);
	g_object_unref(body);
	g_object_unref(message);
	talloc_free(ctx);
	if (!str_ok(out))
		return err_set(err, ERR_INPUT, "e-mail: longer than %d bytes", MIME_BYTES_MAX);
	return true;
}
