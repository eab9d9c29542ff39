/* mail_run.c - see mail_run.h. */
#include "engine/mail_run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <talloc.h>

#include "base/aside.h"
#include "base/err.h"
#include "base/json_look.h"
#include "base/must.h"
#include "engine/letter.h"
#include "engine/receipt_run.h"
#include "engine/reply_run.h"
#include "inbound/stop.h"
#include "net/mail_read.h"
#include "store/outbox.h"

#define PROVIDER "mail"
#define VERP_PREFIX "bounces+"
#define RETURNED_DAYS_MAX 60		/* a relay gives up long before */
#define ANSWERED_DAYS_MAX 180		/* a person may not */

struct mail_taking {
	struct engine	*engine;
	void		*ctx;
	json_t		*mail;
	instant_t	 now;
	struct err	*err;
};

const char *mail_what_name(enum mail_what what)
{
	static const char *const names[MAIL_WHATS] = { "report", "automatic", "stop", "words",
	    "strange" };

	must(what < MAIL_WHATS);
	return names[what];
}

/* --- whose message came back ------------------------------------------------------------ */

/* The secret of a return path among the recipients; false: there is none. */
static bool verp_of(const json_t *mail, char out[TOKEN_TEXT_BYTES])
{
	const json_t *to;
	size_t i;

	json_array_foreach(json_object_get(mail, "to"), i, to) {
		const char *at = strcasestr(json_string_value(to), VERP_PREFIX);

		if (at == NULL || strlen(at) < strlen(VERP_PREFIX) + TOKEN_TEXT_BYTES)
			continue;
		memcpy(out, at + strlen(VERP_PREFIX), TOKEN_TEXT_BYTES - 1);
		out[TOKEN_TEXT_BYTES - 1] = '\0';
		if (at[strlen(VERP_PREFIX) + TOKEN_TEXT_BYTES - 1] == '@')
			return true;
	}
	return false;
}

static bool is_of(const struct engine *e, const char *verp, int64_t contact_id)
{
	char own[TOKEN_TEXT_BYTES];

	letter_return_token(e, contact_id, own);
	return strcasecmp(own, verp) == 0;
}

/* The Message-ID of a message is a secret of it, too: who names it has seen it. */
static bool is_named(const struct mail_taking *t, int64_t contact_id)
{
	char own[TOKEN_TEXT_BYTES];
	const json_t *one;
	size_t i;

	letter_message_token(t->engine, contact_id, own);
	json_array_foreach(json_object_get(t->mail, "refs"), i, one) {
		const char *id = json_string_value(one);

		if (strncasecmp(id, own, strlen(own)) == 0 && id[strlen(own)] == '@')
			return true;
	}
	return false;
}

/* Is there one that could be ours?  Others need no look at all our messages. */
static bool may_name(const struct mail_taking *t)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(t->mail, "refs"), i, one)
		if (strcspn(json_string_value(one), "@") == TOKEN_TEXT_BYTES - 1)
			return true;
	return false;
}

/* `verp` NULL: by the ids that it names. */
static int64_t which(const struct mail_taking *t, const char *verp, const int64_t *ids, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (verp != NULL ? is_of(t->engine, verp, ids[k]) : is_named(t, ids[k]))
			return ids[k];
	return 0;
}

static bool find_among(struct mail_taking *t, const char *verp, const char *list, const char *key,
    int64_t *out)
{
	const json_t *one;
	int64_t *ids;
	size_t i, n;

	json_array_foreach(json_object_get(t->mail, list), i, one) {
		const char *address = key != NULL ? json_word_of(one, key) : json_string_value(one);

		if (*out != 0)
			break;
		if (!said_mails_to(t->engine->store, t->ctx, address, &ids, &n, t->err))
			return false;
		*out = which(t, verp, ids, n);
	}
	return true;
}

/* 0: it is no message of ours.  First those to the addresses that it speaks of; forwarded,
 * they are none that we know. */
static bool find_contact(struct mail_taking *t, const char *verp, int days, int64_t *out)
{
	int64_t *ids;
	size_t n;

	*out = 0;
	if (verp == NULL && !may_name(t))
		return true;
	if (!find_among(t, verp, "recipients", "address", out) ||
	    !find_among(t, verp, "recipients", "original", out) ||
	    !find_among(t, verp, "senders", NULL, out))
		return false;
	if (*out != 0)
		return true;
	if (!said_mails_since(t->engine->store, t->ctx, t->now - (instant_t)days * SECONDS_PER_DAY, &ids, &n,
	    t->err))
		return false;
	*out = which(t, verp, ids, n);
	return true;
}

/* --- what the report says ------------------------------------------------------------------ */

static bool is_dead(const char *status)
{
	static const char *const dead[] = { "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1",
	    "5.4.4" };

	for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
		if (strcmp(status, dead[i]) == 0)
			return true;
	return false;
}

static bool has_failed(const json_t *recipient)
{
	return strcasecmp(json_word_of(recipient, "action"), "failed") == 0;
}

static const char *state_of(const json_t *recipient)
{
	if (has_failed(recipient))
		return is_dead(json_word_of(recipient, "status")) ||
		    json_is_true(json_object_get(recipient, "nobody")) ? "dead" : "failed";
	return strcasecmp(json_word_of(recipient, "action"), "delivered") == 0 ? "delivered" : "on_its_way";
}

/* Of several the one to whom we wrote.  None: it was forwarded, and as long as it arrived
 * somewhere it has not come back. */
static bool recipient_of(struct mail_taking *t, int64_t contact_id, const json_t **out)
{
	const json_t *list = json_object_get(t->mail, "recipients"), *one;
	struct address_record address;
	struct contact_record contact;
	size_t i;

	*out = json_array_get(list, 0);
	if (!outbox_get(t->engine->store, t->ctx, contact_id, &contact, t->err) ||
	    !register_get_address(t->engine->store, t->ctx, contact.address_id, &address, t->err))
		return false;
	json_array_foreach(list, i, one)
		if (strcasecmp(json_word_of(one, "address"), address.value) == 0 ||
		    strcasecmp(json_word_of(one, "original"), address.value) == 0) {
			*out = one;
			return true;
		}
	json_array_foreach(list, i, one)
		if (has_failed(*out) && !has_failed(one))
			*out = one;
	return true;
}

static bool take_report(struct mail_taking *t, enum mail_what *what)
{
	const json_t *recipient;
	char verp[TOKEN_TEXT_BYTES];
	struct receipt_record said;
	int64_t contact_id = 0;

	*what = MAIL_STRANGE;
	if ((verp_of(t->mail, verp) && !find_contact(t, verp, RETURNED_DAYS_MAX, &contact_id)) ||
	    (contact_id == 0 && !find_contact(t, NULL, RETURNED_DAYS_MAX, &contact_id)))
		return false;
	if (contact_id == 0)
		return true;
	*what = MAIL_REPORT;
	if (!recipient_of(t, contact_id, &recipient))
		return false;
	said = (struct receipt_record){ .contact_id = contact_id, .provider = PROVIDER,
	    .provider_id = json_word_of(t->mail, "message_id"), .state = state_of(recipient),
	    .code = json_word_of(recipient, "status"), .said_at = t->now, .taken_at = t->now };
	return receipt_take(t->engine, &said, t->now, t->err);
}

/* --- what somebody writes --------------------------------------------------------------------- */

/* Of those who say that they sent it the first whom a ledger knows, as it spells him. */
static bool find_sender(struct mail_taking *t, char **from, bool *known)
{
	const json_t *one;
	size_t i;
	char *last;

	*from = NULL;
	*known = false;
	json_array_foreach(json_object_get(t->mail, "senders"), i, one) {
		if (*known)
			break;
		if (!said_mail_address(t->engine->store, t->ctx, json_string_value(one), &last, known, t->err))
			return false;
		if (*from == NULL || *known)
			*from = last;
	}
	return true;
}

/* A message without an id has one made of all that is in it. */
static const char *id_of(struct mail_taking *t, const char *from, const char *whole)
{
	const char *id = json_word_of(t->mail, "message_id");
	char *hash = talloc_size(t->ctx, HASH_HEX_BYTES);
	const char *all = talloc_asprintf(t->ctx, "%s\n%s\n%s", from, json_word_of(t->mail, "date"), whole);

	must(hash != NULL && all != NULL);
	if (id[0] != '\0')
		return id;
	sha256_hex(all, strlen(all), hash);
	return hash;
}

static bool take_words(struct mail_taking *t, enum mail_what *what)
{
	const char *text = json_word_of(t->mail, "text"), *bare = json_word_of(t->mail, "bare");
	const char *subject = json_word_of(t->mail, "subject");
	const char *to = json_string_value(json_array_get(json_object_get(t->mail, "to"), 0));
	const bool stop = stop_is_all(bare[0] != '\0' ? bare : subject, "");
	const char *whole = talloc_asprintf(t->ctx, "%s%s%s", subject, text[0] != '\0' ? "\n" : "", text);
	int64_t answered;
	bool known;
	char *from;

	must(whole != NULL);
	*what = MAIL_STRANGE;
	if (!find_sender(t, &from, &known) || !find_contact(t, NULL, ANSWERED_DAYS_MAX, &answered))
		return false;
	if (from == NULL || from[0] == '\0')
		return true;
	*what = !known && answered == 0 ? MAIL_STRANGE : known && stop ? MAIL_STOP : MAIL_WORDS;
	return reply_take(t->engine, &(struct reply){ .channel = CHANNEL_EMAIL, .provider = PROVIDER,
	    .provider_id = id_of(t, from, whole), .from = from, .to = to != NULL ? to : "",
	    .text = stop && bare[0] != '\0' ? bare : whole, .answered = answered, .stop = stop,
	    .rest = json_is_true(json_object_get(t->mail, "rest")) }, t->now, t->err);
}

/* --- the whole ---------------------------------------------------------------------------------- */

static bool take(struct mail_taking *t, enum mail_what *what)
{
	if (json_is_true(json_object_get(t->mail, "report")))
		return take_report(t, what);
	*what = MAIL_AUTOMATIC;
	return json_is_true(json_object_get(t->mail, "automatic")) || take_words(t, what);
}

bool mail_take(struct engine *e, const char *bytes, size_t len, instant_t now,
    enum mail_what *what, struct err *err)
{
	struct mail_taking t = { .engine = e, .ctx = talloc_new(NULL), .now = now, .err = err };
	const char *text = len > MAIL_READ_BYTES_MAX ? NULL :
	    aside_run(t.ctx, mail_read, bytes, len, MAIL_JSON_BYTES_MAX, err);
	bool ok = text != NULL;

	*what = MAIL_STRANGE;
	if (ok) {
		t.mail = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		ok = json_is_object(t.mail) || err_set(err, ERR_INPUT, "cannot be read");
	} else if (!err_is_set(err)) {
		err_set(err, ERR_INPUT, "longer than %lu bytes", MAIL_READ_BYTES_MAX);
	}
	if (ok) {
		ok = store_begin(e->store, err) && take(&t, what) && store_commit(e->store, err);
		if (!ok)
			store_rollback(e->store);
	}
	json_decref(t.mail);
	talloc_free(t.ctx);
	return ok;
}

/* --- a Maildir -------------------------------------------------------------------------------------- */

/* NULL: it cannot be read, or is too long; the caller counts it. */
static char *file_read(void *ctx, const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *bytes;

	if (file == NULL)
		return NULL;
	bytes = talloc_size(ctx, MAIL_READ_BYTES_MAX + 1);
	must(bytes != NULL);
	errno = 0;
	*len = fread(bytes, 1, MAIL_READ_BYTES_MAX + 1, file);
	if (ferror(file) || *len > MAIL_READ_BYTES_MAX) {
		talloc_free(bytes);
		bytes = NULL;
	}
	(void)fclose(file);
	return bytes;
}

static bool take_file(struct engine *e, const char *maildir, const char *name, instant_t now,
    struct mail_summary *sum, struct err *err)
{
	void *tmp = talloc_new(NULL);
	char *from = talloc_asprintf(tmp, "%s/new/%s", maildir, name);
	char *to = talloc_asprintf(tmp, "%s/cur/%s:2,S", maildir, name);
	enum mail_what what;
	struct err own = { 0 };
	size_t len = 0;
	char *bytes;
	bool ok = true;

	must(from != NULL && to != NULL);
	bytes = file_read(tmp, from, &len);
	if (bytes == NULL && errno == ENOENT) {		/* another worker was faster */
		talloc_free(tmp);
		return true;
	}
	if (bytes == NULL)
		sum->unreadable++;
	else if (mail_take(e, bytes, len, now, &what, &own))
		sum->taken[what]++;
	else if (own.kind == ERR_INPUT)
		sum->unreadable++;
	else
		ok = err_set(err, own.kind, "%s", own.text);
	/* Only then: whatever happens before, it is taken again, which changes nothing. */
	if (ok && rename(from, to) != 0 && errno != ENOENT)
		ok = err_set(err, ERR_SYSTEM, "%s: %s", to, strerror(errno));
	talloc_free(tmp);
	return ok;
}

bool mail_take_folder(struct engine *e, const char *maildir, instant_t now,
    struct mail_summary *sum, struct err *err)
{
	void *tmp = talloc_new(NULL);
	char *folder = talloc_asprintf(tmp, "%s/new", maildir);
	DIR *dir = opendir(folder);
	struct dirent *one;
	bool ok = dir != NULL || err_set(err, ERR_INPUT, "%s: %s", folder, strerror(errno));

	*sum = (struct mail_summary){ 0 };
	while (ok && !engine_must_stop(e) && (one = readdir(dir)) != NULL)
		if (one->d_name[0] != '.')
			ok = take_file(e, maildir, one->d_name, now, sum, err);
	if (dir != NULL)
		(void)closedir(dir);
	talloc_free(tmp);
	return ok;
}
