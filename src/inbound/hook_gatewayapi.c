/* hook_gatewayapi.c - GatewayAPI's calls; see sms_hook.h.
 *
 * X-Gwapi-Signature is a JSON web token, HS256, whose claims are the whole event.  The
 * body says the same and is not covered, so it is not read.
 *
 * Source:  gatewayapi.com/docs/webhooks; RFC 7515 section 5.2, RFC 7519 section 7.2.
 */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "base/secret.h"
#include "inbound/sms_hook_each.h"
#include "net/digest.h"

/* --- the token ------------------------------------------------------------------------ */

/* NULL when it is no base64url. */
static uint8_t *bytes_of(void *ctx, const char *at, size_t len, size_t *count)
{
	uint8_t *out = talloc_array(ctx, uint8_t, (unsigned)len + 1);

	must(out != NULL);
	return base64url_bytes(at, len, out, len + 1, count) ? out : NULL;
}

static json_t *json_of(void *ctx, const char *at, size_t len)
{
	size_t n;
	const uint8_t *bytes = bytes_of(ctx, at, len, &n);

	return bytes == NULL ? NULL :
	    json_loadb((const char *)bytes, n, JSON_REJECT_DUPLICATES, NULL);
}

static bool is_hs256(void *ctx, const char *at, size_t len)
{
	json_t *header = json_of(ctx, at, len);
	const char *algorithm = json_string_value(json_object_get(header, "alg"));
	const bool is = algorithm != NULL && strcmp(algorithm, "HS256") == 0;

	json_decref(header);
	return is;
}

/* The claims of a token that is theirs, else NULL. */
static json_t *claims_of(void *ctx, const char *token, const char *secret)
{
	const char *first = strchr(token, '.'), *second = first == NULL ? NULL : strchr(first + 1, '.');
	uint8_t digest[DIGEST_SHA256_BYTES];
	const uint8_t *signature;
	size_t n;

	if (second == NULL || secret[0] == '\0')
		return NULL;
	signature = bytes_of(ctx, second + 1, strlen(second + 1), &n);
	digest_hmac(DIGEST_SHA256, secret, strlen(secret), token, (size_t)(second - token), digest);
	if (signature == NULL || n != sizeof(digest) ||
	    !secret_equal(signature, digest, sizeof(digest)) ||
	    !is_hs256(ctx, token, (size_t)(first - token)))
		return NULL;
	return json_of(ctx, first + 1, (size_t)(second - first - 1));
}

/* --- what is said ------------------------------------------------------------------------ */

/* A text, or a number as one; "" where there is neither. */
static const char *word_of(void *ctx, const json_t *claims, const char *name)
{
	const json_t *value = json_object_get(claims, name);
	char *made = json_is_integer(value) ?
	    talloc_asprintf(ctx, "%" JSON_INTEGER_FORMAT, json_integer_value(value)) :
	    talloc_strdup(ctx, json_is_string(value) ? json_string_value(value) : "");

	must(made != NULL);
	return made;
}

enum hook_verdict hook_gatewayapi_report(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_report *out)
{
	static const struct { const char *status; enum sms_report_state state; } ends[] = {
		{ "DELIVERED", SMS_REPORT_DELIVERED },
		{ "EXPIRED", SMS_REPORT_FAILED }, { "UNDELIVERABLE", SMS_REPORT_FAILED },
		{ "DELETED", SMS_REPORT_STOPPED }, { "REJECTED", SMS_REPORT_STOPPED },
		{ "SKIPPED", SMS_REPORT_STOPPED },
	};
	json_t *claims = claims_of(ctx, call->header(call->header_arg, "X-Gwapi-Signature"),
	    keys->secret);

	if (claims == NULL)
		return HOOK_FORGED;
	out->provider_id = word_of(ctx, claims, "id");
	out->code = word_of(ctx, claims, "status");
	out->at = json_integer_value(json_object_get(claims, "time"));
	json_decref(claims);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(out->code, ends[i].status) == 0)
			out->state = ends[i].state;
	return out->code[0] != '\0' ? HOOK_GOOD : HOOK_ODD;
}

enum hook_verdict hook_gatewayapi_reply(void *ctx, const struct hook_call *call,
    const struct sms_hook_keys *keys, struct sms_reply *out)
{
	json_t *claims = claims_of(ctx, call->header(call->header_arg, "X-Gwapi-Signature"),
	    keys->secret);

	if (claims == NULL)
		return HOOK_FORGED;
	*out = (struct sms_reply){ .provider_id = word_of(ctx, claims, "id"),
	    .from = word_of(ctx, claims, "msisdn"), .to = word_of(ctx, claims, "receiver"),
	    .text = word_of(ctx, claims, "message"),
	    .at = json_integer_value(json_object_get(claims, "senttime")) };
	json_decref(claims);
	return out->provider_id[0] != '\0' && out->from[0] != '\0' ? HOOK_GOOD : HOOK_ODD;
}
