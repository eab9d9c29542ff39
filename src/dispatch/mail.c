/* mail.c - see mail.h. */
#include "dispatch/mail.h"

#include "base/err.h"
#include "base/must.h"
#include "net/mime.h"

bool mail_bytes(const struct message *message, void *ctx, struct str *out)
{
	struct mime_mail mail = {
		.date = message->date,
		.from = message->from, .from_name = message->from_name,
		.to = message->to, .to_name = message->to_name,
		.reply_to = message->reply_to, .subject = message->subject,
		.lang = message->lang, .text = message->text, .html = message->html,
		.message_id = message->message_id, .in_reply_to = message->in_reply_to,
		.unsubscribe_url = message->unsubscribe_url, .boundary = message->boundary,
		.feedback_id = message->feedback_id,
	};
	struct err err = { 0 };

	must(message->channel == CHANNEL_EMAIL);
	str_init(out, ctx, MIME_BYTES_MAX);
	return message->envelope_from != NULL && message->to != NULL &&
	    mime_build(&mail, out, &err);
}
