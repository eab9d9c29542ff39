/* smtp.c - see smtp.h.
 *
 * What decides an end is which command the last reply answered.  curl's error
 * numbers do not say (55 stands for a refused MAIL, a refused RCPT and a
 * broken pipe), so the commands are read as they leave, in command_seen(), and
 * the replies as they come, in reply_seen().
 */
#include "net/smtp.h"

#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "net/reply.h"
#include "net/transfer.h"

#define URL_BYTES_MAX 512
#define HELO_BYTES_MAX 253

enum phase { PHASE_CONNECT, PHASE_HELLO, PHASE_MAIL, PHASE_RCPT, PHASE_DATA, PHASE_BODY };

struct smtp_relay {
	struct net_loop		*loop;
	char			*url;		/* with our name as its path */
	bool			 starttls;
	char			*user, *password, *ca_file;
	struct net_seconds	 seconds;
};

struct smtp_job {
	struct smtp_relay	*relay;
	struct smtp_mail	 mail;
	smtp_done_fn		*done;
	void			*arg;
	struct curl_slist	*rcpt;
	enum phase		 phase;
	size_t			 at;		/* bytes of the body given to curl */
	struct reply_line	 refusal;	/* first line >= 400; code 0: none */
	enum phase		 refused_at;	/* the command that it answered */
	struct reply_line	 accepted;	/* 2xx after the body; code 0: none */
	int			 last_code;
	bool			 fresh;		/* second try, on a new connection */
};

bool smtp_address_is_safe(const char *address)
{
	const char *sign = strrchr(address, '@');

	if (sign == NULL || sign == address || sign[1] == '\0' ||
	    strlen(address) > SMTP_ADDRESS_BYTES_MAX)
		return false;
	for (const char *p = address; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c <= ' ' || c == 0x7F || c == '<' || c == '>')
			return false;
	}
	return true;
}

static bool helo_is_safe(const char *helo)
{
	size_t len = strlen(helo);

	return len > 0 && len <= HELO_BYTES_MAX &&
	    strspn(helo, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789.-:[]") == len;
}

/* Exactly one of these names, then the end or a port. */
static bool host_is_this_machine(const char *host)
{
	static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (strncmp(host, names[i], len) == 0 && (host[len] == '\0' || host[len] == ':'))
			return true;
	}
	return false;
}

static bool settings_are_sound(const struct smtp_settings *settings, struct err *err)
{
	bool smtps = strncasecmp(settings->url, "smtps://", 8) == 0;
	const char *host = settings->url + (smtps ? 8 : 7);

	if (!smtps && strncasecmp(settings->url, "smtp://", 7) != 0)
		return err_set(err, ERR_INPUT, "mail relay: the URL must begin with smtp:// or smtps://");
	if (strlen(settings->url) > URL_BYTES_MAX || host[0] == '\0' ||
	    host[strcspn(host, "/@?# ")] != '\0')
		return err_set(err, ERR_INPUT,
		    "mail relay: after smtp:// only host:port may stand (login and name are settings of their own)");
	if (!helo_is_safe(settings->helo))
		return err_set(err, ERR_INPUT, "mail relay: the EHLO name is not a host name");
	if (settings->user != NULL && settings->user[0] != '\0' && !smtps &&
	    !settings->starttls && !host_is_this_machine(host))
		return err_set(err, ERR_INPUT,
		    "mail relay: a password may not cross the network in clear: use smtps:// or starttls");
	return true;
}

struct smtp_relay *smtp_relay_open(void *ctx, struct net_loop *loop,
    const struct smtp_settings *settings, struct err *err)
{
	struct smtp_relay *relay;

	if (!settings_are_sound(settings, err))
		return NULL;
	relay = talloc_zero(ctx, struct smtp_relay);
	must(relay != NULL);
	relay->loop = loop;
	relay->url = talloc_asprintf(relay, "%s/%s", settings->url, settings->helo);
	relay->starttls = settings->starttls;
	relay->seconds = settings->seconds;
	if (settings->user != NULL && settings->user[0] != '\0') {
		relay->user = talloc_strdup(relay, settings->user);
		relay->password = talloc_strdup(relay,
		    settings->password != NULL ? settings->password : "");
	}
	if (settings->ca_file != NULL && settings->ca_file[0] != '\0')
		relay->ca_file = talloc_strdup(relay, settings->ca_file);
	return relay;
}

static bool begins(const char *at, size_t len, const char *word)
{
	return len >= strlen(word) && strncmp(at, word, strlen(word)) == 0;
}

/* Sees each command once it has been written.  A login's lines pass here too:
 * they are base64 and cannot look like "MAIL FROM:". */
static int command_seen(CURL *easy, curl_infotype type, char *at, size_t len, void *arg)
{
	struct smtp_job *job = arg;

	(void)easy;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	if (begins(at, len, "MAIL FROM:")) {
		job->phase = PHASE_MAIL;
		job->refusal.code = 0;		/* a refused EHLO was overcome by HELO */
	} else if (begins(at, len, "RCPT TO:")) {
		job->phase = PHASE_RCPT;
	} else if (job->phase == PHASE_RCPT && begins(at, len, "DATA")) {
		job->phase = PHASE_DATA;
	} else if (job->phase == PHASE_CONNECT && !begins(at, len, "QUIT")) {
		job->phase = PHASE_HELLO;
	}
	return 0;
}

static size_t reply_seen(char *at, size_t size, size_t count, void *arg)
{
	struct smtp_job *job = arg;
	struct reply_line line;

	if (!reply_line_read(at, size * count, &line))
		return size * count;
	if (line.code != 221)			/* the answer to QUIT decides nothing */
		job->last_code = line.code;
	if (line.code >= 400 && job->refusal.code == 0) {
		job->refusal = line;
		job->refused_at = job->phase;
	}
	if (job->phase == PHASE_BODY && line.code / 100 == 2 && job->at == job->mail.len &&
	    job->accepted.code == 0 && line.code != 221)
		job->accepted = line;
	return size * count;
}

/* curl asks for the body only after the relay answered 354. */
static size_t body_give(char *to, size_t size, size_t count, void *arg)
{
	struct smtp_job *job = arg;
	size_t room = size * count, left = job->mail.len - job->at;

	if (job->phase != PHASE_BODY)
		fault_point("mid-wire");
	job->phase = PHASE_BODY;
	if (room > left)
		room = left;
	memcpy(to, job->mail.bytes + job->at, room);
	job->at += room;
	return room;
}

/* Codes that speak of our account, whatever they answer. */
static bool is_login_code(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static void refusal_judge(const struct smtp_job *job, struct smtp_end *end)
{
	end->code = job->refusal.code;
	memcpy(end->enhanced, job->refusal.enhanced, sizeof(end->enhanced));
	end->unreached = job->phase < PHASE_MAIL || is_login_code(end->code) ||
	    end->code == 421;
	end->fate = end->unreached || end->code < 500 ? NET_LATER : NET_NEVER;
	end->at_recipient = !end->unreached && job->refused_at == PHASE_RCPT;
	end->why = is_login_code(end->code) ? "login" : "refused";
}

static void end_judge(const struct smtp_job *job, CURLcode code, struct smtp_end *end)
{
	*end = (struct smtp_end){ .fate = NET_LATER, .why = transfer_trouble(code) };
	if (job->accepted.code != 0 && job->refusal.code == 0) {
		end->fate = NET_TAKEN;
		end->why = "";
		end->code = job->accepted.code;
		memcpy(end->enhanced, job->accepted.enhanced, sizeof(end->enhanced));
		memcpy(end->queue_id, job->accepted.queue_id, sizeof(end->queue_id));
	} else if (job->refusal.code != 0) {
		refusal_judge(job, end);
	} else if (job->phase == PHASE_BODY) {
		end->fate = NET_UNKNOWN;
		end->code = job->last_code;
	} else {
		end->unreached = job->phase < PHASE_MAIL;
		end->code = job->last_code;
	}
}

static void job_end(struct smtp_job *job, const struct smtp_end *end)
{
	curl_slist_free_all(job->rcpt);
	job->rcpt = NULL;
	job->done(job->arg, end);
	talloc_free(job);
}

static bool job_start(struct smtp_job *);

/* A relay may close a kept connection at any time, or say 421 to the next
 * MAIL.  Then nothing of this message has left, and a new connection may be
 * tried at once; but only one, since the next failure is no coincidence. */
static bool may_try_fresh(const struct smtp_job *job, CURL *easy, CURLcode code)
{
	long connects = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
	return !job->fresh && connects == 0 && job->phase <= PHASE_MAIL &&
	    code != CURLE_OPERATION_TIMEDOUT &&
	    (job->refusal.code == 0 || job->refusal.code == 421);
}

static void transfer_end(void *owner, CURL *easy, CURLcode code)
{
	struct smtp_job *job = owner;
	struct smtp_end end;

	if (code != CURLE_OK && may_try_fresh(job, easy, code)) {
		job->fresh = true;
		job->phase = PHASE_CONNECT;
		job->refusal.code = 0;
		job->last_code = 0;
		if (job_start(job))
			return;
	}
	end_judge(job, code, &end);
	job_end(job, &end);
}

static void relay_options(const struct smtp_relay *relay, CURL *easy)
{
	(void)curl_easy_setopt(easy, CURLOPT_URL, relay->url);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	if (relay->starttls)
		(void)curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (relay->user != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_USERNAME, relay->user);
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD, relay->password);
	}
	if (relay->ca_file != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, relay->ca_file);
}

static bool job_start(struct smtp_job *job)
{
	struct transfer *transfer = transfer_take(job->relay->loop, transfer_end, job);
	CURL *easy;

	if (transfer == NULL)
		return false;
	easy = transfer->easy;
	transfer_limit(transfer, &job->relay->seconds);
	relay_options(job->relay, easy);
	(void)curl_easy_setopt(easy, CURLOPT_MAIL_FROM, job->mail.from);
	(void)curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, job->rcpt);
	(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, body_give);
	(void)curl_easy_setopt(easy, CURLOPT_READDATA, job);
	(void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)job->mail.len);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, reply_seen);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, job);
	(void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, command_seen);
	(void)curl_easy_setopt(easy, CURLOPT_DEBUGDATA, job);
	if (job->fresh)
		(void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	return transfer_start(transfer);
}

void smtp_send(struct smtp_relay *relay, const struct smtp_mail *mail,
    smtp_done_fn *done, void *arg)
{
	struct smtp_job *job;

	if (!smtp_address_is_safe(mail->to) ||
	    (mail->from[0] != '\0' && !smtp_address_is_safe(mail->from))) {
		done(arg, &(struct smtp_end){ .fate = NET_NEVER, .why = "address" });
		return;
	}
	job = talloc_zero(relay, struct smtp_job);
	must(job != NULL);
	*job = (struct smtp_job){ .relay = relay, .mail = *mail, .done = done, .arg = arg };
	job->rcpt = curl_slist_append(NULL, mail->to);
	if (job->rcpt == NULL || !job_start(job))
		job_end(job, &(struct smtp_end){ .fate = NET_LATER, .why = "memory" });
}
