/* sms_hook.c - see sms_hook.h: which provider, and the two that sign nothing.  Twilio and
 * GatewayAPI have files of their own. */
#include "inbound/sms_hook.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/secret.h"
#include "inbound/sms_hook_each.h"

/* --- Kannel ------------------------------------------------------------------------ */

#define DLR_DELIVERED 1
#define DLR_UNDELIVERABLE 2
#define DLR_REFUSED 16

static enum hook_verdict kannel_report(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_report *out)
{
	struct pairs query;
	const char *type;
	char *end;
	long mask;

	(void)keys;
	if (!pairs_read(&query, ctx, call->query.at, call->query.len))
		return HOOK_ODD;
	type = pairs_value(&query, "type");
	mask = strtol(type, &end, 10);
	if (type[0] == '\0' || *end != '\0')
		return HOOK_ODD;
	out->code = type;
	out->state = mask == DLR_DELIVERED ? SMS_REPORT_DELIVERED :
	    mask == DLR_UNDELIVERABLE ? SMS_REPORT_FAILED :
	    mask == DLR_REFUSED ? SMS_REPORT_STOPPED : SMS_REPORT_ON_ITS_WAY;
	return HOOK_GOOD;
}

/* NULL: no whole characters, or a zero among them. */
static char *utf16be_text(void *ctx, const char *at, size_t len)
{
	const size_t room = 2 * len;		/* three bytes for two, and four for four */
	char *out = talloc_zero_size(ctx, room + 1), *from = (char *)(uintptr_t)at, *to = out;
	iconv_t change = iconv_open("UTF-8", "UTF-16BE");
	size_t left = len, free_bytes = room;
	bool whole;

	must(out != NULL && change != (iconv_t)-1);
	whole = iconv(change, &from, &left, &to, &free_bytes) != (size_t)-1 && left == 0;
	iconv_close(change);
	return whole && strlen(out) == (size_t)(to - out) ? out : NULL;
}

/* Kannel hands a text on as the centre gave it: UTF-8, or UTF-16BE for UCS-2. */
static char *kannel_text(void *ctx, const struct hook_call *call)
{
	const char *charset = strcasestr(call->content_type, "charset=");

	if (charset != NULL) {
		charset += strlen("charset=");
		charset += charset[0] == '"';
	}
	if (charset != NULL && strncasecmp(charset, "UTF-16", 6) == 0)
		return utf16be_text(ctx, call->body.at, call->body.len);
	return utf8_is_valid(call->body.at, call->body.len) &&
	    memchr(call->body.at, '\0', call->body.len) == NULL ?
	    talloc_strndup(ctx, call->body.at, call->body.len) : NULL;
}

static enum hook_verdict kannel_reply(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_reply *out)
{
	const char *time = call->header(call->header_arg, "X-Kannel-Time");
	char hash[HASH_HEX_BYTES], *whole;

	(void)keys;
	out->from = talloc_strdup(ctx, call->header(call->header_arg, "X-Kannel-From"));
	out->to = talloc_strdup(ctx, call->header(call->header_arg, "X-Kannel-To"));
	out->text = kannel_text(ctx, call);
	must(out->from != NULL && out->to != NULL);
	if (out->text == NULL || out->from[0] == '\0')
		return HOOK_ODD;
	/* It names no message: the same words from the same number in the same second. */
	whole = talloc_asprintf(ctx, "%s\n%s\n%s", out->from, time, out->text);
	must(whole != NULL);
	sha256_hex(whole, strlen(whole), hash);
	out->provider_id = talloc_strdup(ctx, hash);
	return HOOK_GOOD;
}

/* --- 46elks -------------------------------------------------------------------------- */

/* "2018-07-13T13:57:23.741000": UTC, without saying so.  0: not readable. */
static instant_t elks_time(const char *text)
{
	char whole[32];
	instant_t at;
	size_t len = strcspn(text, ".Z");

	if (len + 2 > sizeof(whole))
		return 0;
	memcpy(whole, text, len);
	memcpy(whole + len, "Z", 2);
	return instant_parse(whole, &at, NULL) ? at : 0;
}

static enum hook_verdict elks_report(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_report *out)
{
	struct pairs form;

	(void)keys;
	if (!pairs_read(&form, ctx, call->body.at, call->body.len))
		return HOOK_ODD;
	out->provider_id = pairs_value(&form, "id");
	out->code = pairs_value(&form, "status");
	out->at = elks_time(pairs_value(&form, "delivered"));
	if (strcmp(out->code, "delivered") == 0)
		out->state = SMS_REPORT_DELIVERED;
	else if (strcmp(out->code, "failed") == 0)
		out->state = SMS_REPORT_FAILED;
	else if (strcmp(out->code, "sent") != 0 && strcmp(out->code, "created") != 0)
		return HOOK_ODD;
	return HOOK_GOOD;
}

static enum hook_verdict elks_reply(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_reply *out)
{
	struct pairs form;

	(void)keys;
	if (!pairs_read(&form, ctx, call->body.at, call->body.len) ||
	    strcmp(pairs_value(&form, "direction"), "incoming") != 0)
		return HOOK_ODD;
	*out = (struct sms_reply){ .provider_id = pairs_value(&form, "id"),
	    .from = pairs_value(&form, "from"), .to = pairs_value(&form, "to"),
	    .text = pairs_value(&form, "message"),
	    .at = elks_time(pairs_value(&form, "created")) };
	return out->provider_id[0] != '\0' && out->from[0] != '\0' ? HOOK_GOOD : HOOK_ODD;
}

/* --- which ------------------------------------------------------------------------------ */

static const struct {
	const char	*name;
	hook_report_fn	*report;
	hook_reply_fn	*reply;
} providers[] = {
	{ "kannel", kannel_report, kannel_reply },
	{ "twilio", hook_twilio_report, hook_twilio_reply },
	{ "gatewayapi", hook_gatewayapi_report, hook_gatewayapi_reply },
	{ "46elks", elks_report, elks_reply },
};

#define PROVIDERS (sizeof(providers) / sizeof(providers[0]))

static size_t provider_of(const struct hook_call *call)
{
	size_t i = 0;

	while (i < PROVIDERS && strcmp(providers[i].name, call->provider) != 0)
		i++;
	return i;
}

enum hook_verdict sms_hook_report(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_report *out)
{
	const size_t i = provider_of(call);

	*out = (struct sms_report){ .provider_id = "", .code = "" };
	return i < PROVIDERS ? providers[i].report(ctx, call, keys, out) : HOOK_ODD;
}

/* Numbers as the ledger has them. */
static const char *with_plus(void *ctx, const char *number)
{
	const char *plain = number[0] == '0' && number[1] == '0' ? number + 2 : number;
	char *made;

	if (plain[0] == '\0' || strspn(plain, "0123456789") != strlen(plain) || strlen(plain) < 8)
		return number;		/* has its plus, or is a short number or a name */
	made = talloc_asprintf(ctx, "+%s", plain);
	must(made != NULL);
	return made;
}

enum hook_verdict sms_hook_reply(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_reply *out)
{
	const size_t i = provider_of(call);
	enum hook_verdict verdict = HOOK_ODD;

	*out = (struct sms_reply){ .provider_id = "", .from = "", .to = "", .text = "" };
	if (i < PROVIDERS)
		verdict = providers[i].reply(ctx, call, keys, out);
	if (verdict == HOOK_GOOD)
		out->from = with_plus(ctx, out->from);
	return verdict;
}
