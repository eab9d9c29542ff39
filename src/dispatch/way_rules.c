/* way_rules.c - see way_rules.h. */
#include "dispatch/way_rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <talloc.h>

#include "base/must.h"
#include "base/near.h"
#include "base/str.h"
#include "dispatch/sms_gateway.h"
#include "dispatch/ways.h"
#include "net/smtp.h"

#define LIST_BYTES_MAX 100

struct judging {
	struct way_faults		*out;
	const char			*section;
	bool				 second;
	const struct dispatch_way	*way;
	void				*ctx;
};

static void tell(struct judging *j, const char *setting, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

static void tell(struct judging *j, const char *setting, const char *fmt, ...)
{
	struct way_fault *fault;
	va_list ap;

	if (j->out->count == WAY_FAULTS_MAX)
		return;
	fault = &j->out->list[j->out->count++];
	*fault = (struct way_fault){ .section = j->section, .setting = setting, .second = j->second };
	va_start(ap, fmt);
	(void)vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	va_end(ap);
}

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* --- what all have --------------------------------------------------------------------- */

/* "file, sftp or pingen"; a second provider is never files. */
static void tell_drivers(struct judging *j, const char *const *names, size_t count)
{
	struct str list;

	str_init(&list, j->ctx, LIST_BYTES_MAX);
	for (size_t i = j->second ? 1 : 0; i < count; i++)
		str_printf(&list, "%s%s", list.len == 0 ? "" : i + 1 < count ? ", " : " or ", names[i]);
	tell(j, "driver", "there is no driver \"%.40s\": write %s", j->way->driver, str_take(&list));
}

/* False: there is no such driver, and nothing to ask of the rest. */
static bool judge_driver(struct judging *j, const char *const *names, size_t count)
{
	const char *near = NULL;

	for (size_t i = 0; i < count; i++) {
		if (is(j->way->driver, names[i]))
			return true;
		if (strcasecmp(j->way->driver, names[i]) == 0)
			near = names[i];
	}
	if (near == NULL)
		near = near_word(j->way->driver, names, count);
	if (near != NULL)
		tell(j, "driver", "there is no driver \"%.40s\": write %s", j->way->driver, near);
	else
		tell_drivers(j, names, count);
	return false;
}

static void judge_numbers(struct judging *j)
{
	if (j->way->connections_max < 1 || j->way->connections_max > DISPATCH_CONNECTIONS_MAX)
		tell(j, "connections", "give 1 to %d, or 0 for %d", DISPATCH_CONNECTIONS_MAX,
		    WAY_CONNECTIONS);
	if (j->way->per_second < 0)
		tell(j, "per_second", "give the messages in a second, or 0 for as many as go");
}

/* what: NULL: the driver can do without. */
static void judge_password(struct judging *j, const char *what)
{
	struct err err = { 0 };

	if (j->way->password_file[0] == '\0' && what != NULL)
		tell(j, "password_file", "%s needs it: name the file whose first line is %s",
		    j->way->driver, what);
	else if (driver_password_read(j->ctx, j->way->password_file, &err) == NULL)
		tell(j, "password_file", "%s", err.text);
}

static void judge_file(struct judging *j, const char *setting, const char *path)
{
	if (path[0] != '\0' && access(path, R_OK) != 0)
		tell(j, setting, "%s: %s", path, strerror(errno));
}

static void judge_http(struct judging *j, const char *url)
{
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		tell(j, "url", "give an address that begins with https:// or http://");
	else if (strpbrk(url, "?#@ ") != NULL)
		tell(j, "url", "give an address that ends before the '?', without #, @ and spaces: the "
		    "login is a setting of its own");
	else if (!net_url_is_readable(url))
		tell(j, "url", "that is no address: give https://host or https://host:port");
}

/* --- e-mail ------------------------------------------------------------------------------ */

static void judge_email(struct judging *j, const struct dispatch_settings *s)
{
	static const char *const names[] = { "file", "smtp" };
	const struct smtp_settings smtp = { .url = j->way->url, .helo = s->email_helo,
	    .starttls = j->way->starttls, .user = j->way->user };
	const char *setting, *fault;

	if (!judge_driver(j, names, sizeof(names) / sizeof(names[0])) || !is(j->way->driver, "smtp"))
		return;
	fault = smtp_settings_fault(&smtp, &setting);
	if (fault != NULL)
		tell(j, setting, "%s", fault);
	judge_password(j, j->way->user[0] != '\0' ? "the password of user" : NULL);
}

/* --- SMS --------------------------------------------------------------------------------- */

static void judge_sms(struct judging *j, const struct dispatch_settings *s)
{
	static const char *const names[] = { "file", "kannel", "twilio", "gatewayapi", "46elks" };
	const struct sms_gateway *gateway = sms_gateway_find(j->way->driver);

	(void)s;
	if (!judge_driver(j, names, sizeof(names) / sizeof(names[0])) || gateway == NULL)
		return;
	if (j->way->url[0] == '\0' && gateway->url[0] == '\0')
		tell(j, "url", "%s needs url, http://host:13013/cgi-bin/sendsms", gateway->name);
	else
		judge_http(j, j->way->url[0] != '\0' ? j->way->url : gateway->url);
	if (gateway->user_is != NULL && j->way->user[0] == '\0')
		tell(j, "user", "%s needs it: give %s", gateway->name, gateway->user_is);
	judge_password(j, gateway->password_is);
}

bool way_rules_sms(const struct dispatch_way *given, struct err *err)
{
	struct dispatch_settings s = { .sms = *given };
	struct way_faults faults;

	way_rules(&s, CHANNEL_SMS, &faults);
	return faults.count == 0 || err_set(err, ERR_INPUT, "[%s] %s: %s", faults.list[0].section,
	    faults.list[0].setting, faults.list[0].text);
}

/* --- letters ----------------------------------------------------------------------------- */

static void judge_sftp(struct judging *j)
{
	const struct dispatch_way *way = j->way;

	if (strncmp(way->url, "sftp://", 7) != 0 || !net_url_is_readable(way->url))
		tell(j, "url", "give sftp://host:port/folder");
	if (way->known_hosts[0] == '\0')
		tell(j, "known_hosts", "sftp needs it: `ssh-keyscan` writes the file, and you compare it "
		    "with what the print house says");
	judge_file(j, "known_hosts", way->known_hosts);
	if (way->user[0] == '\0')
		tell(j, "user", "sftp needs it: give the name to log in with");
	judge_file(j, "key_file", way->key_file);
	judge_password(j, way->key_file[0] == '\0' ? "the password, or name a key as key_file" : NULL);
}

static void judge_letter(struct judging *j, const struct dispatch_settings *s)
{
	static const char *const names[] = { "file", "sftp", "pingen" };

	(void)s;
	if (!judge_driver(j, names, sizeof(names) / sizeof(names[0])) || is(j->way->driver, "file"))
		return;
	if (is(j->way->driver, "sftp")) {
		judge_sftp(j);
		return;
	}
	if (j->way->url[0] != '\0')
		judge_http(j, j->way->url);
	if (j->way->user[0] == '\0')
		tell(j, "user", "pingen needs it: give the client's id");
	if (j->way->organisation[0] == '\0')
		tell(j, "organisation", "pingen needs it: give its id there");
	judge_password(j, "the client's secret");
}

/* --- a channel --------------------------------------------------------------------------- */

typedef void judge_fn(struct judging *, const struct dispatch_settings *);

/* A second provider beside files would never be asked, and files would hide the first.
 * E-mail's second has no driver to name: it is there where it has a url. */
static void judge_second(struct judging *j, const struct dispatch_way *first,
    const struct dispatch_settings *s, judge_fn *judge)
{
	const char *setting = j->way == &s->email_second ? "url" : "driver";

	if (is(first->driver, "file"))
		tell(j, setting, "a second provider stands in for a real first one: name that, too, or "
		    "leave this out");
	else if (is(j->way->driver, "file"))
		tell(j, setting, "a second provider stands in for a real first one, and is real itself: "
		    "not files");
	else
		judge(j, s);
	judge_numbers(j);
}

static void judge_channel(struct judging *j, const struct dispatch_way *first,
    const struct dispatch_way *second, const struct dispatch_settings *s, judge_fn *judge)
{
	j->way = first;
	if (!first->closed) {
		judge(j, s);
		judge_numbers(j);
	}
	if (second == NULL || second->closed || second->driver[0] == '\0')
		return;
	j->way = second;
	j->second = true;
	j->section = second == &s->sms_second ? "sms_second" : "email_second";
	judge_second(j, first, s, judge);
}

void way_rules(const struct dispatch_settings *given, enum channel channel, struct way_faults *out)
{
	struct dispatch_settings s = *given;
	struct judging j = { .out = out, .section = channel_name(channel), .ctx = talloc_new(NULL) };

	must(j.ctx != NULL);
	out->count = 0;
	ways_fill(&s);
	if (channel == CHANNEL_EMAIL)
		judge_channel(&j, &s.email, &s.email_second, &s, judge_email);
	else if (channel == CHANNEL_SMS)
		judge_channel(&j, &s.sms, &s.sms_second, &s, judge_sms);
	else if (channel == CHANNEL_LETTER)
		judge_channel(&j, &s.letter, NULL, &s, judge_letter);
	talloc_free(j.ctx);
}
