/* hook_run.c - see hook_run.h. */
#include "engine/hook_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "dispatch/driver.h"
#include "engine/book.h"
#include "engine/desk.h"
#include "engine/receipt_run.h"
#include "engine/settle_run.h"
#include "inbound/sms_hook.h"
#include "store/history.h"
#include "store/said.h"

#define DRIVER_NONE "file"
#define LABEL_REPORT "report-v1"
#define LABEL_INBOUND "inbound-v1"
#define INBOUND_TEXT_BYTES_MAX 4000

struct hooks {
	struct engine	*engine;
	const char	*secret;	/* of what the provider signs with */
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

static const char *provider_name(const struct engine *e)
{
	return e->cfg->text[CFG_SMS_DRIVER];
}

static bool has_provider(const struct engine *e)
{
	return !e->scratch && strcmp(provider_name(e), DRIVER_NONE) != 0;
}

char *hook_report_url(const struct engine *e, void *ctx, int64_t contact_id)
{
	char id[24], token[TOKEN_TEXT_BYTES], *url;

	(void)snprintf(id, sizeof(id), "%" PRId64, contact_id);
	mac(e, LABEL_REPORT, id, token);
	url = has_provider(e) ? talloc_asprintf(ctx, "%s/hooks/sms/%s/status?c=%s&t=%s",
	    e->cfg->text[CFG_PURR_BASE_URL], provider_name(e), id, token) : talloc_strdup(ctx, "");
	must(url != NULL);
	return url;
}

char *hook_inbound_url(const struct engine *e, void *ctx)
{
	char token[TOKEN_TEXT_BYTES], *url;

	mac(e, LABEL_INBOUND, provider_name(e), token);
	url = has_provider(e) ? talloc_asprintf(ctx, "%s/hooks/sms/%s/inbound?t=%s",
	    e->cfg->text[CFG_PURR_BASE_URL], provider_name(e), token) : talloc_strdup(ctx, "");
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
	    [SMS_REPORT_DEAD] = "dead" };

	return words[state];
}

static struct sms_hook_keys keys_of(const struct hooks *h, void *ctx, const struct hook_call *call)
{
	const struct sms_hook_keys keys = { .secret = h->secret,
	    .url = talloc_asprintf(ctx, "%s/hooks/sms/%s/%s?%.*s",
	    h->engine->cfg->text[CFG_PURR_BASE_URL], call->provider,
	    call->inbound ? "inbound" : "status", (int)call->query.len, call->query.at) };

	must(keys.url != NULL);
	return keys;
}

static bool take_report(struct hooks *h, void *ctx, const struct hook_call *call, instant_t now,
    int *status, struct err *err)
{
	const struct sms_hook_keys keys = keys_of(h, ctx, call);
	struct sms_report report;
	struct receipt_record said;
	char id[24];

	if (!query_take(call->query, "c", id, sizeof(id)) ||
	    !is_ours(h->engine, LABEL_REPORT, id, call->query)) {
		*status = 404;
		return true;
	}
	*status = status_of(sms_hook_report(ctx, call, &keys, &report));
	if (*status != 204)
		return true;
	said = (struct receipt_record){ .contact_id = strtoll(id, NULL, 10),
	    .provider = call->provider, .provider_id = report.provider_id,
	    .state = state_word(report.state), .code = report.code,
	    .said_at = report.at > 0 ? report.at : now, .taken_at = now };
	return receipt_take(h->engine, &said, now, err);
}

/* --- what is written -------------------------------------------------------------------------- */

/* Until a person has answered, nobody is chased for what he may just have explained. */
static bool hold_for_answer(struct engine *e, const struct debtor_record *debtor, instant_t now,
    struct err *err)
{
	struct creditor_record creditor;
	void *tmp = talloc_new(NULL);
	struct hold_record *holds, h = { .scope = SCOPE_DEBTOR, .creditor_id = debtor->creditor_id,
	    .debtor_id = debtor->id, .type = HOLD_MANUAL, .owner = "debtor", .reason = "wrote by SMS" };
	size_t n;
	bool held = false;
	bool ok = register_get_creditor(e->store, tmp, debtor->creditor_id, &creditor, err) &&
	    ledger_holds(e->store, tmp, debtor->creditor_id, debtor->id, &holds, &n, err);
	const struct zone *zone = ok ? zone_find(creditor.zone, err) : NULL;

	for (size_t i = 0; zone != NULL && i < n; i++)
		held |= holds[i].scope == SCOPE_DEBTOR && hold_end(&holds[i]) > now;
	if (zone != NULL)
		h.until_at = zone_instant(zone, zone_local(zone, now).day + DESK_ANSWER_DAYS + 1, 0);
	ok = zone != NULL && (held || settle_hold(e, &h, now, &h.id, err));
	talloc_free(tmp);
	return ok;
}

static bool take_words(struct hooks *h, void *ctx, const struct address_holder *who,
    const struct sms_reply *reply, instant_t now, struct err *err)
{
	struct engine *e = h->engine;
	struct debtor_record debtor;
	const char *text = talloc_asprintf(ctx, "They wrote by SMS: %.*s", INBOUND_TEXT_BYTES_MAX,
	    reply->text);

	must(text != NULL);
	return register_get_debtor(e->store, ctx, who->debtor_id, &debtor, err) &&
	    hold_for_answer(e, &debtor, now, err) &&
	    book_event(e, now, "debtor.wrote", "debtor", &debtor, who->contact_id, 0, err,
	    "{\"channel\":\"sms\"}") &&
	    history_add_task(e->store, debtor.creditor_id, debtor.id, who->contact_id, "wrote", text,
	    now, err);
}

static bool follow_reply(struct hooks *h, void *ctx, const struct sms_reply *reply, bool stop,
    const struct address_holder *holders, size_t n, instant_t now, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++)
		ok = stop ? settle_opt_out(h->engine, holders[i].creditor_id,
		    holders[i].address_id, "debtor", now, err) :
		    take_words(h, ctx, &holders[i], reply, now, err);
	return ok;
}

/* Of several creditors the one whose message was answered gets the words. */
static void keep_answered(struct address_holder *holders, size_t *n)
{
	size_t last = 0;

	for (size_t i = 1; i < *n; i++)
		if (holders[i].contact_id > holders[last].contact_id)
			last = i;
	if (*n > 1) {
		holders[0] = holders[last];
		*n = 1;
	}
}

static bool take_reply(struct hooks *h, void *ctx, const struct hook_call *call, instant_t now,
    int *status, struct err *err)
{
	const struct sms_hook_keys keys = keys_of(h, ctx, call);
	struct address_holder *holders;
	struct inbound_record record;
	struct sms_reply reply;
	bool added, stop;
	size_t n;

	if (!is_ours(h->engine, LABEL_INBOUND, call->provider, call->query)) {
		*status = 404;
		return true;
	}
	*status = status_of(sms_hook_reply(ctx, call, &keys, &reply));
	if (*status != 204)
		return true;
	stop = reply.stop || sms_is_stop(reply.text);
	if (!said_holders(h->engine->store, ctx, CHANNEL_SMS, reply.from, &holders, &n, err))
		return false;
	if (!stop)
		keep_answered(holders, &n);
	record = (struct inbound_record){ .channel = CHANNEL_SMS, .provider = call->provider,
	    .provider_id = reply.provider_id, .sender = reply.from, .recipient = reply.to,
	    .text = reply.text, .said_at = reply.at > 0 ? reply.at : now, .taken_at = now,
	    .stop = stop, .debtor_id = n > 0 ? holders[0].debtor_id : 0,
	    .contact_id = n > 0 ? holders[0].contact_id : 0 };
	return said_add_inbound(h->engine->store, &record, &added, err) &&
	    (!added || follow_reply(h, ctx, &reply, stop, holders, n, now, err));
}

/* --- the desk ------------------------------------------------------------------------------- */

static bool take(void *arg, void *ctx, const struct hook_call *call, instant_t now, int *status,
    struct err *err)
{
	struct hooks *h = arg;
	bool ok;

	*status = 404;
	if (!has_provider(h->engine) || strcmp(call->provider, provider_name(h->engine)) != 0)
		return true;
	if (!store_begin(h->engine->store, err))
		return false;
	ok = (call->inbound ? take_reply : take_report)(h, ctx, call, now, status, err);
	ok = ok && store_commit(h->engine->store, err);
	if (!ok)
		store_rollback(h->engine->store);
	return ok;
}

/* Twilio signs with the account's own token, where no other is set. */
static const char *read_secret(struct engine *e, void *ctx, struct err *err)
{
	const char *const *text = e->cfg->text;
	const char *path = text[CFG_SMS_SECRET_FILE][0] != '\0' ? text[CFG_SMS_SECRET_FILE] :
	    strcmp(provider_name(e), "twilio") == 0 ? text[CFG_SMS_PASSWORD_FILE] : "";

	return driver_password_read(ctx, path[0] != '\0' ? engine_path(e, ctx, path) : "", err);
}

const struct hook_desk *hook_desk_open(void *ctx, struct engine *e, struct err *err)
{
	struct hook_desk *desk = talloc_zero(ctx, struct hook_desk);
	struct hooks *h = talloc_zero(desk, struct hooks);

	must(desk != NULL && h != NULL);
	h->engine = e;
	h->secret = has_provider(e) ? read_secret(e, h, err) : "";
	*desk = (struct hook_desk){ .arg = h, .take = take };
	return h->secret != NULL ? desk : NULL;
}
