/* ways.c - see ways.h. */
#include "dispatch/ways.h"

#include <string.h>

#include "base/err.h"
#include "dispatch/sms_gateway.h"

#define CONNECTIONS 8
#define CONNECT_SECONDS 20
#define STALL_SECONDS 120
#define TRANSFER_SECONDS 300

static const char *text_or(const char *text, const char *fallback)
{
	return text != NULL && text[0] != '\0' ? text : fallback;
}

static bool number_settle(int *number, int fallback, int max, const char *name, struct err *err)
{
	if (*number == 0)
		*number = fallback;
	if (*number < 1 || *number > max)
		return err_set(err, ERR_INPUT, "%s: between 1 and %d", name, max);
	return true;
}

static bool way_settle(struct dispatch_way *w, const char *driver, const char *name,
    struct err *err)
{
	w->driver = text_or(w->driver, driver);
	w->url = text_or(w->url, "");
	w->user = text_or(w->user, "");
	w->password_file = text_or(w->password_file, "");
	w->key_file = text_or(w->key_file, "");
	w->known_hosts = text_or(w->known_hosts, "");
	w->organisation = text_or(w->organisation, "");
	w->product = text_or(w->product, "");
	if (w->per_second < 0)
		return err_set(err, ERR_INPUT, "%s: messages in a second: 0 or more", name);
	if (number_settle(&w->connections_max, CONNECTIONS, DISPATCH_CONNECTIONS_MAX,
	    "connections", err))
		return true;
	err_prefix(err, "%s", name);
	return false;
}

bool ways_settle(struct dispatch_settings *s, struct err *err)
{
	s->outbox = text_or(s->outbox, "");
	s->email_helo = text_or(s->email_helo, "localhost");
	s->ca_file = text_or(s->ca_file, "");
	return way_settle(&s->email, "file", "email", err) &&
	    way_settle(&s->email_second, "", "email_second", err) &&
	    way_settle(&s->sms, "file", "sms", err) &&
	    way_settle(&s->sms_second, "", "sms_second", err) &&
	    way_settle(&s->letter, "file", "letter", err) &&
	    number_settle(&s->connect_seconds_max, CONNECT_SECONDS,
	    DISPATCH_SECONDS_MAX, "connect seconds", err) &&
	    number_settle(&s->stall_seconds_max, STALL_SECONDS,
	    DISPATCH_SECONDS_MAX, "stall seconds", err) &&
	    number_settle(&s->transfer_seconds_max, TRANSFER_SECONDS,
	    DISPATCH_SECONDS_MAX, "transfer seconds", err);
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

struct net_loop_limits ways_limits(const struct dispatch_settings *s)
{
	const int email = larger(s->email.connections_max, s->email_second.connections_max);
	const int sms = larger(s->sms.connections_max, s->sms_second.connections_max);

	return (struct net_loop_limits){ .connections_max = 2 * (email + sms) +
	    s->letter.connections_max,
	    .host_connections_max = larger(email, sms) };
}

static bool email_open(struct ways *w, const struct dispatch_settings *s,
    const struct dispatch_way *way, struct driver **out, struct err *err)
{
	if (strcmp(way->driver, "file") == 0)
		*out = driver_file_open(w->ctx, s, err);
	else if (strcmp(way->driver, "smtp") == 0)
		*out = driver_smtp_open(w->ctx, way, s, w->loop, err);
	else
		err_set(err, ERR_INPUT, "email driver: \"file\" or \"smtp\"");
	return *out != NULL;
}

static bool sms_open(struct ways *w, const struct dispatch_settings *s,
    const struct dispatch_way *way, struct driver **out, struct err *err)
{
	const struct sms_gateway *gateway = sms_gateway_find(way->driver);

	if (strcmp(way->driver, "file") == 0)
		*out = driver_file_open(w->ctx, s, err);
	else if (gateway != NULL)
		*out = driver_sms_open(w->ctx, gateway, way, s, w->loop, err);
	else
		err_set(err, ERR_INPUT, "sms driver: file, kannel, twilio, gatewayapi or 46elks");
	return *out != NULL;
}

/* Without an outbox letters are refused one by one; the rest works. */
static bool letter_open(struct ways *w, const struct dispatch_settings *s, struct driver **out,
    struct err *err)
{
	const char *driver = s->letter.driver;

	if (strcmp(driver, "file") == 0 && s->outbox[0] == '\0')
		return true;
	if (strcmp(driver, "file") == 0)
		*out = driver_file_open(w->ctx, s, err);
	else if (strcmp(driver, "sftp") == 0)
		*out = driver_sftp_open(w->ctx, &s->letter, s, w->loop, err);
	else if (strcmp(driver, "pingen") == 0)
		*out = driver_pingen_open(w->ctx, &s->letter, s, w->loop, err);
	else
		err_set(err, ERR_INPUT, "letter driver: file, sftp or pingen");
	return *out != NULL;
}

typedef bool open_fn(struct ways *, const struct dispatch_settings *, const struct dispatch_way *,
    struct driver **, struct err *);

/* A second provider beside files would never be asked, and files would hide the first. */
static bool second_open(struct ways *w, const struct dispatch_settings *s, enum lane_name lane,
    const struct dispatch_way *first, const struct dispatch_way *second, open_fn *open,
    const char *name, struct err *err)
{
	if (second->driver[0] == '\0')
		return true;
	if (strcmp(first->driver, "file") == 0 || strcmp(second->driver, "file") == 0)
		return err_set(err, ERR_INPUT, "%s: a second provider stands in for a real first one, "
		    "and is real itself", name);
	if (open(w, s, second, &w->lane[lane].second, err))
		return true;
	err_prefix(err, "%s", name);
	return false;
}

bool ways_open(struct ways *w, const struct dispatch_settings *s, struct err *err)
{
	if (s->provider != NULL) {
		for (int i = 0; i < LANES; i++)
			w->lane[i].first = driver_provider_open(w->ctx, s->provider);
		return true;
	}
	w->lane[LANE_EMAIL].per_second = s->email.per_second;
	w->lane[LANE_SMS].per_second = s->sms.per_second;
	if (!email_open(w, s, &s->email, &w->lane[LANE_EMAIL].first, err) ||
	    !sms_open(w, s, &s->sms, &w->lane[LANE_SMS].first, err) ||
	    !second_open(w, s, LANE_EMAIL, &s->email, &s->email_second, email_open,
	    "email_second", err) ||
	    !second_open(w, s, LANE_SMS, &s->sms, &s->sms_second, sms_open, "sms_second", err))
		return false;
	return letter_open(w, s, &w->lane[LANE_LETTER].first, err);
}
