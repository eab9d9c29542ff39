/* mail_text.c - see mail_text.h. */
#include "net/mail_text.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"
#include "net/html_entity.h"
#include "net/html_text.h"

#define TEXT_BYTES_MAX ((size_t)1024 * 1024)	/* of one message, plain */
#define HTML_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct collecting {
	void			*ctx;
	struct str		 plain, html;
	struct mail_text	*out;
};

char *mail_part_bytes(void *ctx, GMimePart *part, size_t *len)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *memory = g_mime_stream_mem_new();
	GByteArray *bytes;
	char *out;

	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	*len = bytes->len;
	out = talloc_array(ctx, char, bytes->len + 1);
	must(out != NULL);
	if (bytes->len > 0)
		memcpy(out, bytes->data, bytes->len);
	out[bytes->len] = '\0';
	g_object_unref(memory);
	return out;
}

/* --- charsets ---------------------------------------------------------------------------- */

static void put_1252(struct str *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		letter_put(out, letter_of_1252((unsigned char)bytes[i]));
}

/* Those that stand for "one byte a letter, and I have not thought about it". */
static bool is_plain_charset(const char *name)
{
	static const char *const names[] = { "us-ascii", "ascii", "utf-8", "utf8", "iso-8859-1",
	    "latin1", "windows-1252", "cp1252", "x-unknown", "unknown-8bit" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Any bytes are good in these; Latin-1 is written by those who mean windows-1252. */
static bool means_1252(const char *name)
{
	return g_ascii_strcasecmp(name, "iso-8859-1") == 0 || g_ascii_strcasecmp(name, "latin1") == 0 ||
	    g_ascii_strcasecmp(name, "windows-1252") == 0 || g_ascii_strcasecmp(name, "cp1252") == 0;
}

static void put_utf8(struct str *out, const char *bytes, size_t len, const char *charset)
{
	gsize made = 0;
	char *changed = charset == NULL || is_plain_charset(charset) ? NULL :
	    g_convert(bytes, (gssize)len, "UTF-8", g_mime_charset_iconv_name(charset), NULL, &made, NULL);

	if (changed != NULL)
		str_putn(out, changed, made);
	else if (utf8_is_valid(bytes, len) && !(charset != NULL && means_1252(charset)))
		str_putn(out, bytes, len);
	else
		put_1252(out, bytes, len);
	g_free(changed);
}

/* --- parts ----------------------------------------------------------------------------------- */

static bool is_of(GMimeObject *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

static bool is_attached(GMimeObject *part)
{
	const char *disposition = g_mime_object_get_disposition(part);

	return (disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0) ||
	    (GMIME_IS_PART(part) && g_mime_part_get_filename(GMIME_PART(part)) != NULL);
}

/* A picture in the words, such as a signature's. */
static bool is_shown_inside(GMimeObject *part)
{
	return is_of(part, "image", "*") && g_mime_object_get_content_id(part) != NULL;
}

static void take_part(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	struct collecting *c = arg;
	const bool plain = is_of(part, "text", "plain"), html = is_of(part, "text", "html");
	struct str *to = plain ? &c->plain : &c->html;
	const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
	char *bytes;
	size_t len;

	(void)parent;
	if (GMIME_IS_MULTIPART(part))
		return;
	if (GMIME_IS_MESSAGE_PART(part) || (is_attached(part) && !is_shown_inside(part)))
		c->out->attachments++;
	if (is_attached(part) || !GMIME_IS_PART(part) || !(plain || html))
		return;
	bytes = mail_part_bytes(c->ctx, GMIME_PART(part), &len);
	if (to->len > 0 && to->at[to->len - 1] != '\n')
		str_putc(to, '\n');
	put_utf8(to, bytes, len, charset);
	talloc_free(bytes);
}

static bool is_empty(const struct str *s)
{
	return view_trim((struct view){ s->at, s->len }).len == 0;
}

static void without_zeros(struct str *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->at[i] == '\0')
			s->at[i] = ' ';
}

void mail_text_read(void *ctx, GMimeMessage *message, struct mail_text *out)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);
	struct collecting c = { .ctx = ctx, .out = out };

	*out = (struct mail_text){ 0 };
	str_init(&c.plain, ctx, TEXT_BYTES_MAX);
	str_init(&c.html, ctx, HTML_BYTES_MAX);
	if (root != NULL && GMIME_IS_MULTIPART(root))
		g_mime_multipart_foreach(GMIME_MULTIPART(root), take_part, &c);
	else if (root != NULL)
		take_part(NULL, root, &c);
	if (is_empty(&c.plain) && !is_empty(&c.html)) {
		str_clear(&c.plain);
		html_text(c.html.at, c.html.len, &c.plain);
		c.plain.over |= c.html.over;
	}
	out->cut = c.plain.over;
	without_zeros(&c.plain);
	out->text = str_take(&c.plain);
	str_release(&c.html);
}
