/* driver_pingen.c - letters through Pingen's API, or what speaks it.
 *
 * A token (OAuth 2.0, client credentials; kept until it runs out), a place to upload to, the
 * pages, and the letter itself: only the last of these four makes a letter, so whatever goes
 * wrong before it is certain.  Its key makes the same request a second time harmless there.
 *
 * Source:  Pingen's API v2 (client credentials, /file-upload,
 *          /organisations/ID/deliveries/letters; JSON:API 1.0); RFC 6749 section 4.4.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json_look.h"
#include "base/json_make.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "dispatch/sms_gateway.h"
#include "net/http.h"

#define PINGEN_URL "https://api.pingen.com"
#define TOKEN_SPARE_MS 60000
#define FORM_BYTES_MAX 4096
#define WORD_LOGIN "login"

struct pingen_state {
	const char	*url, *user, *password, *organisation, *product, *ca_file;
	bool		 right;			/* the window's side */
	char		*token;			/* NULL: none */
	int64_t		 token_ends_ms;
	struct net_seconds seconds;
	struct net_loop	*loop;
};

/* One letter on its way through the four requests. */
struct letter {
	struct pingen_state	*state;
	struct driver_job	*job;
	int64_t			 began_ms;
	char			*file_url, *signature;
};

static void letter_end(struct letter *l, enum send_outcome outcome, int code, const char *word,
    bool unreached)
{
	struct dispatch_result result = { .outcome = outcome, .code = code };

	(void)snprintf(result.detail, sizeof(result.detail), "%s", word);
	l->job->ended(l->job, &result, unreached);
}

/* Before the letter is made: nothing of it is theirs. */
static void not_yet(struct letter *l, const struct http_reply *reply)
{
	const bool login = reply->status == 400 || reply->status == 401 || reply->status == 403 ||
	    reply->status == 404;

	TALLOC_FREE(l->state->token);
	letter_end(l, SEND_LATER, reply->status, login ? WORD_LOGIN :
	    reply->why[0] != '\0' ? reply->why : "odd reply", true);
}

static void ask(struct letter *l, struct http_request *request, http_done_fn *done)
{
	request->ca_file = l->state->ca_file;
	request->seconds = l->state->seconds;
	http_send(l->state->loop, request, done, l);
}

static const char *bearer(struct letter *l)
{
	const char *line = talloc_asprintf(l->job->ctx, "Authorization: Bearer %s", l->state->token);

	must(line != NULL);
	return line;
}

static const char *url_of(struct letter *l, const char *path)
{
	const char *url = talloc_asprintf(l->job->ctx, "%s%s", l->state->url, path);

	must(url != NULL);
	return url;
}

static char *member(struct letter *l, const json_t *object, const char *key)
{
	const char *text = json_word_of(object, key);
	char *out = text[0] != '\0' ? talloc_strdup(l->job->ctx, text) : NULL;

	must(out != NULL || text[0] == '\0');
	return out;
}

/* --- 4: the letter -------------------------------------------------------------------- */

static void made(void *arg, const struct http_reply *reply)
{
	struct letter *l = arg;
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const char *id = json_word_of(json_object_get(body, "data"), "id");
	struct dispatch_result result = { .outcome = driver_outcome(reply->fate),
	    .code = reply->status, .retry_after_seconds = reply->retry_after_seconds };
	bool unreached = reply->unreached || reply->status == 503;

	(void)snprintf(result.detail, sizeof(result.detail), "%s", reply->why);
	if (reply->fate == NET_TAKEN && id[0] != '\0' && strlen(id) < sizeof(result.provider_id))
		memcpy(result.provider_id, id, strlen(id) + 1);
	else if (reply->status == 401 || reply->status == 403 || reply->status == 404)
		sms_operator_matter(&result, &unreached, WORD_LOGIN);
	else if (reply->fate == NET_TAKEN || reply->status >= 500)
		sms_doubt(reply, &result);
	else if (result.outcome == SEND_NEVER)		/* the pages, not the address */
		(void)snprintf(result.detail, sizeof(result.detail), "message");
	if (unreached)
		TALLOC_FREE(l->state->token);
	json_decref(body);
	l->job->ended(l->job, &result, unreached);
}

/* Three requests have passed: the last may be under way for as long as one may be. */
static bool is_too_late(const struct letter *l)
{
	const instant_t dead_at = l->job->message->dead_at;

	return dead_at != 0 && l->job->started + (clock_tick().ms - l->began_ms) / 1000 +
	    l->state->seconds.transfer_max >= dead_at;
}

static void make_letter(struct letter *l)
{
	const int64_t contact = l->job->message->contact_id;
	json_t *body = json_pack("{s:{s:s, s:{s:o, s:s, s:s, s:s, s:b, s:s, s:s, s:s}}}", "data",
	    "type", "letters", "attributes",
	    "file_original_name", json_sprintf("C%" PRId64 ".pdf", contact),
	    "file_url", l->file_url, "file_url_signature", l->signature,
	    "address_position", l->state->right ? "right" : "left", "auto_send", true,
	    "delivery_product", l->state->product, "print_mode", "simplex",
	    "print_spectrum", "grayscale");
	const char *const headers[] = { bearer(l), "Content-Type: application/vnd.api+json",
		talloc_asprintf(l->job->ctx, "Idempotency-Key: purr-C%" PRId64, contact), NULL };
	struct http_request request = { .headers = headers };

	must(body != NULL && headers[2] != NULL);
	request.url = talloc_asprintf(l->job->ctx, "%s/organisations/%s/deliveries/letters",
	    l->state->url, l->state->organisation);
	request.body = json_line(l->job->ctx, body);
	must(request.url != NULL);
	request.body_len = strlen(request.body);
	json_decref(body);
	ask(l, &request, made);
}

/* --- 3: the pages ------------------------------------------------------------------------ */

static void uploaded(void *arg, const struct http_reply *reply)
{
	struct letter *l = arg;

	if (reply->fate == NET_TAKEN && is_too_late(l))
		letter_end(l, SEND_LATER, 0, "window closed", false);
	else if (reply->fate == NET_TAKEN)
		make_letter(l);
	else
		not_yet(l, reply);
}

static void upload(struct letter *l)
{
	static const char *const headers[] = { "Content-Type: application/pdf", NULL };
	struct http_request request = { .url = l->file_url, .headers = headers, .put = true,
	    .body = l->job->message->pdf, .body_len = l->job->message->pdf_len };

	ask(l, &request, uploaded);
}

/* --- 2: a place for them ------------------------------------------------------------------ */

static void placed(void *arg, const struct http_reply *reply)
{
	struct letter *l = arg;
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const json_t *a = json_object_get(json_object_get(body, "data"), "attributes");

	l->file_url = member(l, a, "url");
	l->signature = member(l, a, "url_signature");
	json_decref(body);
	if (reply->fate == NET_TAKEN && l->file_url != NULL && l->signature != NULL)
		upload(l);
	else
		not_yet(l, reply);
}

static void ask_place(struct letter *l)
{
	const char *const headers[] = { bearer(l), NULL };
	struct http_request request = { .url = url_of(l, "/file-upload"), .headers = headers };

	ask(l, &request, placed);
}

/* --- 1: the token --------------------------------------------------------------------------- */

static void let_in(void *arg, const struct http_reply *reply)
{
	struct letter *l = arg;
	json_t *body = reply->body_cut ? NULL : json_loads(reply->body, 0, NULL);
	const char *token = json_word_of(body, "access_token");

	if (reply->fate == NET_TAKEN && token[0] != '\0') {
		l->state->token = talloc_strdup(l->state, token);
		must(l->state->token != NULL);
		l->state->token_ends_ms = clock_tick().ms - TOKEN_SPARE_MS +
		    1000 * (int64_t)json_count_of(body, "expires_in");
		ask_place(l);
	} else {
		not_yet(l, reply);
	}
	json_decref(body);
}

static void ask_token(struct letter *l)
{
	static const char *const headers[] = {
		"Content-Type: application/x-www-form-urlencoded", NULL };
	struct http_request request = { .url = url_of(l, "/auth/access-tokens"),
	    .headers = headers };
	struct str form;

	str_init(&form, l->job->ctx, FORM_BYTES_MAX);
	sms_pair_put(&form, "client_id", l->state->user);
	sms_pair_put(&form, "client_secret", l->state->password);
	sms_pair_put(&form, "grant_type", "client_credentials");
	request.body_len = form.len;
	request.body = str_take(&form);
	ask(l, &request, let_in);
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	struct pingen_state *state = driver->state;
	struct letter *l = talloc_zero(job->ctx, struct letter);

	must(l != NULL);
	*l = (struct letter){ .state = state, .job = job, .began_ms = clock_tick().ms };
	if (job->message->pdf == NULL) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	if (state->token != NULL && clock_tick().ms >= state->token_ends_ms)
		TALLOC_FREE(state->token);
	if (state->token == NULL)
		ask_token(l);
	else
		ask_place(l);
}

struct driver *driver_pingen_open(void *ctx, const struct dispatch_way *way,
    const struct dispatch_settings *settings, struct net_loop *loop, struct err *err)
{
	struct driver *driver = talloc_zero(ctx, struct driver);
	struct pingen_state *state = talloc_zero(driver, struct pingen_state);
	const char *url = way->url[0] != '\0' ? way->url : PINGEN_URL;
	size_t len = strlen(url);

	must(driver != NULL && state != NULL);
	while (len > 0 && url[len - 1] == '/')
		len--;
	state->password = driver_password_read(state, way->password_file, err);
	if (state->password == NULL) {
		talloc_free(driver);
		return NULL;
	}
	state->url = talloc_strndup(state, url, len);
	state->user = talloc_strdup(state, way->user);
	state->organisation = talloc_strdup(state, way->organisation);
	state->product = talloc_strdup(state, way->product[0] != '\0' ? way->product : "cheap");
	state->ca_file = talloc_strdup(state, settings->ca_file);
	must(state->url != NULL && state->user != NULL && state->organisation != NULL &&
	    state->product != NULL && state->ca_file != NULL);
	state->right = way->window_right;
	state->seconds = (struct net_seconds){ settings->connect_seconds_max,
	    settings->stall_seconds_max, settings->transfer_seconds_max };
	state->loop = loop;
	/* One after the other: they share a token. */
	*driver = (struct driver){ .name = "pingen", .state = state, .start = message_start,
	    .connections_max = 1 };
	return driver;
}
