/* pack_file.c - reads a rule pack (see pack.h) from its JSON.
 *
 * Every rule is written out in full: whom it binds, since when, and on whose
 * word.  Money needs a first day of validity and either a last one or the word
 * "open": an amount nobody has dated is not charged.
 */
#include "gate/pack.h"

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/must.h"

#define DAYS_MAX 3660
#define RATE_BP_MAX 10000		/* 100 percent a year */
#define REGIONS_MAX 64
#define CONTENT_FACTS_MAX 40

enum section { SECTION_CONTACT, SECTION_STEP, SECTION_CHARGE, SECTION_CONTENT };

/* A bound that fees refer to by its id. */
struct limit {
	struct rule	rule;
	bool		is_gap;
	int		value;
	bool		exclusive;
};

struct reader {
	struct pack		*pack;
	struct err		*err;
	struct limit		*limits;
	size_t			 limit_count;
	struct hours_rule	*hours;
	struct holiday_rule	*holidays;
	struct cap_rule		*caps;
	struct answer_rule	*answers;
	struct step_rule	*steps;
	struct deadline_rule	*deadlines;
	struct fee_rule		*fees;
	struct interest_rule	*interests;
	struct content_rule	*contents;
	struct rule		*notes;
	const char		**ids;		/* of every rule so far */
	size_t			 id_count, id_room;
};

typedef void kind_fn(struct reader *, struct json_at *, const struct rule *);

/* --- words and days --------------------------------------------------------- */

static const char *keep(struct reader *r, const char *text)
{
	const char *copy = talloc_strdup(r->pack, text);

	must(copy != NULL);
	return copy;
}

static const char *want_text(struct reader *r, struct json_at *at, const char *key)
{
	const char *text = json_want_string(at, key);

	if (text[0] == '\0')
		json_fail(at, "'%s' must not be empty", key);
	return keep(r, text);
}

/* A name that becomes part of a file's name. */
static const char *want_name(struct reader *r, struct json_at *at, const char *key)
{
	const char *text = want_text(r, at, key);

	if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		json_fail(at, "'%s' must be of small letters, digits and '-'", key);
	return text;
}

static int want_days(struct json_at *at, const char *key)
{
	return (int)json_want_int(at, key, 0, DAYS_MAX);
}

static int may_days(struct json_at *at, const char *key)
{
	return (int)json_may_int(at, key, 0, DAYS_MAX, 0);
}

static day_t day_of(struct json_at *at, const char *key, const char *text)
{
	const char *s = text;
	day_t day = DAY_NONE;

	if (text[0] != '\0' && (!day_parse_iso(&s, &day) || *s != '\0'))
		json_fail(at, "'%s' is not a day; write it as 2026-11-22", key);
	return day;
}

/* The index of a word in a NULL-ended list; an error else. */
static int want_word(struct json_at *at, const char *key, const char *const *words)
{
	const char *text = json_want_string(at, key);

	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	json_fail(at, "'%s': '%.40s' is not known here", key, text);
	return 0;
}

typedef bool parse_fn(const char *, unsigned *);

#define PARSE_WORD(word, first)							\
	static bool parse_##word(const char *text, unsigned *out)		\
	{									\
		enum word value = first;					\
		const bool ok = word##_parse(text, &value);			\
										\
		*out = (unsigned)value;						\
		return ok;							\
	}									\
	_Static_assert(1, "")

PARSE_WORD(party, PARTY_CONSUMER);
PARSE_WORD(role, ROLE_OWN);
PARSE_WORD(channel, CHANNEL_EMAIL);

/* An array of words as bits; at least one. */
static unsigned want_set(struct json_at *at, const char *key, parse_fn *parse)
{
	struct json_at list = json_want_array(at, key);
	unsigned set = 0, word;

	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);
		const char *text = json_as_string(&item);

		if (!parse(text, &word))
			json_fail(&item, "'%.40s' is not known here", text);
		else
			set |= 1u << word;
	}
	if (set == 0)
		json_fail(&list, "name at least one");
	return set;
}

/* --- what every rule has ---------------------------------------------------- */

static void rule_read(struct reader *r, struct json_at *at, enum section section,
    struct rule *out)
{
	const bool money = section == SECTION_CHARGE;
	const char *to;

	*out = (struct rule){
		.id = want_text(r, at, "id"),
		.source = want_text(r, at, "source"),
		.confidence = want_text(r, at, "confidence"),
		.says = want_text(r, at, "says"),
		.region = keep(r, json_may_string(at, "region", "")),
		.parties = want_set(at, "party", parse_party),
		.roles = want_set(at, "role", parse_role),
	};
	if (strlen(out->confidence) != 1 || strchr("ABCMP", out->confidence[0]) == NULL)
		json_fail(at, "'confidence' must be one of A, B, C, M, P");
	out->valid_from = day_of(at, "valid_from", money ? json_want_string(at, "valid_from")
	    : json_may_string(at, "valid_from", ""));
	to = money ? json_want_string(at, "valid_to") : json_may_string(at, "valid_to", "open");
	out->valid_to = day_of(at, "valid_to", strcmp(to, "open") == 0 ? "" : to);
	if (money && to[0] == '\0')
		json_fail(at, "'valid_to' must be a day, or \"open\"");
	if (out->valid_to != DAY_NONE && out->valid_to < out->valid_from)
		json_fail(at, "'valid_to' lies before 'valid_from'");
	for (size_t i = 0; i < r->id_count; i++)
		if (strcmp(r->ids[i], out->id) == 0)
			json_fail(at, "the id '%.40s' is used twice", out->id);
	must(r->id_count < r->id_room);
	r->ids[r->id_count++] = out->id;
}

/* --- contact ---------------------------------------------------------------- */

static void hours_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->hours[r->pack->hours_count++] = (struct hours_rule){ *rule,
	    want_set(at, "channels", parse_channel) };
}

static void holidays_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const days[] = { "holiday", "as_sunday", NULL };

	r->holidays[r->pack->holiday_count++] = (struct holiday_rule){ *rule,
	    want_word(at, "days", days) == 1 };
}

static void cap_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->caps[r->pack->cap_count++] = (struct cap_rule){ *rule,
	    .max = (int)json_want_int(at, "max", 1, 1000),
	    .days = (int)json_want_int(at, "days", 1, 366),
	    .channels = want_set(at, "channels", parse_channel),
	    .counted = want_set(at, "counted", parse_channel) };
}

static void answer_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->answers[r->pack->answer_count++] = (struct answer_rule){ *rule,
	    .skips_hours = json_may_bool(at, "skips_hours", false),
	    .skips_caps = json_may_bool(at, "skips_caps", false) };
}

/* --- step ------------------------------------------------------------------- */

static void age_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->steps[r->pack->step_count++] = (struct step_rule){ *rule,
	    .purpose = want_text(r, at, "purpose"),
	    .min_age_days = want_days(at, "min_age_days"),
	    .min_gap_days = may_days(at, "min_gap_days"),
	    .exclusive = json_may_bool(at, "exclusive", false) };
}

static void deadline_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const from[] = { "due", "dispatch", "receipt", NULL };
	static const char *const roll[] = { "none", "next_bank_day", "next_open_day", NULL };

	r->deadlines[r->pack->deadline_count++] = (struct deadline_rule){ *rule,
	    .purpose = want_text(r, at, "purpose"),
	    .days = want_days(at, "days"),
	    .count_from = (enum count_from)want_word(at, "count_from", from),
	    .exclusive = json_may_bool(at, "exclusive", false),
	    .roll = (enum roll)want_word(at, "roll", roll),
	    .min_bank_days = (int)json_may_int(at, "min_bank_days", 0, 60, 0),
	    .receipt_days = (int)json_may_int(at, "receipt_days", 0, 60, 0) };
}

/* --- charge ----------------------------------------------------------------- */

static void fee_count_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->limits[r->limit_count++] = (struct limit){ *rule,
	    .value = (int)json_want_int(at, "max_count", 1, 100) };
}

static void fee_gap_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->limits[r->limit_count++] = (struct limit){ *rule, .is_gap = true,
	    .value = want_days(at, "min_gap_days"),
	    .exclusive = json_may_bool(at, "exclusive", false) };
}

static void limit_apply(struct json_at *at, const struct limit *limit, struct fee_rule *fee)
{
	const struct rule *l = &limit->rule, *f = &fee->rule;

	if ((l->parties & f->parties) != f->parties || (l->roles & f->roles) != f->roles ||
	    l->valid_from > f->valid_from || (l->valid_to != DAY_NONE &&
	    (f->valid_to == DAY_NONE || l->valid_to < f->valid_to)))
		json_fail(at, "the limit does not bind all whom the fee binds, all the time");
	if (limit->is_gap) {
		fee->min_gap_days = limit->value;
		fee->gap_exclusive = limit->exclusive;
		fee->gap_rule = l;
	} else {
		fee->max_count = limit->value;
		fee->count_rule = l;
	}
}

/* Limits stand before the fees that name them. */
static void limits_read(struct reader *r, struct json_at *at, struct fee_rule *fee)
{
	struct json_at list = json_may_array(at, "limits");

	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);
		const char *id = json_as_string(&item);
		size_t k = 0;

		while (k < r->limit_count && strcmp(r->limits[k].rule.id, id) != 0)
			k++;
		if (k == r->limit_count)
			json_fail(&item, "no fee_count or fee_gap of that id stands above");
		else
			limit_apply(&item, &r->limits[k], fee);
	}
}

static void fee_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	static const char *const kinds[] = { "reminder", "handover", "compensation", NULL };
	struct fee_rule *fee = &r->fees[r->pack->fee_count++];
	const char *currency = json_want_string(at, "currency");

	*fee = (struct fee_rule){ *rule,
	    .kind = (enum fee_kind)want_word(at, "for", kinds),
	    .max_minor = json_want_int(at, "max_minor", 0, MONEY_MINOR_MAX),
	    .max_count = PACK_COUNT_UNLIMITED,
	    .min_age_days = may_days(at, "min_age_days"),
	    .needs_agreement = json_may_bool(at, "needs_agreement", false) };
	if (currency_exponent(currency) < 0)
		json_fail(at, "'currency' is not one that is known; write DKK, EUR, ...");
	else
		memcpy(fee->currency, currency, CURRENCY_BYTES);
	limits_read(r, at, fee);
}

static void interest_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	r->interests[r->pack->interest_count++] = (struct interest_rule){ *rule,
	    (int)json_want_int(at, "rate_bp", 0, RATE_BP_MAX) };
}

/* --- content, notes --------------------------------------------------------- */

static void content_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	struct json_at list = json_want_array(at, "facts");
	size_t n = json_length(&list);
	const char **facts;

	if (n > CONTENT_FACTS_MAX) {
		json_fail(&list, "more than %d facts", CONTENT_FACTS_MAX);
		n = 0;
	}
	facts = talloc_array(r->pack, const char *, (unsigned)n);
	must(facts != NULL);
	for (size_t i = 0; i < n; i++) {
		struct json_at item = json_item(&list, i);

		facts[i] = keep(r, json_as_string(&item));
	}
	r->contents[r->pack->content_count++] = (struct content_rule){ *rule,
	    keep(r, json_may_string(at, "purpose", "")), facts, n };
}

static void note_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	(void)at;
	r->notes[r->pack->note_count++] = *rule;
}

/* --- the whole -------------------------------------------------------------- */

static const struct kind {
	enum section	 section;
	const char	*name;
	kind_fn		*read;
} kinds[] = {
	{ SECTION_CONTACT, "hours",	hours_read },
	{ SECTION_CONTACT, "holidays",	holidays_read },
	{ SECTION_CONTACT, "cap",	cap_read },
	{ SECTION_CONTACT, "answer",	answer_read },
	{ SECTION_STEP,	   "age",	age_read },
	{ SECTION_STEP,	   "deadline",	deadline_read },
	{ SECTION_CHARGE,  "fee_count",	fee_count_read },
	{ SECTION_CHARGE,  "fee_gap",	fee_gap_read },
	{ SECTION_CHARGE,  "fee",	fee_read },
	{ SECTION_CHARGE,  "interest",	interest_read },
	{ SECTION_CONTENT, "content",	content_read },
};

static void item_read(struct reader *r, struct json_at *at, enum section section)
{
	const char *name = json_want_string(at, "kind");
	kind_fn *read = strcmp(name, "note") == 0 ? note_read : NULL;
	struct rule rule;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].section == section && strcmp(kinds[i].name, name) == 0)
			read = kinds[i].read;
	if (read == NULL) {
		json_fail(at, "the kind '%.40s' does not belong here", name);
		return;
	}
	rule_read(r, at, section, &rule);
	read(r, at, &rule);
	json_close(at);
}

static void section_read(struct reader *r, struct json_at *list, enum section section)
{
	for (size_t i = 0; i < json_length(list) && !err_is_set(r->err); i++) {
		struct json_at item = json_item(list, i);

		item_read(r, &item, section);
	}
}

static void regions_read(struct reader *r, struct json_at *root)
{
	struct json_at list = json_may_array(root, "regions");
	const size_t n = json_length(&list);
	struct pack_region *regions;

	if (n > REGIONS_MAX) {
		json_fail(&list, "more than %d regions", REGIONS_MAX);
		return;
	}
	regions = talloc_zero_array(r->pack, struct pack_region, (unsigned)n);
	must(regions != NULL);
	for (size_t i = 0; i < n; i++) {
		struct json_at item = json_item(&list, i);

		regions[i].name = want_text(r, &item, "name");
		regions[i].calendar = want_name(r, &item, "calendar");
		json_close(&item);
	}
	r->pack->regions = regions;
	r->pack->region_count = n;
}

/* Room for as many rules of each kind as there are rules at all. */
static void rooms_make(struct reader *r, size_t count)
{
	struct pack *p = r->pack;
	const unsigned n = (unsigned)count;

	p->hours = r->hours = talloc_array(p, struct hours_rule, n);
	p->holidays = r->holidays = talloc_array(p, struct holiday_rule, n);
	p->caps = r->caps = talloc_array(p, struct cap_rule, n);
	p->answers = r->answers = talloc_array(p, struct answer_rule, n);
	p->steps = r->steps = talloc_array(p, struct step_rule, n);
	p->deadlines = r->deadlines = talloc_array(p, struct deadline_rule, n);
	p->fees = r->fees = talloc_array(p, struct fee_rule, n);
	p->interests = r->interests = talloc_array(p, struct interest_rule, n);
	p->contents = r->contents = talloc_array(p, struct content_rule, n);
	p->notes = r->notes = talloc_array(p, struct rule, n);
	r->limits = talloc_array(p, struct limit, n);
	r->ids = talloc_array(p, const char *, n);
	must(r->hours && r->holidays && r->caps && r->answers && r->steps && r->deadlines &&
	    r->fees && r->interests && r->contents && r->notes && r->limits && r->ids);
	r->id_room = n;
}

static void pack_read(struct reader *r, struct json_at *root)
{
	static const char *const names[] = { "contact", "step", "charge", "content" };
	struct json_at sections[4];
	struct pack *p = r->pack;
	size_t count = 0;

	p->name = want_name(r, root, "name");
	p->country = want_text(r, root, "country");
	p->notice = want_text(r, root, "notice");
	p->calendar = want_name(r, root, "calendar");
	regions_read(r, root);
	for (size_t i = 0; i < 4; i++) {
		sections[i] = json_want_array(root, names[i]);
		count += json_length(&sections[i]);
	}
	if (count > 4 * PACK_RULES_MAX)
		json_fail(root, "more than %d rules", 4 * PACK_RULES_MAX);
	json_close(root);
	if (strstr(p->notice, "Not legal advice") == NULL)
		json_fail(root, "'notice' must say: Not legal advice");
	if (err_is_set(r->err))
		return;
	rooms_make(r, count);
	for (size_t i = 0; i < 4; i++)
		section_read(r, &sections[i], (enum section)i);
}

struct pack *pack_parse(void *ctx, const char *name, const char *text, size_t len,
    struct err *err)
{
	struct err own = { 0 };
	struct json_doc doc;
	struct reader r = { .err = &own };

	if (!json_doc_parse(&doc, name, text, len, &own)) {
		err_set(err, own.kind, "%s", own.text);
		return NULL;
	}
	r.pack = talloc_zero(ctx, struct pack);
	must(r.pack != NULL);
	if (json_is_object(doc.root)) {
		struct json_at root = json_doc_root(&doc);

		pack_read(&r, &root);
	} else {
		err_set(&own, ERR_INPUT, "%s:1: /: give an object", name);
	}
	json_doc_release(&doc);
	if (!err_is_set(&own))
		return r.pack;
	err_set(err, own.kind, "%s", own.text);
	talloc_free(r.pack);
	return NULL;
}
