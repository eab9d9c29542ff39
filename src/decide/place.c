/* place.c - see place.h. */
#include "decide/place.h"

size_t place_zones(const struct decide_facts *f, const struct zone *out[DECIDE_ZONES_MAX])
{
	if (f->zone_count == 0) {
		out[0] = f->debtor_zone;
		return 1;
	}
	for (size_t i = 0; i < f->zone_count; i++)
		out[i] = f->zones[i].zone;
	return f->zone_count;
}

static const char *teller_text(unsigned told_by)
{
	static const char *const texts[ABODE_TELLERS + 1] = {
		[0] = "since nothing says where the debtor is",
		[ABODE_BY_LEDGER] = "since the ledger names it",
		[ABODE_BY_ADDRESS] = "by the address",
		[ABODE_BY_PHONE] = "by the telephone's area code",
		[ABODE_BY_LEDGER | ABODE_BY_PHONE] =
		    "since the ledger names it, and by the telephone's area code",
		[ABODE_BY_ADDRESS | ABODE_BY_PHONE] =
		    "by the address, and by the telephone's area code",
	};

	return texts[told_by] != NULL ? texts[told_by] : "since the ledger names it";
}

void place_trace(const struct decide_facts *f, const struct pack *pack, struct trace *trace)
{
	for (size_t i = 0; i < f->zone_count; i++)
		trace_add(trace, "place.zone", "", "", TRACE_NOTE, "%s is asked %s",
		    zone_name(f->zones[i].zone), teller_text(f->zones[i].told_by));
	if (pack->region_count == 0)
		return;
	if (f->region == NULL)
		trace_add(trace, "place.region", pack->name, "", TRACE_NOTE,
		    "the region is not known: the rules of all regions bind%s",
		    pack->calendar_any[0] != '\0' ? ", and a holiday in any of them counts" : "");
	else
		trace_add(trace, "place.region", pack->name, "", TRACE_NOTE, "the region is %s",
		    f->region);
}
