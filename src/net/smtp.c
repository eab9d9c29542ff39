/* smtp.c - see smtp.h: relays, and which connection a message goes over.  What is said over
 * it stands in smtp_session.c.
 */
#include "net/smtp.h"

#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "net/mime.h"
#include "net/smtp_session.h"

#define URL_BYTES_MAX 512
#define HELO_BYTES_MAX 253

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

const char *smtp_settings_fault(const struct smtp_settings *settings, const char **setting)
{
	bool smtps = strncasecmp(settings->url, "smtps://", 8) == 0;
	const char *host = settings->url + (smtps ? 8 : 7);

	*setting = "url";
	if (!smtps && strncasecmp(settings->url, "smtp://", 7) != 0)
		return "give smtp://host:port or smtps://host:port";
	if (strlen(settings->url) > URL_BYTES_MAX || host[0] == '\0' ||
	    host[strcspn(host, "/@?# ")] != '\0' || !net_url_is_readable(settings->url))
		return "after smtp:// only host:port may stand (login and name are settings of their own)";
	*setting = "helo";
	if (!helo_is_safe(settings->helo))
		return "the EHLO name is not a host name";
	*setting = "starttls";
	if (settings->user != NULL && settings->user[0] != '\0' && !smtps &&
	    !settings->starttls && !host_is_this_machine(host))
		return "a password may not cross the network in clear: use smtps:// as url, or starttls";
	return NULL;
}

struct smtp_relay *smtp_relay_open(void *ctx, struct net_loop *loop,
    const struct smtp_settings *settings, struct err *err)
{
	const char *setting, *fault = smtp_settings_fault(settings, &setting);
	struct smtp_relay *relay;

	if (fault != NULL) {
		err_set(err, ERR_INPUT, "mail relay: %s: %s", setting, fault);
		return NULL;
	}
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

/* The envelope's addresses as they go over the wire: the domain in ASCII. */
static bool addresses_set(struct smtp_job *job, const struct smtp_mail *mail)
{
	job->mail = *mail;
	job->mail.to = mime_idn_address(job, mail->to);
	job->mail.from = mail->from[0] != '\0' ? mime_idn_address(job, mail->from) : "";
	return smtp_address_is_safe(job->mail.to) &&
	    (job->mail.from[0] == '\0' || smtp_address_is_safe(job->mail.from));
}

void smtp_job_end(struct smtp_job *job, const struct smtp_end *end)
{
	job->done(job->arg, end);
	talloc_free(job);
}

void smtp_job_start(struct smtp_job *job)
{
	struct smtp_session *session = job->fresh ? NULL : job->relay->idle;

	if (session != NULL)
		job->relay->idle = session->next_idle;
	else
		session = smtp_session_open(job->relay);
	if (session == NULL)
		smtp_job_end(job, &(struct smtp_end){ .fate = NET_LATER, .why = "memory" });
	else
		smtp_session_take(session, job);
}

void smtp_send(struct smtp_relay *relay, const struct smtp_mail *mail,
    smtp_done_fn *done, void *arg)
{
	struct smtp_job *job = talloc_zero(relay, struct smtp_job);

	must(job != NULL);
	job->relay = relay;
	job->done = done;
	job->arg = arg;
	if (!smtp_address_is_safe(mail->to) ||
	    (mail->from[0] != '\0' && !smtp_address_is_safe(mail->from)) || !addresses_set(job, mail))
		smtp_job_end(job, &(struct smtp_end){ .fate = NET_NEVER, .why = "address" });
	else
		smtp_job_start(job);
}
