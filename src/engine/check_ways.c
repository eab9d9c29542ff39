/* check_ways.c - what `purr check` asks about the providers in purr.conf: can their settings
 * work?  The answers are dispatch's, so that a send is refused for nothing else.
 */
#include "engine/check_files.h"

#include <string.h>

#include <talloc.h>

#include "base/cfg.h"
#include "base/err.h"
#include "compose/letter_page.h"
#include "dispatch/driver.h"
#include "engine/wire_settings.h"

static void check_channel(struct check *c, const struct cfg *cfg,
    const struct dispatch_settings *settings, enum channel channel)
{
	struct way_faults faults;

	way_rules(settings, channel, &faults);
	for (size_t i = 0; i < faults.count; i++)
		check_tell_at(c, "purr.conf", wire_fault_line(cfg, &faults.list[i]), "[%s] %s: %s",
		    faults.list[i].section, faults.list[i].setting, faults.list[i].text);
}

/* What a provider's calls are believed by. */
static void check_secret(struct check *c, const struct cfg *cfg, const char *section,
    const char *path)
{
	struct err err = { 0 };

	if (path != NULL && driver_password_read(c->ctx, path, &err) == NULL)
		check_tell_at(c, "purr.conf", cfg_line(cfg, section, "secret_file"), "[%s] secret_file: %s",
		    section, err.text);
}

/* Without its secret no report of GatewayAPI is believed, and no reply. */
static void check_secrets(struct check *c, const struct engine *e)
{
	static const char *const sections[SMS_WAYS] = { "sms", "sms_second" };
	static const enum cfg_key keys[SMS_WAYS] = { CFG_SMS_SECRET_FILE, CFG_SMS_SECOND_SECRET_FILE };

	for (int way = 0; way < SMS_WAYS; way++) {
		const bool named = e->cfg->text[keys[way]][0] != '\0';

		if (!named && strcmp(sms_way_driver(e, way), "gatewayapi") == 0)
			check_tell_at(c, "purr.conf", cfg_line(e->cfg, sections[way], "driver"),
			    "[%s] secret_file: gatewayapi signs its calls: name the file that holds the "
			    "webhooks' secret", sections[way]);
		if (named && sms_way_is_real(e, way))
			check_secret(c, e->cfg, sections[way], sms_way_secret_file(e, c->ctx, way));
	}
	if (letter_way_calls(e))
		check_secret(c, e->cfg, "letter", letter_way_secret_file(e, c->ctx));
}

static void check_window(struct check *c, const struct cfg *cfg)
{
	const int line = cfg_line(cfg, "letter", "window_left_mm");
	struct err err = { 0 };

	if (!letter_page_window((int)cfg_int(cfg, CFG_LETTER_WINDOW_LEFT),
	    (int)cfg_int(cfg, CFG_LETTER_WINDOW_TOP), &err))
		check_tell_at(c, "purr.conf", line != 0 ? line : cfg_line(cfg, "letter", "window_top_mm"),
		    "[letter] window_left_mm, window_top_mm: %s", err.text);
}

/* It must be good at both providers. */
static void check_senders(struct check *c, const struct engine *e)
{
	for (size_t i = 0; i < e->cfg->creditor_count; i++) {
		const struct cfg_creditor *creditor = &e->cfg->creditors[i];
		const char *from = creditor->text[CREDITOR_SMS_FROM], *fault = NULL;

		for (int way = 0; fault == NULL && way < SMS_WAYS; way++)
			fault = sms_sender_fault(sms_way_driver(e, way), from);
		if (fault != NULL)
			check_tell_at(c, "purr.conf", creditor->line[CREDITOR_SMS_FROM],
			    "[creditor %s] sms_from: \"%s\" can be no sender: %s", creditor->id, from, fault);
	}
}

void check_ways(struct check *c, struct cfg *cfg)
{
	/* Of a workspace its settings alone. */
	const struct engine e = { .dir = c->dir, .cfg = cfg };
	const struct dispatch_settings settings = wire_settings(&e, c->ctx);

	check_channel(c, cfg, &settings, CHANNEL_EMAIL);
	check_channel(c, cfg, &settings, CHANNEL_SMS);
	check_channel(c, cfg, &settings, CHANNEL_LETTER);
	check_window(c, cfg);
	check_secrets(c, &e);
	check_senders(c, &e);
}
