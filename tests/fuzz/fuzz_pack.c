/* fuzz_pack.c - rule packs, and a workspace's own values, as people may write
 * them (libFuzzer).  The same bytes are read as both.
 *
 * What is taken must be sound: names and sources there, bands and rates in
 * order, deadlines that come to an end.  What is laid over a pack is read back
 * from the text that was made.  Build with V=fuzz; seeds in corpus/pack.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "base/must.h"
#include "gate/calendar.h"
#include "gate/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct calendar *calendar(void)
{
	static struct calendar *cal;
	const struct asset *a = asset_find("schedules/calendars/fi.ics");
	struct err err = { 0 };

	if (cal == NULL)
		cal = calendar_parse(NULL, "fi", a->at, (size_t)(a->end - a->at), &err);
	must(cal != NULL);
	return cal;
}

static void check_money(const struct pack *pack)
{
	for (size_t i = 0; i < pack->fee_count; i++) {
		const struct fee_rule *f = &pack->fees[i];

		must(f->max_minor >= 0 && f->kinds != 0 && f->rule.valid_from != DAY_NONE);
		for (int64_t p = 1; p < INT64_C(1000000000000); p *= 7)
			must(fee_cap(f, p) >= fee_cap(f, 0));
	}
	for (size_t i = 0; i < pack->interest_count; i++)
		for (size_t k = 0; k < pack->interests[i].rate_count; k++)
			must(pack->interests[i].rates[k].from <= pack->interests[i].rates[k].to &&
			    pack->interests[i].rates[k].source[0] != '\0');
}

static void check(const struct pack *pack)
{
	const day_t today = day_from_ymd(2026, 11, 22);
	size_t at = 0;

	for (size_t i = 0; i < pack->note_count; i++)
		must(pack->notes[i].id[0] != '\0' && pack->notes[i].source[0] != '\0');
	for (size_t i = 0; i < pack->deadline_count; i++)
		for (int c = 0; c < (int)CHANNELS; c++)
			must(deadline_day(&pack->deadlines[i], calendar(), (enum channel)c, today) >=
			    today);
	check_money(pack);
	while (pack_missing_next(pack, &at, today) != NULL)
		continue;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct asset *a = asset_find("schedules/rules/fi.json");
	const struct pack_text fi = { "fi", a->at, (size_t)(a->end - a->at) };
	const struct pack_text own = { "fuzz", (const char *)data, size };
	void *ctx = talloc_new(NULL);
	struct err err = { 0 }, over = { 0 };
	const struct pack *pack = pack_parse(ctx, "fuzz", own.text, size, &err);
	const char *both = pack_overlay(ctx, &fi, &own, &over);

	must((pack == NULL) == err_is_set(&err) && (both == NULL) == err_is_set(&over));
	must(pack != NULL || strncmp(err.text, "fuzz:", 5) == 0);
	must(both != NULL || strncmp(over.text, "fuzz:", 5) == 0);
	if (pack != NULL)
		check(pack);
	if (both != NULL) {
		pack = pack_parse(ctx, "both", both, strlen(both), &err);
		must(pack != NULL);
		check(pack);
	}
	talloc_free(ctx);
	return 0;
}
