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

#define PROVIDER "mail"
#define VERP_PREFIX "bounces+"
#define RETURNED_DAYS_MAX 60		/* a relay gives up long before */

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

/* 0: it is no message of ours. */
static bool find_contact(struct mail_taking *t, const char *verp, int64_t *out)
{
	const json_t *one;
	int64_t *ids;
	size_t i, n;

	*out = 0;
	json_array_foreach(json_object_get(t->mail, "recipients"), i, one) {
		if (!said_mails_to(t->engine->store, t->ctx, json_word_of(one, "address"), &ids, &n, t->err))
			return false;
		for (size_t k = 0; k < n && *out == 0; k++)
			if (is_of(t->engine, verp, ids[k]))
				*out = ids[k];
	}
	/* Forwarded: the address that failed is none that we know. */
	if (*out == 0 && !said_mails_since(t->engine->store, t->ctx, t->now -
	    (instant_t)RETURNED_DAYS_MAX * SECONDS_PER_DAY, &ids, &n, t->err))
		return false;
	for (size_t k = 0; *out == 0 && k < n; k++)
		if (is_of(t->engine, verp, ids[k]))
			*out = ids[k];
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

static const char *state_of(const json_t *recipient)
{
	const char *action = json_word_of(recipient, "action"), *status = json_word_of(recipient, "status");

	if (strcasecmp(action, "failed") == 0)
		return is_dead(status) ? "dead" : "failed";
	return strcasecmp(action, "delivered") == 0 ? "delivered" : "on_its_way";
}

static bool take_report(struct mail_taking *t, enum mail_what *what)
{
	const json_t *recipient = json_array_get(json_object_get(t->mail, "recipients"), 0);
	char verp[TOKEN_TEXT_BYTES];
	struct receipt_record said;
	int64_t contact_id = 0;

	*what = MAIL_STRANGE;
	if (!verp_of(t->mail, verp))
		return true;
	if (!find_contact(t, verp, &contact_id))
		return false;
	if (contact_id == 0)
		return true;
	*what = MAIL_REPORT;
	said = (struct receipt_record){ .contact_id = contact_id, .provider = PROVIDER,
	    .provider_id = json_word_of(t->mail, "message_id"), .state = state_of(recipient),
	    .code = json_word_of(recipient, "status"), .said_at = t->now, .taken_at = t->now };
	return receipt_take(t->engine, &said, t->now, t->err);
}

/* --- what somebody writes --------------------------------------------------------------------- */

/* Up to where the old message begins, which most programs quote. */
static char *own_words(void *ctx, const char *text)
{
	static const char *const marks[] = { "\n>", "\n-----", "\n________", "\nFrom: ", "\nFra: ",
	    "\nFrån: ", "\nVon: ", "\nLähettäjä: ", "\nOn ", "\nDen ", "\nAm " };
	size_t len = strlen(text);
	char *out;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const bool prose = marks[i][strlen(marks[i]) - 1] == ' ' && strchr(marks[i], ':') == NULL;
		const char *at = strstr(text, marks[i]);

		/* "Den 3. oktober skrev ...:" and the like end in a colon. */
		while (at != NULL && prose) {
			const size_t line = strcspn(at + 1, "\n");

			if (line > 0 && at[line] == ':')
				break;
			at = strstr(at + 1, marks[i]);
		}
		if (at != NULL && (size_t)(at - text) < len)
			len = (size_t)(at - text);
	}
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	out = talloc_strndup(ctx, text, len);
	must(out != NULL);
	return out;
}

static bool take_words(struct mail_taking *t, enum mail_what *what)
{
	char *text = own_words(t->ctx, json_word_of(t->mail, "text")), *from, hash[HASH_HEX_BYTES];
	const char *id = json_word_of(t->mail, "message_id"), *subject = json_word_of(t->mail, "subject");
	const bool stop = stop_is_all(text, "") || (text[0] == '\0' && stop_is_all(subject, ""));
	const char *whole = talloc_asprintf(t->ctx, "%s%s%s", subject, text[0] != '\0' ? "\n" : "", text);
	bool known;

	must(whole != NULL);
	*what = MAIL_STRANGE;
	if (json_word_of(t->mail, "from")[0] == '\0')
		return true;
	if (id[0] == '\0') {
		sha256_hex(whole, strlen(whole), hash);
		id = hash;
	}
	if (!said_mail_address(t->engine->store, t->ctx, json_word_of(t->mail, "from"), &from, &known, t->err))
		return false;
	*what = !known ? MAIL_STRANGE : stop ? MAIL_STOP : MAIL_WORDS;
	return reply_take(t->engine, &(struct reply){ .channel = CHANNEL_EMAIL, .provider = PROVIDER,
	    .provider_id = id, .from = from, .to = json_string_value(json_array_get(
	    json_object_get(t->mail, "to"), 0)) != NULL ? json_string_value(json_array_get(
	    json_object_get(t->mail, "to"), 0)) : "", .text = stop ? text : whole, .stop = stop },
	    t->now, t->err);
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
