/* pack_contact.c - reads the kinds of rule that say when, over what and with
 * what words (see pack.h).
 */
#include "gate/pack_read.h"

#include <talloc.h>

#include "base/must.h"

#define CONTENT_FACTS_MAX 40

/* --- contact ---------------------------------------------------------------- */

static void hours_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->hours[r->pack->hours_count++] = (struct hours_rule){ *rule,
	    read_channels(at, "channels") };
}

static void holidays_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const days[] = { "holiday", "as_sunday", NULL };

	r->holidays[r->pack->holiday_count++] = (struct holiday_rule){ *rule,
	    read_word(at, "days", days) == 1 };
}

static void cap_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->caps[r->pack->cap_count++] = (struct cap_rule){ *rule,
	    .max = (int)json_want_int(at, "max", 1, 1000),
	    .days = (int)json_want_int(at, "days", 1, 366),
	    .channels = read_channels(at, "channels"),
	    .counted = read_channels(at, "counted") };
}

static void answer_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->answers[r->pack->answer_count++] = (struct answer_rule){ *rule,
	    .skips_hours = json_may_bool(at, "skips_hours", false),
	    .skips_caps = json_may_bool(at, "skips_caps", false) };
}

static void never_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->nevers[r->pack->never_count++] = (struct never_rule){ *rule,
	    .channels = read_channels(at, "channels"),
	    .purpose = read_text_or(r, at, "purpose", "") };
}

static void stop_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const scopes[] = { "claim", "debtor", NULL };
	const char *text = json_want_string(at, "hold");
	enum hold_type hold = HOLD_LEGAL;

	if (!hold_type_parse(text, &hold))
		json_fail(at, "'hold': '%.40s' is not a type of hold; write dispute, legal, "
		    "hardship, wrong_person, ...", text);
	r->stops[r->pack->stop_count++] = (struct stop_rule){ *rule, .hold = hold,
	    .whole_debtor = read_word(at, "scope", scopes) == 1 };
}

/* --- step ------------------------------------------------------------------- */

static void age_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->steps[r->pack->step_count++] = (struct step_rule){ *rule,
	    .purpose = read_text(r, at, "purpose"),
	    .min_age_days = read_days(at, "min_age_days"),
	    .min_gap_days = read_days_or_0(at, "min_gap_days"),
	    .exclusive = json_may_bool(at, "exclusive", false) };
}

/* "receipt_days": a number for every channel, or one for each that is named. */
static void receipt_read(struct json_at *at, int out[CHANNELS])
{
	struct json_at by;

	if (json_is_integer(json_object_get(at->value, "receipt_days"))) {
		const int days = (int)json_may_int(at, "receipt_days", 0, 60, 0);

		for (int c = 0; c < (int)CHANNELS; c++)
			out[c] = days;
		return;
	}
	by = json_may_object(at, "receipt_days");
	for (int c = 0; by.value != NULL && c < (int)CHANNELS; c++)
		out[c] = (int)json_want_int(&by, channel_name((enum channel)c), 0, 60);
	json_close(&by);
}

static void deadline_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const from[] = { "dispatch", "receipt", NULL };
	static const char *const roll[] = { "none", "next_bank_day", "next_open_day", NULL };
	struct deadline_rule *d = &r->deadlines[r->pack->deadline_count++];

	*d = (struct deadline_rule){ *rule,
	    .purpose = read_text(r, at, "purpose"),
	    .channels = read_channels_or_all(at, "channels"),
	    .days = read_days(at, "days"),
	    .count_from = (enum count_from)read_word(at, "count_from", from),
	    .exclusive = json_may_bool(at, "exclusive", false),
	    .roll = (enum roll)read_word(at, "roll", roll),
	    .min_bank_days = (int)json_may_int(at, "min_bank_days", 0, 60, 0),
	    .receipt_bank_days = (int)json_may_int(at, "receipt_bank_days", 0, 60, 0) };
	receipt_read(at, d->receipt_days);
}

/* --- content ---------------------------------------------------------------- */

static void content_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	struct json_at list = json_want_array(at, "facts");
	size_t n = json_length(&list);
	const char **facts;

	if (n > CONTENT_FACTS_MAX) {
		json_fail(&list, "more than %d facts; remove some", CONTENT_FACTS_MAX);
		n = 0;
	}
	facts = talloc_array(r->pack, const char *, (unsigned)n);
	must(facts != NULL);
	for (size_t i = 0; i < n; i++) {
		struct json_at item = json_item(&list, i);

		facts[i] = read_copy(r, json_as_string(&item));
		if (facts[i][0] == '\0')
			json_fail(&item, "is empty; name a fact, or remove it");
	}
	r->contents[r->pack->content_count++] = (struct content_rule){ *rule,
	    .purpose = read_text_or(r, at, "purpose", ""),
	    .channels = read_channels_or_all(at, "channels"), .facts = facts, .fact_count = n };
}

const struct kind pack_contact_kinds[] = {
	{ SECTION_CONTACT, "hours",	hours_read,	false },
	{ SECTION_CONTACT, "holidays",	holidays_read,	false },
	{ SECTION_CONTACT, "cap",	cap_read,	true },
	{ SECTION_CONTACT, "answer",	answer_read,	false },
	{ SECTION_CONTACT, "never",	never_read,	true },
	{ SECTION_CONTACT, "stop",	stop_read,	true },
	{ SECTION_STEP,	   "age",	age_read,	true },
	{ SECTION_STEP,	   "deadline",	deadline_read,	true },
	{ SECTION_CONTENT, "content",	content_read,	true },
	{ SECTIONS, NULL, NULL, false },
};
