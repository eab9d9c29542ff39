/* letter_hook.c - see letter_hook.h. */
#include "inbound/letter_hook.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/json_look.h"
#include "base/must.h"
#include "base/secret.h"
#include "net/digest.h"

static bool is_signed(const struct hook_call *call, const char *key)
{
	const char *given = call->header(call->header_arg, "Signature");
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	if (key[0] == '\0' || strlen(given) != sizeof(hex) - 1)
		return false;
	digest_hmac(DIGEST_SHA256, key, strlen(key), call->body.at, call->body.len, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return secret_equal(given, hex, sizeof(hex) - 1);
}

static const char *copy(void *ctx, const char *text)
{
	char *out = talloc_strdup(ctx, text);

	must(out != NULL);
	return out;
}

/* "2024-04-26T09:54:38+0200": an offset without its colon.  0: not readable. */
static instant_t time_of(const char *text)
{
	const size_t len = strlen(text);
	char whole[40];
	instant_t at;

	if (len < 5 || len + 2 > sizeof(whole) || (text[len - 5] != '+' && text[len - 5] != '-'))
		return instant_parse(text, &at, NULL) ? at : 0;
	(void)snprintf(whole, sizeof(whole), "%.*s:%s", (int)len - 2, text, text + len - 2);
	return instant_parse(whole, &at, NULL) ? at : 0;
}

static const char *related(const json_t *data, const char *what)
{
	return json_word_of(json_object_get(json_object_get(json_object_get(data, "relationships"),
	    what), "data"), "id");
}

/* The event's attributes; NULL: it is not among what is included. */
static const json_t *event_of(const json_t *root, const char *id)
{
	const json_t *list = json_object_get(root, "included"), *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_word_of(item, "type"), "letters_events") == 0 &&
		    strcmp(json_word_of(item, "id"), id) == 0)
			return json_object_get(item, "attributes");
	return NULL;
}

static bool state_of(const char *type, enum letter_report_state *out)
{
	static const struct {
		const char			*type;
		enum letter_report_state	 state;
	} types[] = {
		{ "webhook_issues", LETTER_STUCK }, { "webhook_sent", LETTER_POSTED },
		{ "webhook_delivered", LETTER_DELIVERED },
		{ "webhook_undeliverable", LETTER_RETURNED },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].type, type) == 0) {
			*out = types[i].state;
			return true;
		}
	return false;
}

enum hook_verdict letter_hook_pingen(void *ctx, const struct hook_call *call, const char *key,
    struct letter_report *out)
{
	const json_t *data, *event;
	json_t *root;
	bool good;

	*out = (struct letter_report){ .letter_id = "" };
	if (!is_signed(call, key))
		return HOOK_FORGED;
	root = json_loadb(call->body.at, call->body.len, JSON_REJECT_DUPLICATES, NULL);
	data = json_object_get(root, "data");
	out->letter_id = copy(ctx, related(data, "letter"));
	out->event_id = copy(ctx, related(data, "event"));
	event = event_of(root, out->event_id);
	out->code = copy(ctx, json_word_of(event, "code"));
	out->words = copy(ctx, json_word_of(json_object_get(data, "attributes"), "reason"));
	out->at = time_of(json_word_of(event, "emitted_at"));
	good = state_of(json_word_of(data, "type"), &out->state) && out->letter_id[0] != '\0' &&
	    out->event_id[0] != '\0';
	json_decref(root);
	return good ? HOOK_GOOD : HOOK_ODD;
}
