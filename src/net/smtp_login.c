/* smtp_login.c - libcurl's part of a connection to a relay: the name, the connection, TLS,
 * EHLO and the login; see smtp_session.h.
 *
 * Its error numbers do not say what was refused, so the commands are read as they leave
 * (command_seen) and the replies as they come (reply_seen).
 */
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "net/smtp_session.h"

#define OUT_BYTES_MAX (64UL * 1024 * 1024)

static bool begins(const char *at, size_t len, const char *word)
{
	return len >= strlen(word) && strncmp(at, word, strlen(word)) == 0;
}

static int command_seen(CURL *easy, curl_infotype type, char *at, size_t len, void *arg)
{
	struct smtp_session *s = arg;

	(void)easy;
	if (type != CURLINFO_HEADER_OUT || s->open || s->job == NULL)
		return 0;
	if (begins(at, len, "EHLO") || begins(at, len, "HELO"))
		s->pipelining = s->size = s->utf8 = false;
	if (!begins(at, len, "QUIT"))
		s->job->phase = SMTP_HELLO;
	return 0;
}

/* A line of the answer to EHLO, in capitals. */
static bool offers(const char *at, size_t len, const char *word)
{
	return len > 4 && begins(at + 4, len - 4, word) && (len == 4 + strlen(word) ||
	    strchr(" \r\n", at[4 + strlen(word)]) != NULL);
}

static size_t reply_seen(char *at, size_t size, size_t count, void *arg)
{
	struct smtp_session *s = arg;
	const size_t len = size * count;
	struct reply_line line;

	if (s->open || s->job == NULL || !reply_line_read(at, len, &line))
		return len;
	s->pipelining |= offers(at, len, "PIPELINING");
	s->size |= offers(at, len, "SIZE");
	s->utf8 |= offers(at, len, "SMTPUTF8");
	if (line.code != 221)			/* the answer to QUIT decides nothing */
		s->job->last_code = line.code;
	if (line.code >= 400 && s->job->refusal.code == 0) {
		s->job->refusal = line;
		s->job->refused_at = s->job->phase;
	}
	return len;
}

static void logged_in(void *owner, CURL *easy, CURLcode code)
{
	struct smtp_session *s = owner;
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (code != CURLE_OK || curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
	    fd == CURL_SOCKET_BAD) {
		s->transfer = NULL;		/* the loop takes it back */
		smtp_session_fail(s, transfer_trouble(code));
		return;
	}
	s->job->refusal.code = 0;		/* a refused EHLO was overcome by HELO */
	if (!smtp_session_watch(s, fd)) {
		s->transfer = NULL;
		smtp_session_fail(s, "memory");
		return;
	}
	s->open = s->transfer->kept = true;
	net_loop_work(s->relay->loop, 1);
	smtp_session_begin(s);
}

static void relay_options(const struct smtp_relay *relay, CURL *easy)
{
	(void)curl_easy_setopt(easy, CURLOPT_URL, relay->url);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	(void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	if (relay->starttls)
		(void)curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (relay->user != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_USERNAME, relay->user);
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD, relay->password);
	}
	if (relay->ca_file != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, relay->ca_file);
}

struct smtp_session *smtp_session_open(struct smtp_relay *relay)
{
	struct smtp_session *s = talloc_zero(relay, struct smtp_session);
	CURL *easy;

	must(s != NULL);
	s->relay = relay;
	str_init(&s->out, s, OUT_BYTES_MAX);
	s->transfer = transfer_take(relay->loop, logged_in, s);
	if (s->transfer == NULL) {
		talloc_free(s);
		return NULL;
	}
	s->transfer->connects_only = true;
	easy = s->transfer->easy;
	transfer_limit(s->transfer, &relay->seconds);
	relay_options(relay, easy);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, reply_seen);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, s);
	(void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, command_seen);
	(void)curl_easy_setopt(easy, CURLOPT_DEBUGDATA, s);
	return s;
}
