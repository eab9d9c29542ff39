/* people.c - see people.h. */
#include "sim/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/must.h"

static const struct place {
	const char	*country, *zone, *lang, *phone, *currency;
	const char	*schedules[2];	/* consumers, companies */
} places[] = {
	{ "DK", "Europe/Copenhagen", "da", "+4520", "DKK", { "dk-consumer", "dk-business" } },
	{ "NO", "Europe/Oslo", "nb", "+4740", "NOK", { "no-consumer", "no-business" } },
	{ "SE", "Europe/Stockholm", "sv", "+4670", "SEK", { "se-consumer", "se-business" } },
	{ "FI", "Europe/Helsinki", "fi", "+35840", "EUR", { "fi-consumer", "fi-business" } },
	{ "DE", "Europe/Berlin", "de", "+49151", "EUR", { "de-consumer", "de-business" } },
	{ "GB", "Europe/London", "en", "+4474", "GBP", { "gb-consumer", "gb-business" } },
	{ "US", "America/New_York", "en", "+1212", "USD", { "us-consumer", "us-business" } },
};
#define PLACES (sizeof(places) / sizeof(places[0]))

/* --- creditors ------------------------------------------------------------------- */

/* Does a file whose path begins with these three travel with the program? */
static bool has_asset(const char *folder, const char *name, const char *rest)
{
	char start[128];
	const size_t len = (size_t)snprintf(start, sizeof(start), "%s/%s%s", folder, name, rest);

	for (const struct asset *a = asset_table; a->path != NULL; a++)
		if (strncmp(a->path, start, len) == 0)
			return true;
	return false;
}

/* A language without texts is nobody's here. */
static const char *lang_of(const struct place *place)
{
	return has_asset("templates/email", place->lang, "/") ? place->lang : "en";
}

char *people_settings(void *ctx)
{
	char *out = talloc_strdup(ctx, "[purr]\nsend_batch = 100\n");

	for (size_t i = 0; i < PLACES; i++)
		for (int k = 0; k < 2; k++)
			if (has_asset("schedules", places[i].schedules[k], ".json"))
				out = talloc_asprintf_append(out, "\n[creditor %s]\nname = Nordlys El\n"
				    "schedule = %s\nzone = %s\ncountry = %s\nlang = %s\n"
				    "phone = +45 70 10 20 30\nemail = kundeservice@nordlys.example\n"
				    "account = reg. 0040, konto 0440116243\n"
				    "from = regning@nordlys.example\nsms_from = Nordlys\n",
				    places[i].schedules[k], places[i].schedules[k], places[i].zone,
				    places[i].country, lang_of(&places[i]));
	must(out != NULL);
	return out;
}

static const struct place *place_of(const char *country)
{
	for (size_t i = 0; i < PLACES; i++)
		if (strcmp(places[i].country, country) == 0)
			return &places[i];
	return &places[0];
}

/* The settings go with the machine when it dies: texts are copied. */
static void take_homes(struct people *p, void *ctx, const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->creditor_count; i++) {
		const struct cfg_creditor *c = &cfg->creditors[i];
		const struct place *place = place_of(c->text[CREDITOR_COUNTRY]);
		struct home *home = &p->homes[p->home_count++];

		*home = (struct home){ .creditor = talloc_strdup(ctx, c->id), .country = place->country,
		    .zone = talloc_strdup(ctx, c->text[CREDITOR_ZONE]),
		    .lang = talloc_strdup(ctx, c->text[CREDITOR_LANG]),
		    .phone = place->phone,
		    .business = strstr(c->text[CREDITOR_SCHEDULE], "business") != NULL };
		must(home->creditor != NULL && home->zone != NULL && home->lang != NULL);
		(void)snprintf(home->currency, sizeof(home->currency), "%s", place->currency);
	}
}

/* --- debtors and what they owe -------------------------------------------------------- */

static enum party party_of(const struct people *p, int32_t person, bool business)
{
	static const int shares[2][PARTIES] = {
		{ [PARTY_CONSUMER] = 85, [PARTY_BUSINESS] = 12, [PARTY_PUBLIC] = 3 },
		{ [PARTY_CONSUMER] = 0, [PARTY_BUSINESS] = 90, [PARTY_PUBLIC] = 10 },
	};

	return (enum party)dice_pick(&p->dice, "party", person, 0, shares[business], PARTIES);
}

/* Some are old: due before the first day, and told of on it. */
static void make_bill(struct people *p, int32_t person, int32_t bill, day_t first_on, int days)
{
	static const int terms[] = { 8, 14, 14, 21, 30 };
	const struct dice *d = &p->dice;
	const struct home *home = &p->homes[p->persons[person].home];
	const int64_t most = strcmp(home->currency, "EUR") == 0 || home->currency[0] == 'G' ||
	    home->currency[0] == 'U' ? 80000 : 600000;
	struct bill *b = &p->bills[bill];

	*b = (struct bill){ .person = person,
	    .issued_on = first_on + (day_t)dice_between(d, "issued", bill, 0, -45, days - 10) };
	memcpy(b->currency, dice_hits(d, "abroad", bill, 0, 200) ? "EUR" : home->currency,
	    CURRENCY_BYTES);
	b->due_on = b->issued_on + terms[dice_between(d, "term", bill, 0, 0, 4)];
	b->known_on = b->issued_on > first_on ? b->issued_on : first_on;
	b->amount_minor = dice_hits(d, "small", bill, 0, 300) ?
	    dice_between(d, "amount", bill, 0, 100, 2600) :
	    dice_between(d, "amount", bill, 0, 1000, most);
}

void people_make(struct people *p, void *ctx, const struct cfg *cfg, uint64_t seed,
    int32_t count, day_t first_on, int days)
{
	static const int bills[PERSON_BILLS_MAX] = { 60, 25, 10, 5 };

	*p = (struct people){ .dice = { seed }, .count = count };
	take_homes(p, ctx, cfg);
	must(p->home_count > 0);
	p->persons = talloc_zero_array(ctx, struct person, (unsigned)count);
	p->bills = talloc_zero_array(ctx, struct bill, (unsigned)count * PERSON_BILLS_MAX);
	must(p->persons != NULL && p->bills != NULL);
	for (int32_t i = 0; i < count; i++) {
		struct person *person = &p->persons[i];

		person->home = (int)dice_between(&p->dice, "home", i, 0, 0,
		    (int64_t)p->home_count - 1);
		person->party = party_of(p, i, p->homes[person->home].business);
		person->first_bill = p->bill_count;
		person->bill_count = 1 + dice_pick(&p->dice, "bills", i, 0, bills,
		    PERSON_BILLS_MAX);
		for (int k = 0; k < person->bill_count; k++)
			make_bill(p, i, p->bill_count++, first_on, days);
	}
}

/* --- rows ------------------------------------------------------------------------------- */

void person_id(int32_t person, char out[PEOPLE_ID_BYTES])
{
	(void)snprintf(out, PEOPLE_ID_BYTES, "K%06" PRId32, person);
}

int32_t person_of_id(const char *id)
{
	return id[0] == 'K' ? (int32_t)strtol(id + 1, NULL, 10) : -1;
}

void bill_id(int32_t bill, char out[PEOPLE_ID_BYTES])
{
	(void)snprintf(out, PEOPLE_ID_BYTES, "F%07" PRId32, bill);
}

static char *there(char *text)
{
	must(text != NULL);
	return text;
}

/* The address of somebody else, now and then: one flat, one mailbox. */
static int32_t address_owner(const struct people *p, int32_t person, const char *what)
{
	return person > 0 && dice_hits(&p->dice, what, person, 0, 200) ? person - 1 : person;
}

static void debtor_of(const struct people *p, void *ctx, int32_t person, struct debtor_row *out)
{
	const struct dice *d = &p->dice;
	const struct home *home = &p->homes[p->persons[person].home];
	const struct place *abroad = &places[dice_between(d, "country", person, 0, 0, PLACES - 1)];
	const bool moved = dice_hits(d, "moved", person, 0, 200);
	char *id = talloc_array(ctx, char, PEOPLE_ID_BYTES);

	must(id != NULL);
	person_id(person, id);
	*out = (struct debtor_row){ .external_id = id, .party = p->persons[person].party,
	    .name = there(talloc_asprintf(ctx, "Kunde %" PRId32, person)), .party_given = true,
	    .lang = dice_hits(d, "english", person, 0, 1000) ? "en" : home->lang,
	    .country = moved ? abroad->country : home->country,
	    .zone = moved ? abroad->zone : home->zone, .zone_given = true, .region = "",
	    .schedule = "", .segment = "", .email = "", .phone = "", .street = "",
	    .postcode = "", .city = "" };
	if (dice_hits(d, "has email", person, 0, 8500))
		out->email = there(talloc_asprintf(ctx, "kunde%" PRId32 "@post.example",
		    address_owner(p, person, "same email")));
	if (dice_hits(d, "has phone", person, 0, 7500))
		out->phone = there(talloc_asprintf(ctx, "%s%06" PRId32, home->phone,
		    address_owner(p, person, "same phone")));
	if (dice_hits(d, "has street", person, 0, 9000)) {
		out->street = there(talloc_asprintf(ctx, "Havnegade %" PRId32, person));
		out->postcode = "8000";
		out->city = "Aarhus";
	}
	out->prefers_given = dice_hits(d, "prefers", person, 0, 3000);
	out->prefers = (enum channel)dice_between(d, "prefers", person, 1, 0, CHANNEL_LETTER);
}

void bill_row(const struct people *p, void *ctx, int32_t bill, struct invoice_row *out)
{
	const struct bill *b = &p->bills[bill];
	char *id = talloc_array(ctx, char, PEOPLE_ID_BYTES);

	must(id != NULL);
	bill_id(bill, id);
	*out = (struct invoice_row){ .line = bill, .type = ROW_INVOICE, .external_id = id,
	    .credits = "", .schedule = "", .amount_minor = b->amount_minor, .issued_on = b->issued_on,
	    .due_on = b->due_on, .settled_on = DAY_NONE,
	    .reference = there(talloc_asprintf(ctx, "R%07" PRId32, bill)), .subject = "El" };
	memcpy(out->currency, b->currency, CURRENCY_BYTES);
	debtor_of(p, ctx, b->person, &out->debtor);
}
