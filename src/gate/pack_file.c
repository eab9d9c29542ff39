/* pack_file.c - reads a rule pack (see pack.h) from its JSON, and what a
 * workspace lays over it.
 *
 * Every rule is written out in full: whom it binds, since when, and on whose
 * word.  Money needs a first day of validity and either a last one or the word
 * "open": an amount nobody has dated is not charged.
 *
 * A workspace's own file is read by the same readers, but only kinds of which
 * more is never more allowed; its values are read by pack_local.c.
 */
#include "gate/pack_read.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define REGIONS_MAX 64
#define WORDS_TEXT_BYTES 160

static const char *const section_names[SECTIONS] = { "contact", "step", "charge", "content" };

/* --- words and days --------------------------------------------------------- */

const char *read_copy(struct reader *r, const char *text)
{
	const char *copy = talloc_strdup(r->pack, text);

	must(copy != NULL);
	return copy;
}

const char *read_text(struct reader *r, struct json_at *at, const char *key)
{
	const char *text = json_want_string(at, key);

	if (text[0] == '\0')
		json_fail(at, "'%s' must not be empty; give a text, or remove the rule", key);
	return read_copy(r, text);
}

const char *read_text_or(struct reader *r, struct json_at *at, const char *key,
    const char *fallback)
{
	return read_copy(r, json_may_string(at, key, fallback));
}

/* A name that becomes part of a file's name. */
static const char *read_name(struct reader *r, struct json_at *at, const char *key)
{
	const char *text = read_text(r, at, key);

	if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		json_fail(at, "'%s' must be of small letters, digits and '-'", key);
	return text;
}

int read_days(struct json_at *at, const char *key)
{
	return (int)json_want_int(at, key, 0, PACK_DAYS_MAX);
}

int read_days_or_0(struct json_at *at, const char *key)
{
	return (int)json_may_int(at, key, 0, PACK_DAYS_MAX, 0);
}

day_t read_day(struct json_at *at, const char *key, const char *text)
{
	const char *s = text;
	day_t day = DAY_NONE;

	if (!day_parse_iso(&s, &day) || *s != '\0')
		json_fail(at, "'%s' is not a day; write it as 2026-11-22%s", key,
		    strcmp(key, "valid_to") == 0 ? ", or \"open\"" : "");
	return day;
}

/* "a, b or c" */
static const char *words_text(const char *const *words, char out[WORDS_TEXT_BYTES])
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; words[i] != NULL && len < WORDS_TEXT_BYTES; i++) {
		const char *before = i == 0 ? "" : words[i + 1] != NULL ? ", " : " or ";
		const int n = snprintf(out + len, WORDS_TEXT_BYTES - len, "%s%s", before, words[i]);

		must(n > 0);
		len += (size_t)n;
	}
	return out;
}

static int word_index(const struct json_at *at, const char *text, const char *const *words)
{
	char all[WORDS_TEXT_BYTES];

	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	json_fail(at, "'%.40s' is not known here; give %s", text, words_text(words, all));
	return 0;
}

int read_word(struct json_at *at, const char *key, const char *const *words)
{
	char all[WORDS_TEXT_BYTES];
	const char *text = json_want_string(at, key);

	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	json_fail(at, "'%s': '%.40s' is not known here; give %s", key, text,
	    words_text(words, all));
	return 0;
}

unsigned read_words(struct json_at *at, const char *key, const char *const *words)
{
	struct json_at list;
	unsigned set = 0;

	if (json_is_string(json_object_get(at->value, key)))
		return 1u << read_word(at, key, words);
	list = json_want_array(at, key);
	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);

		set |= 1u << word_index(&item, json_as_string(&item), words);
	}
	if (set == 0)
		json_fail(&list, "name at least one");
	return set;
}

static const char *const channel_words[] = { "email", "sms", "letter", "call", NULL };
static const char *const party_words[] = { "consumer", "business", "public", NULL };
static const char *const role_words[] = { "own", "third_party", NULL };
_Static_assert(sizeof(channel_words) / sizeof(char *) == CHANNELS + 1, "as in word.h");
_Static_assert(sizeof(party_words) / sizeof(char *) == PARTIES + 1, "as in word.h");
_Static_assert(sizeof(role_words) / sizeof(char *) == ROLES + 1, "as in word.h");

unsigned read_channels(struct json_at *at, const char *key)
{
	return read_words(at, key, channel_words);
}

unsigned read_channels_or_all(struct json_at *at, const char *key)
{
	return json_object_get(at->value, key) == NULL ? (1u << CHANNELS) - 1 :
	    read_channels(at, key);
}

/* --- what every rule has ---------------------------------------------------- */

static bool has_region(const struct pack *pack, const char *region)
{
	for (size_t i = 0; i < pack->region_count; i++)
		if (strcmp(pack->regions[i].name, region) == 0)
			return true;
	return region[0] == '\0';
}

/* C and M must say that they are provisional; a rule of B may. */
static void confidence_read(struct reader *r, struct json_at *at, struct rule *out)
{
	const char *text = json_want_string(at, "confidence");
	const bool provisional = json_may_bool(at, "provisional", false);

	out->grade = text[0] != '\0' && text[1] == '\0' && strchr("ABCMP", text[0]) != NULL ?
	    text[0] : 'M';
	if (out->grade != text[0])
		json_fail(at, "'confidence' must be one of A, B, C, M, P");
	if (strchr("CM", out->grade) != NULL && !provisional && r->format >= 2)
		json_fail(at, "a rule of confidence %c is provisional; add \"provisional\": true",
		    out->grade);
	out->confidence = talloc_asprintf(r->pack, "%c%s", out->grade,
	    provisional || strchr("CM", out->grade) != NULL ? ", provisional" : "");
	must(out->confidence != NULL);
}

static void validity_read(struct json_at *at, bool money, struct rule *out)
{
	const char *from = money ? json_want_string(at, "valid_from") :
	    json_may_string(at, "valid_from", NULL);
	const char *to = money ? json_want_string(at, "valid_to") :
	    json_may_string(at, "valid_to", "open");

	out->valid_from = from == NULL ? DAY_NONE : read_day(at, "valid_from", from);
	out->valid_to = strcmp(to, "open") == 0 ? DAY_NONE : read_day(at, "valid_to", to);
	if (out->valid_to != DAY_NONE && out->valid_to < out->valid_from)
		json_fail(at, "'valid_to' lies before 'valid_from'; swap them");
}

static void rule_read(struct reader *r, struct json_at *at, enum section section,
    struct rule *out)
{
	*out = (struct rule){
		.id = read_text(r, at, "id"),
		.source = read_text(r, at, "source"),
		.says = read_text(r, at, "says"),
		.region = read_text_or(r, at, "region", ""),
		.parties = read_words(at, "party", party_words),
		.roles = read_words(at, "role", role_words),
		.hard_cap = section == SECTION_CHARGE && json_may_bool(at, "hard_cap", false),
	};
	if (strlen(out->id) > RULE_ID_BYTES_MAX || strspn(out->id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(out->id))
		json_fail(at, "the id '%.40s' is not a short word; give up to %d letters A-Z, "
		    "digits, '.', '_' and '-'", out->id, RULE_ID_BYTES_MAX);
	confidence_read(r, at, out);
	validity_read(at, section == SECTION_CHARGE, out);
	if (!has_region(r->pack, out->region))
		json_fail(at, "'region': '%.40s' is not one of the pack's regions; add it there "
		    "or mend its spelling", out->region);
	for (size_t i = 0; i < r->id_count; i++)
		if (strcmp(r->ids[i], out->id) == 0)
			json_fail(at, "the id '%.40s' is used twice; give each rule its own",
			    out->id);
	must(r->id_count < r->room);
	r->ids[r->id_count++] = out->id;
}

/* --- sections ----------------------------------------------------------------- */

static void note_read(struct reader *r, struct json_at *at, const struct rule *rule)
{
	(void)at;
	r->notes[r->pack->note_count++] = *rule;
}

static const struct kind *find_kind(const struct kind *kinds, enum section section,
    const char *name)
{
	for (; kinds->name != NULL; kinds++)
		if (kinds->section == section && strcmp(kinds->name, name) == 0)
			return kinds;
	return NULL;
}

static void kind_unknown(struct json_at *at, enum section section, const char *name)
{
	const struct kind *kinds = section == SECTION_CHARGE ? pack_charge_kinds :
	    pack_contact_kinds;
	const char *words[12];
	char all[WORDS_TEXT_BYTES];
	size_t n = 0;

	for (; kinds->name != NULL; kinds++)
		if (kinds->section == section)
			words[n++] = kinds->name;
	words[n++] = "note";
	words[n] = NULL;
	json_fail(at, "the kind '%.40s' does not belong here; give %s", name,
	    words_text(words, all));
}

static void item_read(struct reader *r, struct json_at *at, enum section section)
{
	static const struct kind note = { SECTIONS, "note", note_read, true };
	const char *name = json_want_string(at, "kind");
	const struct kind *kind = strcmp(name, note.name) == 0 ? &note :
	    find_kind(section == SECTION_CHARGE ? pack_charge_kinds : pack_contact_kinds,
	    section, name);
	struct rule rule;

	if (kind == NULL) {
		kind_unknown(at, section, name);
		return;
	}
	if (r->local && !kind->local)
		json_fail(at, "a rule of kind '%s' cannot be added here; set its value under "
		    "\"local\" instead", name);
	rule_read(r, at, section, &rule);
	kind->read(r, at, &rule);
	json_close(at);
	if (r->local)
		r->changes[r->pack->change_count++] = (struct local_change){
		    .kind = LOCAL_RULE, .id = rule.id, .source = rule.source,
		    .text = rule.says };
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
		json_fail(&list, "more than %d regions; remove some", REGIONS_MAX);
		return;
	}
	regions = talloc_zero_array(r->pack, struct pack_region, (unsigned)n);
	must(regions != NULL);
	for (size_t i = 0; i < n; i++) {
		struct json_at item = json_item(&list, i);

		regions[i].name = read_text(r, &item, "name");
		regions[i].calendar = json_object_get(item.value, "calendar") == NULL ? "" :
		    read_name(r, &item, "calendar");
		if (strchr(regions[i].name, ' ') != NULL)
			json_fail(&item, "'name' must not hold a blank: a debtor's regions are "
			    "separated by them");
		json_close(&item);
	}
	r->pack->regions = regions;
	r->pack->region_count = n;
}

/* --- the whole -------------------------------------------------------------- */

#define ROOM(member, type) (p->member = r->member = talloc_zero_array(p, type, n), \
    must(p->member != NULL))

/* Room for as many rules of each kind as there are rules at all. */
static void rooms_make(struct reader *r, size_t count)
{
	struct pack *p = r->pack;
	const unsigned n = (unsigned)count;

	ROOM(hours, struct hours_rule);
	ROOM(holidays, struct holiday_rule);
	ROOM(caps, struct cap_rule);
	ROOM(answers, struct answer_rule);
	ROOM(nevers, struct never_rule);
	ROOM(stops, struct stop_rule);
	ROOM(steps, struct step_rule);
	ROOM(deadlines, struct deadline_rule);
	ROOM(fees, struct fee_rule);
	ROOM(totals, struct total_rule);
	ROOM(interests, struct interest_rule);
	ROOM(allocations, struct allocation_rule);
	ROOM(contents, struct content_rule);
	ROOM(notes, struct rule);
	ROOM(changes, struct local_change);
	r->limits = talloc_array(p, struct limit, n);
	r->ids = talloc_array(p, const char *, n);
	must(r->limits != NULL && r->ids != NULL);
	r->room = n;
}

/* The four sections of a file; of a workspace's own, those that it has. */
static size_t sections_find(struct json_at *root, bool local, struct json_at out[SECTIONS])
{
	size_t count = 0;

	for (size_t i = 0; i < SECTIONS; i++) {
		out[i] = local ? json_may_array(root, section_names[i]) :
		    json_want_array(root, section_names[i]);
		count += json_length(&out[i]);
	}
	return count;
}

static void head_read(struct reader *r, struct json_at *root)
{
	struct pack *p = r->pack;

	r->format = (int)json_may_int(root, "format", 1, PACK_FORMAT, 1);
	p->name = read_name(r, root, "name");
	p->country = read_text(r, root, "country");
	p->notice = read_text(r, root, "notice");
	p->calendar = read_name(r, root, "calendar");
	p->calendar_any = json_object_get(root->value, "calendar_any_region") == NULL ? "" :
	    read_name(r, root, "calendar_any_region");
	regions_read(r, root);
	if (strstr(p->notice, "Not legal advice") == NULL)
		json_fail(root, "'notice' must say: Not legal advice");
}

/* `over`: the workspace's own file, or nothing. */
static void pack_read(struct reader *r, struct json_at *root, struct json_at *over)
{
	struct json_at sections[SECTIONS], added[SECTIONS], values = { 0 };
	size_t count;

	head_read(r, root);
	count = sections_find(root, false, sections);
	json_close(root);
	if (over->value != NULL) {
		if (strcmp(json_want_string(over, "pack"), r->pack->name) != 0)
			json_fail(over, "'pack' must be \"%s\", as the file's name", r->pack->name);
		count += sections_find(over, true, added);
		values = json_may_array(over, "local");
		count += json_length(&values);
		json_close(over);
	}
	if (count > 4 * PACK_RULES_MAX)
		json_fail(root, "more than %d rules; remove some", 4 * PACK_RULES_MAX);
	if (err_is_set(r->err))
		return;
	rooms_make(r, count);
	for (size_t i = 0; i < SECTIONS; i++)
		section_read(r, &sections[i], (enum section)i);
	r->local = true;
	for (size_t i = 0; over->value != NULL && i < SECTIONS; i++)
		section_read(r, &added[i], (enum section)i);
	pack_local_read(r, &values);
}

/* The pack of a text that was parsed; NULL and own error.  A NULL `over`: what
 * the text itself has laid over it. */
static struct pack *pack_make(void *ctx, struct json_doc *doc, struct json_doc *over)
{
	struct reader r = { .err = doc->err, .pack = talloc_zero(ctx, struct pack) };
	struct json_at root = json_doc_root(doc), local;

	must(r.pack != NULL);
	if (!json_is_object(root.value)) {
		err_set(r.err, ERR_INPUT, "%s:1: /: give an object", doc->name);
	} else {
		local = json_may_object(&root, "local");
		if (over != NULL && local.value != NULL)
			json_fail(&local, "remove it: a workspace's own values stand in a file of "
			    "their own");
		if (over != NULL)
			local = json_doc_root(over);
		pack_read(&r, &root, &local);
	}
	if (!err_is_set(r.err))
		return r.pack;
	talloc_free(r.pack);
	return NULL;
}

struct pack *pack_parse(void *ctx, const char *name, const char *text, size_t len,
    struct err *err)
{
	struct err own = { 0 };
	struct pack *pack = NULL;
	struct json_doc doc;

	if (json_doc_parse(&doc, name, text, len, &own)) {
		pack = pack_make(ctx, &doc, NULL);
		json_doc_release(&doc);
	}
	if (pack == NULL)
		err_set(err, own.kind, "%s", own.text);
	return pack;
}

/* One text out of two that were read together without an error. */
static char *laid_over(void *ctx, struct json_doc *doc, struct json_doc *over)
{
	size_t len;
	char *text;

	must(json_object_set(doc->root, "local", over->root) == 0);
	len = json_dumpb(doc->root, NULL, 0, JSON_COMPACT);
	text = talloc_size(ctx, len + 1);
	must(text != NULL && json_dumpb(doc->root, text, len, JSON_COMPACT) == len);
	text[len] = '\0';
	return text;
}

char *pack_overlay(void *ctx, const struct pack_text *pack, const struct pack_text *local,
    struct err *err)
{
	struct err own = { 0 };
	struct json_doc doc, over;
	char *text = NULL;

	if (json_doc_parse(&doc, pack->name, pack->text, pack->len, &own)) {
		if (json_doc_parse(&over, local->name, local->text, local->len, &own)) {
			struct pack *parsed = json_is_object(over.root) ?
			    pack_make(NULL, &doc, &over) : NULL;

			if (parsed != NULL)
				text = laid_over(ctx, &doc, &over);
			else
				err_set(&own, ERR_INPUT, "%s:1: /: give an object", local->name);
			talloc_free(parsed);
			json_doc_release(&over);
		}
		json_doc_release(&doc);
	}
	if (text == NULL)
		err_set(err, own.kind, "%s", own.text);
	return text;
}
