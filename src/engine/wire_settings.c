/* wire_settings.c - see wire_settings.h. */
#include "engine/wire_settings.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/cfg.h"
#include "base/must.h"
#include "base/secret.h"

#define WAY_HASH_DIGITS 12
#define LETTER_MIDDLE_MM 80		/* a window that begins further right is on the right */

static const struct {
	enum cfg_key	driver, url, user, password_file, secret_file;
} sms_keys[SMS_WAYS] = {
	[SMS_FIRST] = { CFG_SMS_DRIVER, CFG_SMS_URL, CFG_SMS_USER, CFG_SMS_PASSWORD_FILE,
	    CFG_SMS_SECRET_FILE },
	[SMS_SECOND] = { CFG_SMS_SECOND_DRIVER, CFG_SMS_SECOND_URL, CFG_SMS_SECOND_USER,
	    CFG_SMS_SECOND_PASSWORD_FILE, CFG_SMS_SECOND_SECRET_FILE },
};

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static const char *file_of(const struct engine *e, void *ctx, enum cfg_key key)
{
	const char *name = e->cfg->text[key];

	return name[0] != '\0' ? engine_path(e, ctx, name) : NULL;
}

/* What is too large to be one stays too large. */
static int number_of(const struct engine *e, enum cfg_key key)
{
	const int64_t n = cfg_int(e->cfg, key);

	return n < INT_MIN ? INT_MIN : n > INT_MAX ? INT_MAX : (int)n;
}

const char *sms_way_driver(const struct engine *e, int way)
{
	return e->cfg->text[sms_keys[way].driver];
}

bool sms_way_is_real(const struct engine *e, int way)
{
	const char *driver = sms_way_driver(e, way);

	return !e->scratch && driver[0] != '\0' && strcmp(driver, "file") != 0;
}

struct dispatch_way sms_way_settings(const struct engine *e, void *ctx, int way)
{
	const char *const *text = e->cfg->text;

	return (struct dispatch_way){ .driver = sms_way_driver(e, way),
	    .url = or_null(text[sms_keys[way].url]), .user = or_null(text[sms_keys[way].user]),
	    .password_file = file_of(e, ctx, sms_keys[way].password_file),
	    .connections_max = way == SMS_FIRST ? number_of(e, CFG_SMS_CONNECTIONS) : 0,
	    .per_second = way == SMS_FIRST ? number_of(e, CFG_SMS_PER_SECOND) : 0 };
}

/* The same driver with another account or address is another way. */
const char *sms_way_name(const struct engine *e, void *ctx, int way)
{
	const char *const *text = e->cfg->text;
	char *account, hash[HASH_HEX_BYTES], *name;

	if (!sms_way_is_real(e, way))
		return "";
	account = talloc_asprintf(ctx, "%s\n%s", text[sms_keys[way].url], text[sms_keys[way].user]);
	must(account != NULL);
	sha256_hex(account, strlen(account), hash);
	name = talloc_asprintf(ctx, "%s:%.*s", sms_way_driver(e, way), WAY_HASH_DIGITS, hash);
	must(name != NULL);
	return name;
}

const char *sms_way_names(const struct engine *e, void *ctx)
{
	const char *first = sms_way_name(e, ctx, SMS_FIRST), *second = sms_way_name(e, ctx, SMS_SECOND);
	char *names = talloc_asprintf(ctx, "%s%s%s", first, first[0] != '\0' && second[0] != '\0' ? " " :
	    "", second);

	must(names != NULL);
	return names;
}

/* Twilio signs with the account's own token, where no other is set. */
const char *sms_way_secret_file(const struct engine *e, void *ctx, int way)
{
	const char *own = file_of(e, ctx, sms_keys[way].secret_file);

	return own != NULL || strcmp(sms_way_driver(e, way), "twilio") != 0 ? own :
	    file_of(e, ctx, sms_keys[way].password_file);
}

bool letter_way_calls(const struct engine *e)
{
	return !e->scratch && strcmp(e->cfg->text[CFG_LETTER_DRIVER], "pingen") == 0;
}

const char *letter_way_secret_file(const struct engine *e, void *ctx)
{
	return file_of(e, ctx, CFG_LETTER_SECRET_FILE);
}

struct dispatch_settings wire_settings(const struct engine *e, void *ctx)
{
	const char *const *text = e->cfg->text;
	struct dispatch_settings s = { .outbox = engine_path(e, ctx, "outbox"),
	    .provider = e->provider };

	if (e->scratch) {		/* a replay cannot send, whatever the settings say */
		s.still = true;
		return s;
	}
	s.rate_dir = engine_path(e, ctx, "journal");
	s.email_helo = or_null(text[CFG_EMAIL_HELO]);
	s.email = (struct dispatch_way){ .driver = text[CFG_EMAIL_DRIVER],
	    .url = or_null(text[CFG_EMAIL_URL]), .starttls = cfg_bool(e->cfg, CFG_EMAIL_STARTTLS),
	    .user = or_null(text[CFG_EMAIL_USER]),
	    .password_file = file_of(e, ctx, CFG_EMAIL_PASSWORD_FILE),
	    .connections_max = number_of(e, CFG_EMAIL_CONNECTIONS),
	    .per_second = number_of(e, CFG_EMAIL_PER_SECOND) };
	s.email_second = (struct dispatch_way){
	    .driver = text[CFG_EMAIL_SECOND_URL][0] != '\0' ? "smtp" : NULL,
	    .url = or_null(text[CFG_EMAIL_SECOND_URL]),
	    .starttls = cfg_bool(e->cfg, CFG_EMAIL_SECOND_STARTTLS),
	    .user = or_null(text[CFG_EMAIL_SECOND_USER]),
	    .password_file = file_of(e, ctx, CFG_EMAIL_SECOND_PASSWORD_FILE) };
	s.letter = (struct dispatch_way){ .driver = text[CFG_LETTER_DRIVER],
	    .url = or_null(text[CFG_LETTER_URL]), .user = or_null(text[CFG_LETTER_USER]),
	    .password_file = file_of(e, ctx, CFG_LETTER_PASSWORD_FILE),
	    .key_file = file_of(e, ctx, CFG_LETTER_KEY_FILE),
	    .known_hosts = file_of(e, ctx, CFG_LETTER_KNOWN_HOSTS),
	    .organisation = or_null(text[CFG_LETTER_ORGANISATION]),
	    .product = or_null(text[CFG_LETTER_PRODUCT]),
	    .window_right = cfg_int(e->cfg, CFG_LETTER_WINDOW_LEFT) > LETTER_MIDDLE_MM };
	for (int way = 0; way < SMS_WAYS; way++)
		*(way == SMS_FIRST ? &s.sms : &s.sms_second) = sms_way_settings(e, ctx, way);
	return s;
}

/* --- settings that cannot work -------------------------------------------------------- */

int wire_fault_line(const struct cfg *cfg, const struct way_fault *fault)
{
	const char *const names[] = { fault->setting, "driver", "url" };
	int line = 0;

	for (size_t i = 0; line == 0 && i < sizeof(names) / sizeof(names[0]); i++)
		line = cfg_line(cfg, fault->section, names[i]);
	return line;
}

static void say(char said[ERR_TEXT_BYTES_MAX], const struct cfg *cfg,
    const struct way_fault *fault)
{
	const size_t used = strlen(said);

	(void)snprintf(said + used, ERR_TEXT_BYTES_MAX - used, "%s%s:%d: [%s] %s: %s (%s)",
	    used > 0 ? "; " : "", cfg->path, wire_fault_line(cfg, fault), fault->section,
	    fault->setting, fault->text, fault->second ? "until then nothing stands in" :
	    "until then its messages are kept for later");
}

/* Of each provider the first fault is said; `purr check` says all. */
static void close_channel(const struct cfg *cfg, struct dispatch_settings *settings,
    enum channel channel, struct dispatch_way *first, struct dispatch_way *second,
    char said[ERR_TEXT_BYTES_MAX])
{
	struct way_faults faults;

	way_rules(settings, channel, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		struct dispatch_way *way = faults.list[i].second ? second : first;

		if (!way->closed)
			say(said, cfg, &faults.list[i]);
		way->closed = true;
	}
}

void wire_close_unfit(const struct engine *e, struct dispatch_settings *s,
    char said[ERR_TEXT_BYTES_MAX])
{
	said[0] = '\0';
	if (e->scratch || e->provider != NULL)
		return;
	close_channel(e->cfg, s, CHANNEL_EMAIL, &s->email, &s->email_second, said);
	close_channel(e->cfg, s, CHANNEL_SMS, &s->sms, &s->sms_second, said);
	close_channel(e->cfg, s, CHANNEL_LETTER, &s->letter, NULL, said);
}
