/* sms_kannel.c - Kannel's sendsms interface, and the services that speak it.
 *
 * Kannel's 202 means "queued": whether the message centre took it comes later
 * as a delivery report to dlr_url.  A text that takes several parts needs
 * `concatenation = true` and `max-messages` in Kannel's sendsms-user group,
 * else Kannel cuts it and still answers 202.
 *
 * Source: Kannel user's guide 1.4.5, "Using the HTTP interface to send SMS".
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "dispatch/sms_gateway.h"

#define QUERY_BYTES_MAX 16384
#define DLR_ALL 31		/* delivered, failed, buffered, accepted, refused */
#define DLR_PLACES "&type=%d&answer=%A"	/* Kannel fills these in */
#define STATUS_ACCEPTED 202
#define STATUS_FORBIDDEN 403	/* a wrong login, or a number that no route leads to */

static bool ask(const struct sms_order *order, struct http_request *request)
{
	const struct message *m = order->message;
	char places[256];
	struct str query;

	str_init(&query, order->ctx, QUERY_BYTES_MAX);
	sms_pair_put(&query, "username", order->account->user);
	sms_pair_put(&query, "password", order->account->password);
	sms_pair_put(&query, "from", m->from);
	sms_pair_put(&query, "to", m->to);
	sms_pair_put(&query, "text", m->text);
	str_printf(&query, "&charset=UTF-8&coding=%d", order->size.alphabet == SMS_GSM7 ? 0 : 2);
	if (order->validity_seconds > 0)
		str_printf(&query, "&validity=%lld", (long long)order->validity_seconds / 60);
	if (order->dlr_url != NULL && order->dlr_url[0] != '\0') {
		if ((size_t)snprintf(places, sizeof(places), "%s%s", order->dlr_url, DLR_PLACES) >=
		    sizeof(places))
			return false;
		str_printf(&query, "&dlr-mask=%d", DLR_ALL);
		sms_pair_put(&query, "dlr-url", places);
	}
	if (!str_ok(&query))
		return false;
	request->url = talloc_asprintf(order->ctx, "%s?%s", order->account->url, query.at);
	return request->url != NULL;
}

/* Only these two bodies of a 202 are Kannel's word that it has the message. */
static bool is_accepted(const struct http_reply *reply)
{
	return strncmp(reply->body, "0:", 2) == 0 || strncmp(reply->body, "3:", 2) == 0;
}

/* What a proxy before it refuses costs nobody his number: Kannel says what is wrong with it. */
static bool names_number(const char *body)
{
	return strcasestr(body, "number") != NULL || strcasestr(body, "receiver") != NULL;
}

static bool has_no_route(const char *body)
{
	return strncasecmp(body, "Not routable", 12) == 0;
}

static void judge(const struct http_reply *reply, struct dispatch_result *result,
    bool *unreached)
{
	if (reply->status == STATUS_ACCEPTED && is_accepted(reply))
		(void)snprintf(result->detail, sizeof(result->detail), "%s",
		    reply->body[0] == '0' ? "accepted" : "queued");
	else if (reply->status == STATUS_FORBIDDEN && !has_no_route(reply->body))
		sms_operator_matter(result, unreached, SMS_WORD_LOGIN);
	else if (reply->fate == NET_TAKEN || reply->status >= 500)
		sms_doubt(reply, result);
	else
		result->at_recipient = result->outcome == SEND_NEVER &&
		    (names_number(reply->body) || has_no_route(reply->body));
}

const struct sms_gateway sms_kannel = { .name = "kannel", .url = "", .ask = ask, .judge = judge };
