/* intake_debtor.c - a debtor's row into the register; see booking.h. */
#include <string.h>

#include <talloc.h>

#include "base/abode.h"
#include "base/err.h"
#include "base/must.h"
#include "base/locale.h"
#include "engine/booking.h"
#include "engine/policy.h"
#include "store/ledger.h"

static const char *first_of(const char *a, const char *b)
{
	return a[0] != '\0' ? a : b;
}

/* Zone of a country that has one. */
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
static bool fill_from_store(struct booking *b, int64_t debtor_id, struct debtor_row *row,
    enum party *was)
{
	struct debtor_record old;
	struct address_record *a;
	size_t n;

	if (!register_get_debtor(b->engine->store, b->tmp, debtor_id, &old, b->err) ||
	    !register_addresses(b->engine->store, b->tmp, debtor_id, &a, &n, b->err))
		return false;
	*was = old.party;
	row->name = first_of(row->name, old.name);
	row->lang = first_of(row->lang, old.lang);
	row->country = first_of(row->country, old.country);
	if (row->zone[0] == '\0' && old.zone_given) {
		row->zone = old.zone;
		row->zone_given = true;
	}
	/* a region is one of its country */
	if (strcmp(row->country, old.country) == 0 && !says_none(b, FIELD_REGION))
		row->region = first_of(row->region, old.region);
	if (!says_none(b, FIELD_POSTCODE))
		row->postcode = first_of(row->postcode, old.postcode);
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

/* A region binds by the rules of its pack: one that the pack does not know would
 * bind nobody.  A country without a pack has no rules to ask. */
static bool region_fits(struct booking *b, const struct debtor_row *row)
{
	const struct pack *pack = policy_pack(b->engine->policy, row->country);
	const char *known = "";

	if (row->region[0] == '\0' || pack == NULL || pack_has_region(pack, row->region) ||
	    (strcmp(row->country, ABODE_COUNTRY) == 0 && abode_is_region(row->region)))
		return true;
	for (size_t i = 0; i < pack->region_count; i++)
		known = talloc_asprintf(b->tmp, "%s%s%s", known, i > 0 ? " " : "",
		    pack->regions[i].name);
	must(known != NULL);
	booking_misfit(b, FIELD_REGION, row->region, strcmp(row->country, ABODE_COUNTRY) == 0 ?
	    "no state of the US: its two letters, or NYC for New York City" :
	    pack->region_count == 0 ? "the rule pack of the country knows no regions" :
	    talloc_asprintf(b->tmp, "the rule pack knows no such region, but %s", known));
	return false;
}

/* The zone by which a debtor's moments are told.  Which zones are asked is made
 * out anew for each decision (dossier.c). */
static const char *zone_made_out(const struct booking *b, const struct debtor_row *row)
{
	const struct abode_question q = { .zone = "", .region = row->region,
	    .postcode = row->postcode, .phones = &row->phone, .phone_count = 1 };
	struct abode abode;

	if (strcmp(row->country, ABODE_COUNTRY) != 0)
		return zone_of_country(row->country, b->creditor->text[CREDITOR_ZONE]);
	abode_find(&q, &abode);
	return abode.zones[0].name;
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
	enum party was = PARTY_CONSUMER;

	*effect = ROW_UNCHANGED;
	if (!zone_fits(b, given->zone) || !booking_schedule_fits(b, given->schedule))
		return true;
	if (!register_find_debtor(b->engine->store, b->creditor_id, row.external_id, id, b->err) ||
	    (*id != 0 && !fill_from_store(b, *id, &row, &was)))
		return false;
	row.name = first_of(row.name, row.external_id);
	row.country = first_of(row.country, b->creditor->text[CREDITOR_COUNTRY]);
	row.lang = first_of(row.lang, strcmp(row.country, b->creditor->text[CREDITOR_COUNTRY]) == 0 ?
	    b->creditor->text[CREDITOR_LANG] : locale_of_country(row.country));
	if (!region_fits(b, &row))
		return true;
	row.zone_given = row.zone[0] != '\0';
	if (!row.zone_given)
		row.zone = zone_made_out(b, &row);
	if (zone_find(row.zone, b->err) == NULL)
		return false;
	if (!register_put_debtor(b->engine->store, b->creditor_id, &row, id, effect, b->err))
		return false;
	if (was != PARTY_CONSUMER && row.party == PARTY_CONSUMER && !booking_is_consumer(b, *id))
		return false;
	return *effect != ROW_CHANGED ||
	    ledger_wake_debtor(b->engine->store, *id, b->now, b->err);
}
