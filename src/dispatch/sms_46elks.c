/* sms_46elks.c - 46elks' REST API.
 *
 * It knows no validity: a message to a telephone that is off may arrive after the
 * window has closed.  Errors are plain text, so a status is all that is judged by.
 *
 * Source: 46elks.com/docs, "Send SMS" and "SMS delivery reports".
 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "dispatch/sms_gateway.h"

#define FORM_BYTES_MAX 32768
#define STATUS_NO_CREDIT 403

static bool ask(const struct sms_order *order, struct http_request *request)
{
	static const char *const headers[] = {
		"Content-Type: application/x-www-form-urlencoded", NULL };
	const struct message *m = order->message;
	struct str form;

	str_init(&form, order->ctx, FORM_BYTES_MAX);
	sms_pair_put(&form, "from", m->from);
	sms_pair_put(&form, "to", m->to);
	sms_pair_put(&form, "message", m->text);
	if (m->dlr_url != NULL && m->dlr_url[0] != '\0')
		sms_pair_put(&form, "whendelivered", m->dlr_url);
	request->url = talloc_asprintf(order->ctx, "%s/a1/sms", order->account->url);
	must(request->url != NULL);
	request->headers = headers;
	request->user = order->account->user;
	request->password = order->account->password;
	request->body_len = form.len;
	request->body = str_ok(&form) ? str_take(&form) : NULL;
	return request->body != NULL;
}

static void judge(const struct http_reply *reply, struct dispatch_result *result,
    bool *unreached)
{
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const char *id = json_string_value(json_object_get(body, "id"));

	if (reply->fate == NET_TAKEN && id != NULL && id[0] != '\0' &&
	    strlen(id) < sizeof(result->provider_id))
		memcpy(result->provider_id, id, strlen(id) + 1);
	else if (reply->fate == NET_TAKEN || reply->status >= 500)
		sms_doubt(reply, result);
	else if (reply->status == STATUS_NO_CREDIT)
		sms_operator_matter(result, unreached, "credit");
	json_decref(body);
}

const struct sms_gateway sms_46elks = { .name = "46elks", .url = "https://api.46elks.com",
    .wants_user = true, .ask = ask, .judge = judge };
