/* compose.c - see compose.h. */
#include "compose/compose.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "compose/library.h"
#include "compose/slots.h"
#include "compose/text.h"
#include "model/sms.h"

#define MESSAGE_TEXT_BYTES_MAX (512 * 1024)
#define SUBJECT_BYTES_MAX 400

/* Partials that had nothing to say leave blank lines: one is enough, and none
 * at the ends.  A text of one line (an SMS) has no line end. */
static void tidy(char *text, bool ends_with_line)
{
	char *to = text;
	int line_ends = 2;	/* none may stand at the start */

	for (const char *from = text; *from != '\0'; from++) {
		line_ends = *from == '\n' ? line_ends + 1 : 0;
		if (line_ends <= 2)
			*to++ = *from;
	}
	while (to > text && to[-1] == '\n')
		to--;
	if (ends_with_line && to > text)
		*to++ = '\n';
	*to = '\0';
}

static char *render(void *ctx, const struct tmpl_bound *bound, const struct slots *slots,
    size_t bytes_max, struct err *err)
{
	struct str out;

	str_init(&out, ctx, bytes_max);
	if (!tmpl_bound_render(bound, slots, &out, err)) {
		str_release(&out);
		return NULL;
	}
	return str_take(&out);
}

static bool requirements_met(const struct source *s, const struct message_facts *facts,
    const struct slots *slots, struct err *err)
{
	for (size_t i = 0; i < s->require_count; i++)
		if (!slots_have(slots, s->requires[i]))
			return err_set(err, ERR_INPUT, "%s: %.*s is required and missing",
			    s->path, (int)s->requires[i].len, s->requires[i].at);
	if (facts->legal_notice && !s->legal_notice)
		return err_set(err, ERR_INPUT, "%s: asked for as a legal notice, and does not "
		    "say 'legal_notice: yes'", s->path);
	return true;
}

static bool render_all(const struct text *text, void *ctx, const struct slots *slots,
    struct message *out, struct err *err)
{
	const bool sms = text->source->channel == CHANNEL_SMS;
	char *subject = NULL, *body, *html = NULL;

	body = render(ctx, text->body, slots, MESSAGE_TEXT_BYTES_MAX, err);
	if (body == NULL)
		return false;
	tidy(body, !sms);
	if (sms)
		body = sms_plain(ctx, body);
	if (text->subject != NULL) {
		subject = render(ctx, text->subject, slots, SUBJECT_BYTES_MAX, err);
		if (subject == NULL)
			return false;
	}
	if (text->html != NULL) {
		html = render(ctx, text->html, slots, MESSAGE_TEXT_BYTES_MAX, err);
		if (html == NULL)
			return false;
		tidy(html, true);
	}
	out->text = body;
	out->subject = subject != NULL ? subject : "";
	out->html = html != NULL ? html : "";
	return true;
}

bool compose_message(const struct library *lib, void *ctx,
    const struct message_facts *facts, struct message *out, struct err *err)
{
	const struct text *text = library_find(lib, facts->channel, facts->lang,
	    facts->template, facts->tone);
	struct slots slots;
	void *scratch;
	bool ok;

	if (text == NULL)
		return err_set(err, ERR_INPUT, "no text: templates/%s/%.20s/%.60s.%s.mustache",
		    channel_name(facts->channel), facts->lang, facts->template,
		    tone_name(facts->tone));
	scratch = talloc_new(ctx);
	must(scratch != NULL);
	ok = slots_fill(&slots, scratch, facts, err);
	if (!ok)
		err_prefix(err, "%s", text->source->path);
	ok = ok && requirements_met(text->source, facts, &slots, err) &&
	    render_all(text, ctx, &slots, out, err);
	if (ok) {
		out->channel = facts->channel;
		out->lang = text->source->lang;
	}
	talloc_free(scratch);
	return ok;
}
