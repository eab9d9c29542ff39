/* mime.c - see mime.h.
 *
 * GMime encodes the words of headers and the bodies; the lines around them are
 * written here.  Its object tree would do that too, at five times the cost,
 * and encodes a long URL of List-Unsubscribe as words of RFC 2047, which no
 * reader of that header decodes.
 */
#include "net/mime.h"

#include <string.h>

#include <gmime/gmime.h>
#include <talloc.h>

#include "base/date.h"
#include "base/err.h"
#include "base/must.h"

#define CHARSET "utf-8"
#define LINE_CHARS_MAX 78	/* RFC 5322 2.1.1 */

static bool is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

static bool has_eighth_bit(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text != '\0';
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
		{ "Feedback-ID", mail->feedback_id, false },
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
	if (strlen(mail->text) > MIME_BYTES_MAX ||
	    (mail->html != NULL && strlen(mail->html) > MIME_BYTES_MAX))
		return err_set(err, ERR_INPUT, "e-mail: longer than %d bytes", MIME_BYTES_MAX);
	if (mail->date < 0 || mail->date > INSTANT_MAX)
		return err_set(err, ERR_INPUT, "e-mail: the date is out of range");
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

/* One header, folded at blanks so that lines stay short where they can. */
static void header_put(struct str *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 1;

	str_put(out, name);
	str_putc(out, ':');
	while (*value != '\0') {
		size_t word = strcspn(value, " ");

		if (word > 0 && column + 1 + word > LINE_CHARS_MAX) {
			str_put(out, "\r\n");
			column = 0;
		}
		str_putc(out, ' ');
		str_putn(out, value, word);
		column += 1 + word;
		value += word;
		if (*value == ' ')
			value++;
	}
	str_put(out, "\r\n");
}

char *mime_idn_address(void *ctx, const char *address)
{
	InternetAddress *mailbox;
	char *out;

	if (!has_eighth_bit(address))
		return talloc_strdup(ctx, address);
	mailbox = internet_address_mailbox_new(NULL, address);
	out = talloc_strdup(ctx, internet_address_mailbox_get_idn_addr(
	    INTERNET_ADDRESS_MAILBOX(mailbox)));
	g_object_unref(mailbox);
	must(out != NULL);
	return out;
}

/* "Name <address>", the name in words of RFC 2047 or in quotes where needed. */
static void address_put(void *ctx, struct str *out, const char *header, const char *name,
    const char *address)
{
	InternetAddress *mailbox = NULL;
	char *words = NULL, *value;

	if (has_eighth_bit(address)) {		/* the domain becomes xn--... */
		mailbox = internet_address_mailbox_new(NULL, address);
		address = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(mailbox));
	}
	if (!is_empty(name))
		words = g_mime_utils_header_encode_phrase(NULL, plain_words(ctx, name), CHARSET);
	value = words != NULL ? talloc_asprintf(ctx, "%s <%s>", words, address) :
	    talloc_strdup(ctx, address);
	must(value != NULL);
	header_put(out, header, value);
	g_free(words);
	if (mailbox != NULL)
		g_object_unref(mailbox);
}

static void subject_put(void *ctx, struct str *out, const char *subject)
{
	char *words = g_mime_utils_header_encode_text(NULL, plain_words(ctx, subject), CHARSET);

	must(words != NULL);
	header_put(out, "Subject", words);
	g_free(words);
}

static void bracketed_put(struct str *out, const char *name, const char *value)
{
	const char *fold = strlen(name) + strlen(value) + 4 > LINE_CHARS_MAX ? "\r\n" : "";

	str_printf(out, "%s:%s <%s>\r\n", name, fold, value);
}

static void date_put(struct str *out, instant_t date)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec" };
	day_t day = instant_utc_day(date);
	int second = (int)(date - day_instant_utc(day));
	struct ymd ymd = day_ymd(day);

	str_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
	    weekdays[day_weekday(day) - 1], ymd.day, months[ymd.month - 1], ymd.year,
	    second / 3600, second / 60 % 60, second % 60);
}

static void headers_put(void *ctx, struct str *out, const struct mime_mail *mail)
{
	date_put(out, mail->date);
	address_put(ctx, out, "From", mail->from_name, mail->from);
	address_put(ctx, out, "To", mail->to_name, mail->to);
	if (!is_empty(mail->reply_to))
		address_put(ctx, out, "Reply-To", NULL, mail->reply_to);
	subject_put(ctx, out, mail->subject != NULL ? mail->subject : "");
	bracketed_put(out, "Message-ID", mail->message_id);
	if (!is_empty(mail->in_reply_to)) {
		bracketed_put(out, "In-Reply-To", mail->in_reply_to);
		bracketed_put(out, "References", mail->in_reply_to);
	}
	if (!is_empty(mail->unsubscribe_url)) {
		bracketed_put(out, "List-Unsubscribe", mail->unsubscribe_url);
		header_put(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
	}
	if (!is_empty(mail->feedback_id))
		header_put(out, "Feedback-ID", mail->feedback_id);
	header_put(out, "Auto-Submitted", "auto-generated");
	header_put(out, "X-Auto-Response-Suppress", "OOF, AutoReply");
	if (!is_empty(mail->lang))
		header_put(out, "Content-Language", mail->lang);
	header_put(out, "MIME-Version", "1.0");
}

static void part_put(void *ctx, struct str *out, const char *subtype, const char *text)
{
	size_t len = strlen(text), used;
	GMimeEncoding encoding;
	char *encoded, *at, *end;

	str_printf(out, "Content-Type: text/%s; charset=" CHARSET "\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", subtype);
	g_mime_encoding_init_encode(&encoding, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	encoded = talloc_array(ctx, char, (unsigned)g_mime_encoding_outlen(&encoding, len) + 1);
	must(encoded != NULL);
	used = g_mime_encoding_flush(&encoding, text, len, encoded);
	encoded[used] = '\0';
	for (at = encoded; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		str_putn(out, at, (size_t)(end - at));
		str_put(out, "\r\n");
	}
	str_put(out, at);
}

static void body_put(void *ctx, struct str *out, const struct mime_mail *mail)
{
	if (is_empty(mail->html)) {
		part_put(ctx, out, "plain", mail->text);
		return;
	}
	str_printf(out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n",
	    mail->boundary, mail->boundary);
	part_put(ctx, out, "plain", mail->text);
	str_printf(out, "\r\n--%s\r\n", mail->boundary);
	part_put(ctx, out, "html", mail->html);
	str_printf(out, "\r\n--%s--\r\n", mail->boundary);
}

bool mime_build(const struct mime_mail *mail, struct str *out, struct err *err)
{
	static bool started;
	void *ctx;

	if (!mail_is_sound(mail, err))
		return false;
	if (!started) {
		g_mime_init();
		started = true;
	}
	ctx = talloc_new(out->ctx);
	must(ctx != NULL);
	headers_put(ctx, out, mail);
	body_put(ctx, out, mail);
	talloc_free(ctx);
	if (!str_ok(out))
		return err_set(err, ERR_INPUT, "e-mail: longer than %d bytes", MIME_BYTES_MAX);
	return true;
}
