/* sms_twilio.c - Twilio's Messages resource.
 *
 * The user is the account's SID; a sender that is a messaging service's SID (MG...)
 * goes as such.  The sender's own throttle is Twilio's queue, never a 429.
 *
 * Source: twilio/twilio-oai, twilio_api_v2010.json; Twilio's list of error codes
 *         (an unknown one of the 21000s is for good, and not the number's fault).
 */
#include <stdio.h>
#include <string.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/date.h"
#include "base/json_look.h"
#include "base/must.h"
#include "dispatch/sms_gateway.h"

#define FORM_BYTES_MAX 32768
#define QUERY_BYTES_MAX 200
#define CHARS_MAX 1600
#define VALIDITY_SECONDS_MAX 36000
#define SERVICE_SID_BYTES 34

static size_t chars_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

bool sms_is_service(const char *from)
{
	return strncmp(from, "MG", 2) == 0 && strlen(from) == SERVICE_SID_BYTES;
}

static bool ask(const struct sms_order *order, struct http_request *request)
{
	static const char *const headers[] = {
		"Content-Type: application/x-www-form-urlencoded", NULL };
	const struct sms_account *a = order->account;
	const struct message *m = order->message;
	struct str form;

	if (chars_of(m->text) > CHARS_MAX)
		return false;
	str_init(&form, order->ctx, FORM_BYTES_MAX);
	sms_pair_put(&form, "To", m->to);
	sms_pair_put(&form, sms_is_service(m->from) ? "MessagingServiceSid" : "From", m->from);
	sms_pair_put(&form, "Body", m->text);
	if (order->validity_seconds > 0)
		str_printf(&form, "&ValidityPeriod=%lld", (long long)
		    (order->validity_seconds < VALIDITY_SECONDS_MAX ? order->validity_seconds :
		    VALIDITY_SECONDS_MAX));
	if (order->dlr_url != NULL && order->dlr_url[0] != '\0')
		sms_pair_put(&form, "StatusCallback", order->dlr_url);
	request->url = talloc_asprintf(order->ctx, "%s/2010-04-01/Accounts/%s/Messages.json",
	    a->url, a->user);
	must(request->url != NULL);
	request->headers = headers;
	request->user = a->user;
	request->password = a->password;
	request->body_len = form.len;
	request->body = str_ok(&form) ? str_take(&form) : NULL;
	return request->body != NULL;
}

/* Codes that speak of the number written to; 21610 is its owner's STOP. */
static bool blames_number(int64_t code)
{
	static const int codes[] = { 21211, 21217, 21265, 21610, 21614 };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code == codes[i])
			return true;
	return false;
}

/* Account, login, limits stand in the 20000s; these are of a sender that may not be one. */
static bool is_ours(int64_t code)
{
	static const int codes[] = { 21212, 21603, 21606, 21611 };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code == codes[i])
			return true;
	return false;
}

#define CODE_OPTED_OUT 21610
#define CODE_TOO_MANY 20429

static void judge_refusal(const json_t *body, struct dispatch_result *result, bool *unreached)
{
	const int64_t code = json_integer_value(json_object_get(body, "code"));

	if (code == CODE_TOO_MANY) {
		result->outcome = SEND_LATER;
	} else if ((code >= 20000 && code < 21000) || is_ours(code)) {
		sms_operator_matter(result, unreached, SMS_WORD_LOGIN);
		return;
	}
	result->at_recipient = result->outcome == SEND_NEVER && blames_number(code);
	if (code == CODE_OPTED_OUT)
		(void)snprintf(result->detail, sizeof(result->detail), DISPATCH_OPTED_OUT);
	else if (code > 0)
		(void)snprintf(result->detail, sizeof(result->detail), "%lld", (long long)code);
}

static void judge(const struct http_reply *reply, struct dispatch_result *result,
    bool *unreached)
{
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const char *sid = json_string_value(json_object_get(body, "sid"));

	if (reply->fate == NET_TAKEN && sid != NULL && sid[0] != '\0' &&
	    strlen(sid) < sizeof(result->provider_id))
		memcpy(result->provider_id, sid, strlen(sid) + 1);
	else if (reply->fate == NET_TAKEN || reply->status >= 500)
		sms_doubt(reply, result);
	else if (reply->status == 403)
		sms_operator_matter(result, unreached, SMS_WORD_LOGIN);
	else
		judge_refusal(body, result, unreached);
	json_decref(body);
}

/* --- what became of it ------------------------------------------------------------ */

/* Not filtered by date: what is still queued has none. */
static const char *inquire(void *ctx, const struct sms_account *a, const char *to)
{
	struct str query;
	char *url;

	str_init(&query, ctx, QUERY_BYTES_MAX);
	str_printf(&query, "PageSize=%d", SMS_LISTED_MAX);
	if (to != NULL)
		sms_pair_put(&query, "To", to);
	url = talloc_asprintf(ctx, "%s/2010-04-01/Accounts/%s/Messages.json?%s", a->url, a->user,
	    str_take(&query));
	must(url != NULL);
	return url;
}

static enum inquiry_answer state_of(const char *status)
{
	static const struct { const char *word; enum inquiry_answer state; } words[] = {
		{ "delivered", INQUIRY_DELIVERED }, { "read", INQUIRY_DELIVERED },
		{ "undelivered", INQUIRY_FAILED }, { "failed", INQUIRY_FAILED },
		{ "canceled", INQUIRY_FAILED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, status) == 0)
			return words[i].state;
	return INQUIRY_ON_ITS_WAY;
}

/* RFC 2822, as "Thu, 24 Aug 2023 05:01:45 +0000"; 0: not to be read. */
static instant_t time_of(const char *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4], sign;
	int day, year, hour, minute, second, hours, minutes;
	const char *at;

	if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d %c%2d%2d", &day, month, &year, &hour, &minute,
	    &second, &sign, &hours, &minutes) != 9)
		return 0;
	at = strstr(names, month);
	if (at == NULL || (at - names) % 3 != 0 || !ymd_is_real(year, (int)(at - names) / 3 + 1, day))
		return 0;
	return day_instant_utc(day_from_ymd(year, (int)(at - names) / 3 + 1, day)) +
	    (instant_t)hour * 3600 + minute * 60 + second -
	    (sign == '-' ? -1 : 1) * ((instant_t)hours * 3600 + minutes * 60);
}

/* {"messages": [{sid, to, body, status, direction, date_created}, ...], "next_page_uri"}. */
static json_t *list(const char *text, struct sms_list *out)
{
	json_t *body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *data = json_object_get(body, "messages"), *one;
	size_t i;

	if (!json_is_array(data)) {
		json_decref(body);
		return NULL;
	}
	out->whole = !json_is_string(json_object_get(body, "next_page_uri"));
	json_array_foreach(data, i, one)
		if (out->count < SMS_LISTED_MAX &&
		    strncmp(json_word_of(one, "direction"), "outbound", 8) == 0)
			out->one[out->count++] = (struct sms_listed){ .id = json_word_of(one, "sid"),
			    .to = json_word_of(one, "to"), .text = json_word_of(one, "body"),
			    .state = state_of(json_word_of(one, "status")),
			    .made_at = time_of(json_word_of(one, "date_created")) };
	return body;
}

const struct sms_gateway sms_twilio = { .name = "twilio", .url = "https://api.twilio.com",
    .user_is = "the account's SID", .password_is = "the account's auth token", .takes_services = true,
    .ask = ask, .judge = judge, .inquire = inquire, .list = list };
