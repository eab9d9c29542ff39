/* letter.c - see letter.h. */
#include "engine/letter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "compose/compose.h"
#include "engine/hook_run.h"
#include "engine/wire_settings.h"
#include "net/mime.h"

/* HMAC(key, label 1F contact 1F generation), as text. */
static void derive(const struct engine *e, const char *label, int64_t contact_id,
    int generation, char out[TOKEN_TEXT_BYTES])
{
	uint8_t hash[HASH_BYTES];
	char text[80];
	struct piece piece = { .at = text };

	piece.len = (size_t)snprintf(text, sizeof(text), "%s\x1f%" PRId64 "\x1f%d", label,
	    contact_id, generation);
	hmac_sha256(&e->link_key, &piece, 1, hash);
	token_text(hash, out);
}

void letter_token(const struct engine *e, int64_t contact_id, int generation,
    char token[TOKEN_TEXT_BYTES])
{
	derive(e, "link-v1", contact_id, generation, token);
}

void letter_return_token(const struct engine *e, int64_t contact_id,
    char token[TOKEN_TEXT_BYTES])
{
	derive(e, "bounce-v1", contact_id, 1, token);
}

void letter_message_token(const struct engine *e, int64_t contact_id,
    char token[TOKEN_TEXT_BYTES])
{
	derive(e, "message-id-v1", contact_id, 1, token);
}

void letter_token_hash(const char *token, char out[HASH_HEX_BYTES])
{
	sha256_hex(token, strlen(token), out);
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "localhost";
}

/* As it stands in headers that know nothing but ASCII (RFC 5322, 3.6.4; RFC 5890). */
static const char *domain_in_ascii(void *ctx, const char *domain)
{
	const char *address = talloc_asprintf(ctx, "x@%s", domain);

	must(address != NULL);
	return domain_of(mime_idn_address(ctx, address));
}

static bool set_email(struct engine *e, void *ctx, const struct dossier *d,
    const struct contact_record *c, struct message *out, struct err *err)
{
	const char *const *text = d->settings->text;
	const char *domain = domain_in_ascii(ctx, text[CREDITOR_BOUNCE_DOMAIN][0] != '\0' ?
	    text[CREDITOR_BOUNCE_DOMAIN] : domain_of(text[CREDITOR_FROM]));
	char id[TOKEN_TEXT_BYTES], verp[TOKEN_TEXT_BYTES], boundary[TOKEN_TEXT_BYTES];
	int64_t first;

	letter_message_token(e, c->id, id);
	letter_return_token(e, c->id, verp);
	derive(e, "boundary-v1", c->id, 1, boundary);
	out->from = text[CREDITOR_FROM];
	out->from_name = d->creditor.name;
	out->reply_to = text[CREDITOR_EMAIL];
	out->message_id = talloc_asprintf(ctx, "%s@%s", id, domain);
	out->envelope_from = talloc_asprintf(ctx, "bounces+%s@%s", verp, domain);
	out->boundary = talloc_asprintf(ctx, "purr-%s", boundary);
	out->feedback_id = talloc_asprintf(ctx, "%s:%s:%s", c->step, d->creditor.external_id, domain);
	if (!outbox_first_mail(e->store, d->debtor.id, c->id, &first, err))
		return false;
	if (first != 0) {
		letter_message_token(e, first, id);
		out->in_reply_to = talloc_asprintf(ctx, "%s@%s", id, domain);
	}
	return true;
}

static void set_letter(void *ctx, const struct dossier *d, const struct message_facts *facts,
    struct message *out)
{
	const char *const *text = d->settings->text;

	out->to_name = d->debtor.name;
	out->from_name = d->creditor.name;
	out->country = text[CREDITOR_COUNTRY];
	out->link_url = facts->link_url;
	out->payment_code = facts->payment_code;
	out->return_line = talloc_asprintf(ctx, "%s%s%s%s%s %s", d->creditor.name,
	    text[CREDITOR_STREET][0] != '\0' ? ", " : "", text[CREDITOR_STREET],
	    text[CREDITOR_CITY][0] != '\0' ? ", " : "", text[CREDITOR_POSTCODE], text[CREDITOR_CITY]);
	must(out->return_line != NULL);
}

/* Until when an operator may call, before what there is to say. */
static char *call_text(void *ctx, const struct dossier *d, const struct decision *decision,
    const char *words)
{
	const struct local_time ends = zone_local(d->facts.debtor_zone, decision->closes_at);
	char day[DAY_TEXT_BYTES], *text = decision->closes_at == 0 ? talloc_strdup(ctx, words) :
	    talloc_asprintf(ctx, "Until %s %02d:%02d, where the debtor is.\n\n%s",
	    day_text(ends.day, day), (int)(ends.second / 3600), (int)(ends.second / 60 % 60), words);

	must(text != NULL);
	return text;
}

bool letter_make(struct engine *e, void *ctx, const struct dossier *d,
    const struct contact_record *c, const struct decision *decision, instant_t now,
    struct message *out, struct err *err)
{
	const char *base = e->cfg->text[CFG_PURR_BASE_URL];
	char token[TOKEN_TEXT_BYTES];
	struct address_record address;
	struct message_facts facts;

	if (!dossier_facts(e, ctx, d, d->today + DOSSIER_AHEAD_DAYS, decision, &facts, err) ||
	    !register_get_address(e->store, ctx, c->address_id, &address, err))
		return false;
	letter_token(e, c->id, LINK_GENERATION, token);
	/* What is said on the telephone is what a letter says. */
	facts.channel = c->channel == CHANNEL_CALL ? CHANNEL_LETTER : c->channel;
	facts.tone = c->tone;
	facts.template = c->template;
	facts.legal_notice = c->legal_notice;
	facts.deadline = decision->deadline_on;
	facts.link_url = talloc_asprintf(ctx, "%s/p/%s", base, token);
	facts.unsubscribe_url = talloc_asprintf(ctx, "%s/u/%s", base, token);
	*out = (struct message){ .contact_id = c->id, .channel = c->channel,
	    .to = address.value, .from = d->settings->text[CREDITOR_SMS_FROM],
	    .date = now, .dead_at = decision->closes_at, .from_name = "", .to_name = "",
	    .reply_to = "", .envelope_from = "", .subject = "", .html = "",
	    .message_id = "", .in_reply_to = "",
	    .unsubscribe_url = c->legal_notice ? "" : facts.unsubscribe_url, .boundary = "",
	    .feedback_id = "", .dlr_url = "", .dlr_url_second = "" };
	if (c->channel == CHANNEL_SMS) {
		out->dlr_url = hook_report_url(e, ctx, SMS_FIRST, c->id);
		out->dlr_url_second = hook_report_url(e, ctx, SMS_SECOND, c->id);
	}
	if (c->channel == CHANNEL_LETTER)
		set_letter(ctx, d, &facts, out);
	if (c->channel == CHANNEL_EMAIL && !set_email(e, ctx, d, c, out, err))
		return false;
	if (!compose_message(policy_library(e->policy), ctx, &facts, out, err))
		return false;
	out->channel = c->channel;
	if (c->channel == CHANNEL_CALL)
		out->text = call_text(ctx, d, decision, out->text);
	return true;
}
