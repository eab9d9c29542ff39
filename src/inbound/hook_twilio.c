/* hook_twilio.c - Twilio's calls; see sms_hook.h.
 *
 * The signature is base64 of HMAC-SHA1 under the auth token over the address and, sorted
 * by bytes, each name of the form with its value; a name that comes again counts once for
 * each distinct value.  The address may or may not name the default port.
 *
 * Source:  twilio.com/docs/usage/security; twilio.com/docs/messaging/guides.
 */
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/secret.h"
#include "base/str.h"
#include "inbound/sms_hook_each.h"
#include "net/digest.h"

#define SIGNED_BYTES_MAX (64 * 1024)
#define SIGNATURE_BYTES 29		/* base64 of 20 bytes, and the closing NUL */

/* --- the signature -------------------------------------------------------------------- */

static int pair_order(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	const int by_name = strcmp(x->name, y->name);

	return by_name != 0 ? by_name : strcmp(x->value, y->value);
}

static bool signs(void *ctx, const char *url, const struct pairs *form,
    const struct sms_hook_keys *keys, const char *signature)
{
	struct pairs *sorted = talloc_memdup(ctx, form, sizeof(*form));
	uint8_t digest[DIGEST_SHA1_BYTES];
	char text[SIGNATURE_BYTES];
	struct str all;

	must(sorted != NULL);
	qsort(sorted->at, sorted->count, sizeof(sorted->at[0]), pair_order);
	str_init(&all, ctx, SIGNED_BYTES_MAX);
	str_put(&all, url);
	for (size_t i = 0; i < sorted->count; i++) {
		if (i > 0 && pair_order(&sorted->at[i], &sorted->at[i - 1]) == 0)
			continue;
		str_put(&all, sorted->at[i].name);
		str_put(&all, sorted->at[i].value);
	}
	if (!str_ok(&all))
		return false;
	digest_hmac(DIGEST_SHA1, keys->secret, strlen(keys->secret), all.at, all.len, digest);
	base64_text(digest, sizeof(digest), text, sizeof(text));
	return strlen(signature) == SIGNATURE_BYTES - 1 &&
	    secret_equal(signature, text, SIGNATURE_BYTES - 1);
}

/* The same address with its default port named, or not named. */
static char *other_spelling(void *ctx, const char *url)
{
	const bool tls = strncmp(url, "https://", 8) == 0;
	const char *host = url + (tls ? 8 : 7), *end = host + strcspn(host, "/?");
	const char *colon = memchr(host, ':', (size_t)(end - host));
	char *made = colon != NULL ?
	    talloc_asprintf(ctx, "%.*s%s", (int)(colon - url), url, end) :
	    talloc_asprintf(ctx, "%.*s:%d%s", (int)(end - url), url, tls ? 443 : 80, end);

	must(made != NULL);
	return made;
}

static enum hook_verdict read_signed(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct pairs *form)
{
	const char *signature = call->header(call->header_arg, "X-Twilio-Signature");

	if (keys->secret[0] == '\0' || signature[0] == '\0')
		return HOOK_FORGED;
	if (!pairs_read(form, ctx, call->body.at, call->body.len))
		return HOOK_ODD;
	return signs(ctx, keys->url, form, keys, signature) ||
	    signs(ctx, other_spelling(ctx, keys->url), form, keys, signature) ? HOOK_GOOD :
	    HOOK_FORGED;
}

/* --- what is said ------------------------------------------------------------------------ */

/* Which codes are about the number; of all others the carrier, the text or our account is
 * the cause. */
static enum sms_report_state not_delivered(const char *code)
{
	static const struct { const char *code; enum sms_report_state state; } known[] = {
		{ "", SMS_REPORT_FAILED }, { "0", SMS_REPORT_FAILED },
		{ "30003", SMS_REPORT_FAILED },		/* switched off, out of reach */
		{ "30008", SMS_REPORT_FAILED },		/* unknown */
		{ "21211", SMS_REPORT_DEAD }, { "21614", SMS_REPORT_DEAD },
		{ "30004", SMS_REPORT_DEAD },		/* its owner blocks us */
		{ "30005", SMS_REPORT_DEAD },		/* nobody has it */
		{ "30006", SMS_REPORT_DEAD },		/* a land line */
		{ "21610", SMS_REPORT_OPTED_OUT },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(code, known[i].code) == 0)
			return known[i].state;
	return SMS_REPORT_STOPPED;
}

enum hook_verdict hook_twilio_report(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_report *out)
{
	struct pairs form;
	const enum hook_verdict verdict = read_signed(ctx, call, keys, &form);
	const char *status, *error;

	if (verdict != HOOK_GOOD)
		return verdict;
	status = pairs_value(&form, "MessageStatus");
	error = pairs_value(&form, "ErrorCode");
	out->provider_id = pairs_value(&form, "MessageSid");
	out->code = error[0] != '\0' && strcmp(error, "0") != 0 ? error : status;
	if (strcmp(status, "delivered") == 0 || strcmp(status, "read") == 0)
		out->state = SMS_REPORT_DELIVERED;
	else if (strcmp(status, "failed") == 0 || strcmp(status, "undelivered") == 0)
		out->state = not_delivered(error);
	else if (strcmp(status, "canceled") == 0)
		out->state = SMS_REPORT_FAILED;
	return status[0] != '\0' ? HOOK_GOOD : HOOK_ODD;
}

enum hook_verdict hook_twilio_reply(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_reply *out)
{
	struct pairs form;
	const enum hook_verdict verdict = read_signed(ctx, call, keys, &form);

	if (verdict != HOOK_GOOD)
		return verdict;
	*out = (struct sms_reply){ .provider_id = pairs_value(&form, "MessageSid"),
	    .from = pairs_value(&form, "From"), .to = pairs_value(&form, "To"),
	    .text = pairs_value(&form, "Body"),
	    .stop = strcmp(pairs_value(&form, "OptOutType"), "STOP") == 0 };
	return out->provider_id[0] != '\0' && out->from[0] != '\0' ? HOOK_GOOD : HOOK_ODD;
}
