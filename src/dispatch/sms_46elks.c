/* sms_46elks.c - 46elks' REST API.
 *
 * It knows no validity: a message to a telephone that is off may arrive after the
 * window has closed.  Errors are plain text, so a status is all that is judged by.
 *
 * Source: 46elks.com/docs, "Send SMS" and "SMS delivery reports".
 */
#include <stdio.h>
#include <string.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/json_look.h"
#include "base/must.h"
#include "dispatch/sms_gateway.h"

#define FORM_BYTES_MAX 32768
#define QUERY_BYTES_MAX 200
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
	if (order->dlr_url != NULL && order->dlr_url[0] != '\0')
		sms_pair_put(&form, "whendelivered", order->dlr_url);
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

/* --- what became of it ------------------------------------------------------------ */

static const char *inquire(void *ctx, const struct sms_account *a, const char *to)
{
	struct str query;
	char *url;

	str_init(&query, ctx, QUERY_BYTES_MAX);
	str_printf(&query, "limit=%d", SMS_LISTED_MAX);
	if (to != NULL)
		sms_pair_put(&query, "to", to);
	url = talloc_asprintf(ctx, "%s/a1/sms?%s", a->url, str_take(&query));
	must(url != NULL);
	return url;
}

static enum inquiry_answer state_of(const char *status)
{
	return strcmp(status, "delivered") == 0 ? INQUIRY_DELIVERED :
	    strcmp(status, "failed") == 0 ? INQUIRY_FAILED : INQUIRY_ON_ITS_WAY;
}

/* {"data": [{id, created, direction, to, message, status}, ...], "next": TIME}; "created" is
 * UTC without a zone. */
static json_t *list(const char *text, struct sms_list *out)
{
	json_t *body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *data = json_object_get(body, "data"), *one;
	size_t i;

	if (!json_is_array(data)) {
		json_decref(body);
		return NULL;
	}
	out->whole = json_object_get(body, "next") == NULL && json_array_size(data) < SMS_LISTED_MAX;
	json_array_foreach(data, i, one) {
		struct sms_listed *l = &out->one[out->count];
		char when[INSTANT_TEXT_BYTES];

		if (out->count == SMS_LISTED_MAX ||
		    strncmp(json_word_of(one, "direction"), "outgoing", 8) != 0)
			continue;
		*l = (struct sms_listed){ .id = json_word_of(one, "id"), .to = json_word_of(one, "to"),
		    .text = json_word_of(one, "message"), .state = state_of(json_word_of(one, "status")) };
		(void)snprintf(when, sizeof(when), "%.19sZ", json_word_of(one, "created"));
		if (!instant_parse(when, &l->made_at, NULL))
			l->made_at = 0;
		out->count++;
	}
	return body;
}

const struct sms_gateway sms_46elks = { .name = "46elks", .url = "https://api.46elks.com",
    .user_is = "the API's user", .password_is = "the API's password", .strict_names = true,
    .ask = ask, .judge = judge, .inquire = inquire, .list = list };
