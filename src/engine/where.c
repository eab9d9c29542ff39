/* where.c - see where.h. */
#include "engine/where.h"

#include <string.h>

#include <talloc.h>

#include "base/abode.h"
#include "base/must.h"

static bool is_uncertain(const struct debtor_record *d)
{
	return strcmp(d->country, ABODE_COUNTRY) == 0;
}

static void ask_abode(const struct debtor_record *d, const char *const *phones, size_t count,
    struct abode *out)
{
	const struct abode_question q = { .zone = d->zone_given ? d->zone : "",
	    .region = d->region, .postcode = d->postcode, .phones = phones,
	    .phone_count = count };

	abode_find(&q, out);
}

static const char *region_of(void *ctx, const struct debtor_record *d, const struct abode *abode)
{
	const char *region = is_uncertain(d) ? abode->region : d->region;
	char *copy = region[0] == '\0' ? NULL : talloc_strdup(ctx, region);

	must(region[0] == '\0' || copy != NULL);
	return copy;
}

const char *where_region(void *ctx, const struct debtor_record *d)
{
	struct abode abode;

	ask_abode(d, NULL, 0, &abode);
	return region_of(ctx, d, &abode);
}

/* A number that has opted out, or is dead, still says where its owner lives. */
static size_t phones_of(const struct address_record *addresses, size_t count,
    const char **out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (addresses[i].channel == CHANNEL_SMS || addresses[i].channel == CHANNEL_CALL)
			out[n++] = addresses[i].value;
	return n;
}

bool where_fill(void *ctx, const struct debtor_record *d, const struct address_record *addresses,
    size_t count, struct decide_facts *facts, struct err *err)
{
	const char **phones = talloc_array(ctx, const char *, (unsigned)count + 1);
	struct abode abode;

	must(phones != NULL);
	ask_abode(d, phones, phones_of(addresses, count, phones), &abode);
	talloc_free(phones);
	facts->region = region_of(ctx, d, &abode);
	if (!is_uncertain(d)) {
		facts->debtor_zone = zone_find(d->zone, err);
		return facts->debtor_zone != NULL;
	}
	for (size_t i = 0; i < abode.zone_count; i++) {
		struct decide_zone *z = &facts->zones[facts->zone_count++];

		*z = (struct decide_zone){ zone_find(abode.zones[i].name, err),
		    abode.zones[i].told_by };
		if (z->zone == NULL)
			return false;
	}
	facts->debtor_zone = facts->zones[0].zone;
	return true;
}
