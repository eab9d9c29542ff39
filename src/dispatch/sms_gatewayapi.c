/* sms_gatewayapi.c - GatewayAPI's REST API.
 *
 * The password is the account's token; it has no user.  Its default encoding loses
 * what is not in the GSM alphabet, so the encoding is always named.  Links must be
 * allowed for the account, else every message is refused (0x0312): an operator's matter.
 *
 * Source: onlinecity/gatewayapi-docs, rest.rst and errors.rst.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"
#include "dispatch/sms_gateway.h"

#define VALIDITY_SECONDS_MIN 60
#define DIGITS_MAX 15			/* E.164 */

/* "+4520123456" -> 4520123456; 0 when it is no number. */
static int64_t msisdn(const char *to)
{
	const char *digits = to + (to[0] == '+');

	if (strspn(digits, "0123456789") != strlen(digits) || strlen(digits) > DIGITS_MAX)
		return 0;
	return strtoll(digits, NULL, 10);
}

static bool ask(const struct sms_order *order, struct http_request *request)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	const struct message *m = order->message;
	const int64_t to = msisdn(m->to);
	char reference[24];
	json_t *body;

	if (to == 0)
		return false;
	(void)snprintf(reference, sizeof(reference), "%" PRId64, m->contact_id);
	body = json_pack("{s:s, s:s, s:[{s:I}], s:s, s:s, s:i}", "sender", m->from + (m->from[0] == '+'), "message",
	    m->text, "recipients", "msisdn", (json_int_t)to, "userref", reference, "encoding",
	    order->size.alphabet == SMS_GSM7 ? "UTF8" : "UCS2", "max_parts", order->size.parts);
	must(body != NULL);
	if (order->validity_seconds >= VALIDITY_SECONDS_MIN)
		json_object_set_new(body, "validity_period",
		    json_integer((json_int_t)order->validity_seconds));
	if (order->dlr_url != NULL && order->dlr_url[0] != '\0')
		json_object_set_new(body, "callback_url", json_string(order->dlr_url));
	request->body = json_line(order->ctx, body);
	json_decref(body);
	request->body_len = strlen(request->body);
	request->url = talloc_asprintf(order->ctx, "%s/rest/mtsms", order->account->url);
	must(request->url != NULL);
	request->headers = headers;
	request->user = order->account->password;
	request->password = "";
	return true;
}

/* What is wrong with the account stops everybody, not this number. */
static bool is_operators(const char *code)
{
	static const char *const codes[] = {
		"0x0213",		/* this address may not send */
		"0x0215",		/* blocked */
		"0x0216",		/* no credit */
		"0x0312",		/* the link is not allowed yet */
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static bool is_code(const char *code)
{
	return strncmp(code, "0x", 2) == 0 && strlen(code) <= 8 &&
	    strspn(code + 2, "0123456789ABCDEFabcdef") == strlen(code) - 2;
}

static void judge(const struct http_reply *reply, struct dispatch_result *result,
    bool *unreached)
{
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const json_t *id = json_array_get(json_object_get(body, "ids"), 0);
	const char *code = json_string_value(json_object_get(body, "code"));

	if (reply->fate == NET_TAKEN && json_is_integer(id))
		(void)snprintf(result->provider_id, sizeof(result->provider_id),
		    "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	else if (reply->fate == NET_TAKEN || reply->status >= 500)
		sms_doubt(reply, result);
	else if (reply->status == 403 || (code != NULL && is_operators(code)))
		sms_operator_matter(result, unreached, code != NULL && is_code(code) ? code :
		    SMS_WORD_LOGIN);
	else if (code != NULL && is_code(code))
		(void)snprintf(result->detail, sizeof(result->detail), "%s", code);
	json_decref(body);
}

const struct sms_gateway sms_gatewayapi = { .name = "gatewayapi",
    .url = "https://gatewayapi.com", .password_is = "the API's token", .ask = ask, .judge = judge };
