/* ways.c - see ways.h. */
#include "dispatch/ways.h"

#include <string.h>

#include "base/err.h"
#include "dispatch/sms_gateway.h"
#include "dispatch/way_rules.h"

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

static void way_fill(struct dispatch_way *w, const char *driver, int connections)
{
	w->driver = text_or(w->driver, driver);
	w->url = text_or(w->url, "");
	w->user = text_or(w->user, "");
	w->password_file = text_or(w->password_file, "");
	w->key_file = text_or(w->key_file, "");
	w->known_hosts = text_or(w->known_hosts, "");
	w->organisation = text_or(w->organisation, "");
	w->product = text_or(w->product, "");
	if (w->connections_max == 0 || w->closed)
		w->connections_max = connections;
}

/* What is wrong with the first is not the second's fault. */
static int connections_of(const struct dispatch_way *first)
{
	const int n = first->connections_max;

	return n < 1 || n > DISPATCH_CONNECTIONS_MAX ? WAY_CONNECTIONS : n;
}

void ways_fill(struct dispatch_settings *s)
{
	s->outbox = text_or(s->outbox, "");
	s->email_helo = text_or(s->email_helo, "localhost");
	s->ca_file = text_or(s->ca_file, "");
	way_fill(&s->email, "file", WAY_CONNECTIONS);
	way_fill(&s->email_second, "", connections_of(&s->email));
	way_fill(&s->sms, "file", WAY_CONNECTIONS);
	way_fill(&s->sms_second, "", connections_of(&s->sms));
	way_fill(&s->letter, "file", WAY_CONNECTIONS);
}

static bool ways_are_sound(const struct dispatch_settings *s, struct err *err)
{
	static const enum channel channels[] = { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_LETTER };
	struct way_faults faults;

	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		way_rules(s, channels[i], &faults);
		if (faults.count > 0)
			return err_set(err, ERR_INPUT, "[%s] %s: %s", faults.list[0].section,
			    faults.list[0].setting, faults.list[0].text);
	}
	return true;
}

bool ways_settle(struct dispatch_settings *s, struct err *err)
{
	ways_fill(s);
	return (s->provider != NULL || ways_are_sound(s, err)) &&
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
	*out = strcmp(way->driver, "file") == 0 ? driver_file_open(w->ctx, s, err) :
	    driver_smtp_open(w->ctx, way, s, w->loop, err);
	return *out != NULL;
}

static bool sms_open(struct ways *w, const struct dispatch_settings *s,
    const struct dispatch_way *way, struct driver **out, struct err *err)
{
	const struct sms_gateway *gateway = sms_gateway_find(way->driver);

	*out = gateway == NULL ? driver_file_open(w->ctx, s, err) :
	    driver_sms_open(w->ctx, gateway, way, s, w->loop, err);
	return *out != NULL;
}

/* Without an outbox letters are refused one by one; the rest works. */
static bool letter_open(struct ways *w, const struct dispatch_settings *s,
    const struct dispatch_way *way, struct driver **out, struct err *err)
{
	if (strcmp(way->driver, "file") == 0 && s->outbox[0] == '\0')
		return true;
	*out = strcmp(way->driver, "file") == 0 ? driver_file_open(w->ctx, s, err) :
	    strcmp(way->driver, "sftp") == 0 ? driver_sftp_open(w->ctx, way, s, w->loop, err) :
	    driver_pingen_open(w->ctx, way, s, w->loop, err);
	return *out != NULL;
}

typedef bool open_fn(struct ways *, const struct dispatch_settings *, const struct dispatch_way *,
    struct driver **, struct err *);

/* The rules have been asked: each driver is one that there is. */
static bool lane_open(struct ways *w, const struct dispatch_settings *s, enum lane_name lane,
    const struct dispatch_way *first, const struct dispatch_way *second, open_fn *open,
    struct err *err)
{
	w->lane[lane].per_second = first->per_second;
	w->lane[lane].none_word = first->closed ? DISPATCH_CLOSED : "no outbox";
	return (first->closed || open(w, s, first, &w->lane[lane].first, err)) &&
	    (second == NULL || second->closed || second->driver[0] == '\0' ||
	    open(w, s, second, &w->lane[lane].second, err));
}

bool ways_open(struct ways *w, const struct dispatch_settings *s, struct err *err)
{
	if (s->provider != NULL) {
		for (int i = 0; i < LANES; i++)
			w->lane[i].first = driver_provider_open(w->ctx, s->provider);
		return true;
	}
	return lane_open(w, s, LANE_EMAIL, &s->email, &s->email_second, email_open, err) &&
	    lane_open(w, s, LANE_SMS, &s->sms, &s->sms_second, sms_open, err) &&
	    lane_open(w, s, LANE_LETTER, &s->letter, NULL, letter_open, err);
}
