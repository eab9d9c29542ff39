/* check_settings.c - what `purr check` asks about purr.conf: do the files exist that it
 * names, is it still the sample, and does the store know creditors that it does not?
 */
#include "engine/check_files.h"

#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/cfg.h"
#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/calendar.h"
#include "pay/slip.h"
#include "plan/assign.h"
#include "store/history.h"
#include "store/register.h"

/* Says what a file of closed days closes, until the end of the calendars. */
static void tell_closed(struct check *c, const char *creditor, const struct checked *f)
{
	day_t first = DAY_NONE, last = DAY_NONE;
	char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES], *text;
	int days = 0;

	for (day_t day = day_from_ymd(CALENDAR_YEAR_FIRST, 1, 1),
	    end = day_from_ymd(CALENDAR_YEAR_LAST + 1, 1, 1); day < end; day++) {
		if (!calendar_is_closed_day(f->parsed, day))
			continue;
		days++;
		last = day;
		if (first == DAY_NONE)
			first = day;
	}
	text = talloc_asprintf(c->ctx, "closes %d days for %s, %s to %s", days, creditor,
	    day_text(first, from), day_text(last, to));
	must(text != NULL);
	c->sink->notice(c->sink->arg, f->path, text, false);
}

static void check_closed_days(struct check *c, const struct cfg_creditor *creditor)
{
	const char *words = creditor->text[CREDITOR_CLOSED_DAYS], *word;

	while ((word = cfg_word(c->ctx, &words)) != NULL) {
		const struct checked *f = check_find(c, CHECKED_CLOSED_DAYS, word);

		if (f == NULL)
			check_tell(c, "purr.conf", "[creditor %s]: there is no schedules/closed/%s.ics",
			    creditor->id, word);
		else if (f->parsed != NULL)
			tell_closed(c, creditor->id, f);
	}
}

static void check_creditor(struct check *c, const struct cfg_creditor *creditor)
{
	struct err err = { 0 };

	c->counts->creditors++;
	if (check_find(c, CHECKED_SCHEDULE, creditor->text[CREDITOR_SCHEDULE]) == NULL)
		check_tell(c, "purr.conf", "[creditor %s]: there is no schedules/%s.json", creditor->id,
		    creditor->text[CREDITOR_SCHEDULE]);
	if (zone_find(creditor->text[CREDITOR_ZONE], &err) == NULL ||
	    locale_find(creditor->text[CREDITOR_LANG], &err) == NULL)
		check_tell(c, "purr.conf", "[creditor %s]: %s", creditor->id, err.text);
	check_closed_days(c, creditor);
}

static bool ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* Messages to real people must not carry what purr.conf was delivered with. */
static void check_sample(struct check *c, const struct cfg *cfg)
{
	const char *base = cfg->text[CFG_PURR_BASE_URL];

	if (strcmp(cfg->text[CFG_EMAIL_DRIVER], "file") == 0 &&
	    strcmp(cfg->text[CFG_SMS_DRIVER], "file") == 0 &&
	    strcmp(cfg->text[CFG_LETTER_DRIVER], "file") == 0)
		return;
	if (strstr(base, "//127.") != NULL || strstr(base, "//localhost") != NULL)
		check_tell_at(c, "purr.conf", cfg_line(cfg, "purr", "base_url"), "base_url is %s, which no debtor can reach", base);
	for (size_t i = 0; i < cfg->creditor_count; i++)
		if (ends_with(cfg->creditors[i].text[CREDITOR_EMAIL], ".example") ||
		    ends_with(cfg->creditors[i].text[CREDITOR_FROM], ".example"))
			check_tell(c, "purr.conf", "[creditor %s]: email and from are the sample's; "
			    "write your own name, account and addresses", cfg->creditors[i].id);
}

/* A line that no bank can read is left out of every letter: told here. */
static void check_accounts(struct check *c, const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->creditor_count; i++) {
		const char *const *text = cfg->creditors[i].text;
		const char *fault = slip_account_fault(&(struct slip_account){ .name = "",
		    .fik = text[CREDITOR_FIK], .bankgiro = text[CREDITOR_BANKGIRO],
		    .kid_account = text[CREDITOR_KID_ACCOUNT], .iban = text[CREDITOR_IBAN],
		    .bic = text[CREDITOR_BIC] });

		if (fault != NULL)
			check_tell(c, "purr.conf", "[creditor %s]: %s", cfg->creditors[i].id, fault);
	}
}

/* A planned experiment assigns nobody before its start, which is easily forgotten. */
static bool check_started(struct check *c, struct store *store, struct err *err)
{
	for (const struct checked *f = c->files; f != NULL; f = f->next) {
		const struct experiment *x = f->kind == CHECKED_EXPERIMENT ? f->parsed : NULL;
		char *text;
		instant_t at;

		if (x == NULL || x->planned_debtors == 0)
			continue;
		if (!history_experiment_started(store, x->id, &at, err))
			return false;
		if (at != 0)
			continue;
		text = talloc_asprintf(c->ctx, "is planned and not started: it assigns nobody. See "
		    "`purr experiment %s`, then --start", x->id);
		must(text != NULL);
		c->sink->notice(c->sink->arg, f->path, text, false);
	}
	return true;
}

/* Words such as "Reg. 9999 konto 1234567890" are of use in one country only. */
static void tell_account(struct check *c, const struct cfg_creditor *creditor,
    const struct country_count *n)
{
	char *text;

	if (strcmp(n->country, creditor->text[CREDITOR_COUNTRY]) == 0 ||
	    strstr(creditor->text[CREDITOR_ACCOUNT], "IBAN") != NULL)
		return;
	text = talloc_asprintf(c->ctx, "[creditor %s]: debtors in %s (%lld) read the account as \"%s\"; "
	    "if nobody can pay by that from there, write its IBAN into the line, too", creditor->id,
	    n->country, (long long)n->debtors, creditor->text[CREDITOR_ACCOUNT]);
	must(text != NULL);
	c->sink->notice(c->sink->arg, "purr.conf", text, false);
}

static bool check_countries(struct check *c, struct store *store, const struct cfg *cfg,
    struct err *err)
{
	struct country_count *list;
	size_t n;

	if (!register_countries(store, c->ctx, &list, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct cfg_creditor *creditor = cfg_creditor(cfg, list[i].creditor);

		c->countries = talloc_asprintf(c->ctx, "%s%s ", c->countries, list[i].country);
		must(c->countries != NULL);
		if (creditor != NULL)
			tell_account(c, creditor, &list[i]);
	}
	return true;
}

/* A section that was renamed or removed leaves its invoices behind: nobody is
 * reminded of them, and the next import takes each for a new one. */
static void check_store(struct check *c, const struct cfg *cfg)
{
	const char *path = talloc_asprintf(c->ctx, "%s/purr.db", c->dir), **ids;
	struct err err = { 0 };
	struct store *store;
	size_t n;

	if (access(path, F_OK) != 0)
		return;
	store = store_open(c->ctx, path, (struct store_options){ .role = STORE_READ }, &err);
	if (store == NULL || !register_creditors_owed(store, c->ctx, &ids, &n, &err) ||
	    !check_started(c, store, &err) || !check_countries(c, store, cfg, &err)) {
		check_tell(c, "purr.db", "%s", err.text);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (cfg_creditor(cfg, ids[i]) == NULL)
			check_tell(c, "purr.conf", "there is no section [creditor %s], to whom invoices of "
			    "purr.db are owed: give it its name back", ids[i]);
	store_close(store);
}

/* Each wrong line of a file that cannot be read as settings, without the folder before it. */
static void tell_unread(struct check *c, const struct err *err)
{
	const size_t skip = strlen(c->dir) + 1;
	struct err one = { 0 };

	for (int i = -1; i < err->later->count; i++) {
		const char *text = i < 0 ? err->text : err->later->text[i];

		err_clear(&one);
		err_set(&one, err->kind, "%s", strncmp(text, c->dir, skip - 1) == 0 ? text + skip : text);
		check_tell_error(c, "purr.conf", &one);
	}
}

void check_settings(struct check *c)
{
	const char *path = talloc_asprintf(c->ctx, "%s/purr.conf", c->dir);
	struct err_later later = { .count = 0 };
	struct err err = { .later = &later };
	struct cfg *cfg;

	if (access(path, F_OK) != 0)
		return;
	c->counts->settings = true;
	cfg = cfg_read(c->ctx, path, &err);
	if (cfg == NULL) {
		tell_unread(c, &err);
		return;
	}
	c->countries = " ";
	for (size_t i = 0; i < cfg->creditor_count; i++) {
		check_creditor(c, &cfg->creditors[i]);
		c->countries = talloc_asprintf(c->ctx, "%s%s ", c->countries,
		    cfg->creditors[i].text[CREDITOR_COUNTRY]);
		must(c->countries != NULL);
	}
	if (cfg->creditor_count == 0)
		check_tell(c, "purr.conf", "there is no section [creditor NAME]: whose claims are these?");
	check_sample(c, cfg);
	check_ways(c, cfg);
	check_accounts(c, cfg);
	check_store(c, cfg);
}
