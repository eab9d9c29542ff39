/* hook_run.c - see hook_run.h. */
#include "engine/hook_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "engine/letter_fate.h"
#include "engine/receipt_run.h"
#include "engine/reply_run.h"
#include "engine/wire_settings.h"
#include "inbound/sms_hook.h"
#include "inbound/stop.h"

#define LABEL_REPORT "report-v1"
#define LABEL_INBOUND "inbound-v1"
#define LABEL_LETTER "letter-v1"

struct hooks {
	struct engine	*engine;
	const char	*secrets[SMS_WAYS];	/* what each provider signs with */
	const char	*letter_secret;		/* "": nothing is believed */
};

/* --- addresses ------------------------------------------------------------------------ */

static void mac(const struct engine *e, const char *label, const char *of,
    char out[TOKEN_TEXT_BYTES])
{
	const struct piece pieces[] = { { label, strlen(label) + 1 }, { of, strlen(of) } };
	uint8_t hash[HASH_BYTES];

	hmac_sha256(&e->link_key, pieces, 2, hash);
	token_text(hash, out);
}

char *hook_report_url(const struct engine *e, void *ctx, int way, int64_t contact_id)
{
	char id[24], token[TOKEN_TEXT_BYTES], *url;

	(void)snprintf(id, sizeof(id), "%" PRId64, contact_id);
	mac(e, LABEL_REPORT, id, token);
	url = sms_way_is_real(e, way) ? talloc_asprintf(ctx, "%s/hooks/sms/%s/status?c=%s&t=%s",
	    e->cfg->text[CFG_PURR_BASE_URL], sms_way_driver(e, way), id, token) :
	    talloc_strdup(ctx, "");
	must(url != NULL);
	return url;
}

char *hook_inbound_url(const struct engine *e, void *ctx, int way)
{
	char token[TOKEN_TEXT_BYTES], *url;

	mac(e, LABEL_INBOUND, sms_way_driver(e, way), token);
	url = sms_way_is_real(e, way) ? talloc_asprintf(ctx, "%s/hooks/sms/%s/inbound?t=%s",
	    e->cfg->text[CFG_PURR_BASE_URL], sms_way_driver(e, way), token) :
	    talloc_strdup(ctx, "");
	must(url != NULL);
	return url;
}

char *hook_letter_url(const struct engine *e, void *ctx)
{
	const char *provider = e->cfg->text[CFG_LETTER_DRIVER];
	char token[TOKEN_TEXT_BYTES], *url;

	mac(e, LABEL_LETTER, provider, token);
	url = letter_way_calls(e) ? talloc_asprintf(ctx, "%s/hooks/letter/%s/status?t=%s",
	    e->cfg->text[CFG_PURR_BASE_URL], provider, token) : talloc_strdup(ctx, "");
	must(url != NULL);
	return url;
}

/* The value of a name in a query that we wrote ourselves: nothing in it is encoded. */
static bool query_take(struct view query, const char *name, char *out, size_t room)
{
	const size_t len = strlen(name);
	const char *at = query.at, *end = query.at + query.len;

	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		if ((size_t)(stop - at) > len && memcmp(at, name, len) == 0 && at[len] == '=' &&
		    (size_t)(stop - at) - len - 1 < room) {
			memcpy(out, at + len + 1, (size_t)(stop - at) - len - 1);
			out[(size_t)(stop - at) - len - 1] = '\0';
			return true;
		}
		at = stop + 1;
	}
	return false;
}

/* Was this address made here, for that? */
static bool is_ours(const struct engine *e, const char *label, const char *of, struct view query)
{
	char given[TOKEN_TEXT_BYTES], made[TOKEN_TEXT_BYTES];

	mac(e, label, of, made);
	return query_take(query, "t", given, sizeof(given)) &&
	    strlen(given) == TOKEN_TEXT_BYTES - 1 &&
	    secret_equal(given, made, TOKEN_TEXT_BYTES - 1);
}

/* --- reports ----------------------------------------------------------------------------- */

static int status_of(enum hook_verdict verdict)
{
	return verdict == HOOK_GOOD ? 204 : verdict == HOOK_FORGED ? 403 : 400;
}

static const char *state_word(enum sms_report_state state)
{
	static const char *const words[] = { [SMS_REPORT_ON_ITS_WAY] = "on_its_way",
	    [SMS_REPORT_DELIVERED] = "delivered", [SMS_REPORT_FAILED] = "failed",
	    [SMS_REPORT_DEAD] = "dead", [SMS_REPORT_STOPPED] = "failed",
	    [SMS_REPORT_OPTED_OUT] = "failed" };

	return words[state];
}

static const char *code_words(void *ctx, const struct sms_report *report)
{
	char *words;

	if (report->state == SMS_REPORT_OPTED_OUT)
		return SAID_OPTED_OUT;
	if (report->state != SMS_REPORT_STOPPED)
		return report->code;
	words = talloc_asprintf(ctx, SAID_STOPPED "%s", report->code);
	must(words != NULL);
	return words;
}

static bool is_way(const struct hooks *h, int way, const char *provider)
{
	return sms_way_is_real(h->engine, way) && strcmp(provider, sms_way_driver(h->engine, way)) == 0;
}

static struct sms_hook_keys keys_of(const struct hooks *h, void *ctx, const struct hook_call *call,
    int way)
{
	const struct sms_hook_keys keys = { .secret = h->secrets[way],
	    .url = talloc_asprintf(ctx, "%s/hooks/sms/%s/%s?%.*s",
	    h->engine->cfg->text[CFG_PURR_BASE_URL], call->provider,
	    call->kind == HOOK_SMS_INBOUND ? "inbound" : "status", (int)call->query.len, call->query.at) };

	must(keys.url != NULL);
	return keys;
}

/* Both ways may be accounts at the same provider: then either may have signed. */
static enum hook_verdict read_report(const struct hooks *h, void *ctx,
    const struct hook_call *call, struct sms_report *out)
{
	enum hook_verdict verdict = HOOK_FORGED;

	for (int way = 0; way < SMS_WAYS && verdict == HOOK_FORGED; way++) {
		const struct sms_hook_keys keys = keys_of(h, ctx, call, way);

		if (is_way(h, way, call->provider))
			verdict = sms_hook_report(ctx, call, &keys, out);
	}
	return verdict;
}

static enum hook_verdict read_reply(const struct hooks *h, void *ctx,
    const struct hook_call *call, struct sms_reply *out)
{
	enum hook_verdict verdict = HOOK_FORGED;

	for (int way = 0; way < SMS_WAYS && verdict == HOOK_FORGED; way++) {
		const struct sms_hook_keys keys = keys_of(h, ctx, call, way);

		if (is_way(h, way, call->provider))
			verdict = sms_hook_reply(ctx, call, &keys, out);
	}
	return verdict;
}

static bool take_report(struct hooks *h, void *ctx, const struct hook_call *call, instant_t now,
    int *status, struct err *err)
{
	struct sms_report report;
	struct receipt_record said;
	char id[24];

	if (!query_take(call->query, "c", id, sizeof(id)) ||
	    !is_ours(h->engine, LABEL_REPORT, id, call->query)) {
		*status = 404;
		return true;
	}
	*status = status_of(read_report(h, ctx, call, &report));
	if (*status != 204)
		return true;
	said = (struct receipt_record){ .contact_id = strtoll(id, NULL, 10),
	    .provider = call->provider, .provider_id = report.provider_id,
	    .state = state_word(report.state), .code = code_words(ctx, &report),
	    .said_at = report.at > 0 ? report.at : now, .taken_at = now };
	return receipt_take(h->engine, &said, now, err);
}

/* --- what is written -------------------------------------------------------------------------- */

static bool take_reply(struct hooks *h, void *ctx, const struct hook_call *call, instant_t now,
    int *status, struct err *err)
{
	struct sms_reply reply;

	if (!is_ours(h->engine, LABEL_INBOUND, call->provider, call->query)) {
		*status = 404;
		return true;
	}
	*status = status_of(read_reply(h, ctx, call, &reply));
	if (*status != 204)
		return true;
	return reply_take(h->engine, &(struct reply){ .channel = CHANNEL_SMS,
	    .provider = call->provider, .provider_id = reply.provider_id, .from = reply.from,
	    .to = reply.to, .text = reply.text, .at = reply.at,
	    .stop = reply.stop || stop_is_all(reply.text, reply.to) }, now, err);
}

static bool take_letter(struct hooks *h, void *ctx, const struct hook_call *call, instant_t now,
    int *status, struct err *err)
{
	struct letter_report report;

	if (!is_ours(h->engine, LABEL_LETTER, call->provider, call->query)) {
		*status = 404;
		return true;
	}
	*status = status_of(letter_hook_pingen(ctx, call, h->letter_secret, &report));
	return *status != 204 || letter_fate_take(h->engine, call->provider, &report, now, err);
}

/* --- the desk ------------------------------------------------------------------------------- */

static bool take(void *arg, void *ctx, const struct hook_call *call, instant_t now, int *status,
    struct err *err)
{
	struct hooks *h = arg;
	const bool letter = call->kind == HOOK_LETTER_STATUS;
	bool ok;

	*status = 404;
	if (letter ? !letter_way_calls(h->engine) ||
	    strcmp(call->provider, h->engine->cfg->text[CFG_LETTER_DRIVER]) != 0 :
	    !is_way(h, SMS_FIRST, call->provider) && !is_way(h, SMS_SECOND, call->provider))
		return true;
	if (!store_begin(h->engine->store, err))
		return false;
	ok = (letter ? take_letter : call->kind == HOOK_SMS_INBOUND ? take_reply : take_report)(h, ctx,
	    call, now, status, err);
	ok = ok && store_commit(h->engine->store, err);
	if (!ok)
		store_rollback(h->engine->store);
	return ok;
}

const struct hook_desk *hook_desk_open(void *ctx, struct engine *e, struct err *err)
{
	struct hook_desk *desk = talloc_zero(ctx, struct hook_desk);
	struct hooks *h = talloc_zero(desk, struct hooks);

	must(desk != NULL && h != NULL);
	h->engine = e;
	for (int way = 0; way < SMS_WAYS; way++) {
		h->secrets[way] = sms_way_is_real(e, way) ? driver_password_read(h,
		    sms_way_secret_file(e, h, way), err) : "";
		if (h->secrets[way] == NULL)
			return NULL;
	}
	h->letter_secret = letter_way_calls(e) ?
	    driver_password_read(h, letter_way_secret_file(e, h), err) : "";
	if (h->letter_secret == NULL)
		return NULL;
	*desk = (struct hook_desk){ .arg = h, .take = take };
	return desk;
}
