/* intake_debtor.c - a debtor's row into the register; see booking.h. */
#include <string.h>

#include "base/err.h"
#include "engine/booking.h"
#include "engine/policy.h"
#include "store/ledger.h"

static const char *first_of(const char *a, const char *b)
{
	return a[0] != '\0' ? a : b;
}

/* Zone of a country; several-zoned countries need it in the file. */
static const char *zone_of_country(const char *country, const char *fallback)
{
	static const struct { char country[3]; const char *zone; } zones[] = {
		{ "DK", "Europe/Copenhagen" }, { "NO", "Europe/Oslo" },
		{ "SE", "Europe/Stockholm" }, { "FI", "Europe/Helsinki" },
		{ "DE", "Europe/Berlin" }, { "GB", "Europe/London" },
		{ "FO", "Atlantic/Faroe" }, { "GL", "America/Nuuk" }, { "IS", "Atlantic/Reykjavik" },
	};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcmp(zones[i].country, country) == 0)
			return zones[i].zone;
	return fallback;
}

/* A register that has the column and nothing in the cell says that there is
 * none any more.  An invoice's row only says whom it is for. */
static bool says_none(const struct booking *b, enum intake_field field)
{
	return b->profile->what == INTAKE_DEBTORS && b->profile->fields[field].mapped;
}

static void fill_address(const struct booking *b, const struct address_record *a,
    struct debtor_row *row)
{
	if (a->channel == CHANNEL_EMAIL && !says_none(b, FIELD_EMAIL))
		row->email = first_of(row->email, a->value);
	if (a->channel == CHANNEL_SMS && !says_none(b, FIELD_PHONE))
		row->phone = first_of(row->phone, a->value);
	if (a->channel == CHANNEL_LETTER && !says_none(b, FIELD_STREET))
		row->letter = a->value;
}

/* What a file leaves out stays as it was. */
static bool fill_from_store(struct booking *b, int64_t debtor_id, struct debtor_row *row)
{
	struct debtor_record old;
	struct address_record *a;
	size_t n;

	if (!register_get_debtor(b->engine->store, b->tmp, debtor_id, &old, b->err) ||
	    !register_addresses(b->engine->store, b->tmp, debtor_id, &a, &n, b->err))
		return false;
	row->name = first_of(row->name, old.name);
	row->lang = first_of(row->lang, old.lang);
	row->country = first_of(row->country, old.country);
	row->zone = first_of(row->zone, old.zone);
	row->schedule = first_of(row->schedule, old.schedule);
	row->segment = first_of(row->segment, old.segment);
	if (!row->party_given)
		row->party = old.party;
	if (!row->prefers_given && old.prefers_given && !says_none(b, FIELD_PREFERS)) {
		row->prefers_given = true;
		row->prefers = old.prefers;
	}
	for (size_t i = 0; i < n; i++)
		fill_address(b, &a[i], row);
	return true;
}

/* Only the engine can ask whether this machine knows a zone by that name. */
static bool zone_fits(struct booking *b, const char *zone)
{
	struct err unknown = { 0 };

	if (zone[0] == '\0' || zone_find(zone, &unknown) != NULL)
		return true;
	booking_misfit(b, FIELD_ZONE, zone, "no time zone of that name is known here");
	return false;
}

bool booking_schedule_fits(struct booking *b, const char *name)
{
	struct err unknown = { 0 };

	if (name[0] == '\0' || policy_schedule(b->engine->policy, name, &unknown) != NULL)
		return true;
	booking_misfit(b, FIELD_SCHEDULE, name, "no schedule of that name is in schedules/");
	return false;
}

bool booking_debtor(struct booking *b, const struct debtor_row *given, int64_t *id,
    enum row_effect *effect)
{
	struct debtor_row row = *given;

	*effect = ROW_UNCHANGED;
	if (!zone_fits(b, given->zone) || !booking_schedule_fits(b, given->schedule))
		return true;
	if (!register_find_debtor(b->engine->store, b->creditor_id, row.external_id, id, b->err) ||
	    (*id != 0 && !fill_from_store(b, *id, &row)))
		return false;
	row.name = first_of(row.name, row.external_id);
	row.lang = first_of(row.lang, b->creditor->text[CREDITOR_LANG]);
	row.country = first_of(row.country, b->creditor->text[CREDITOR_COUNTRY]);
	row.zone = first_of(row.zone, zone_of_country(row.country, b->creditor->text[CREDITOR_ZONE]));
	if (zone_find(row.zone, b->err) == NULL)
		return false;
	if (!register_put_debtor(b->engine->store, b->creditor_id, &row, id, effect, b->err))
		return false;
	return *effect != ROW_CHANGED ||
	    ledger_wake_debtor(b->engine->store, *id, b->now, b->err);
}
