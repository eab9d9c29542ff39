/* rules_probe.c - lets a test ask rule packs: one JSON object per line in, one
 * out.  Days are texts, amounts minor units.
 *
 *   { "do": "parse", "pack": TEXT }                  { "error": null or text }
 *   { "do": "overlay", "pack": TEXT, "local": TEXT } { "error", "text" }
 *   { "do": "load", "pack": TEXT, "calendar": TEXT } { "error" }: the others ask it
 *   { "do": "deadline", "purpose", "channel", "party", "role", "on" }
 *                                                    { "rule", "day" } or nulls
 *   { "do": "interest", "party", "role", "base", "from", "until" }  { "minor" }
 *   { "do": "cap", "for": 0.., "party", "role", "currency", "principal", "on" }
 *                                                    { "rule", "minor" } or nulls
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "decide/charge.h"

static void *loaded;
static struct pack *pack;
static struct calendar *cal;

static const char *text_of(const json_t *ask, const char *key)
{
	const char *text = json_string_value(json_object_get(ask, key));

	must(text != NULL);
	return text;
}

static day_t day_of(const json_t *ask, const char *key)
{
	const char *text = text_of(ask, key);
	day_t day;

	must(day_parse_iso(&text, &day));
	return day;
}

static int64_t int_of(const json_t *ask, const char *key)
{
	return json_integer_value(json_object_get(ask, key));
}

static json_t *error_json(const struct err *err)
{
	return json_pack("{s:s?}", "error", err_is_set(err) ? err->text : NULL);
}

static json_t *parse(const json_t *ask)
{
	const char *text = text_of(ask, "pack");
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };

	(void)pack_parse(ctx, "pack.json", text, strlen(text), &err);
	talloc_free(ctx);
	return error_json(&err);
}

static json_t *overlay(const json_t *ask)
{
	const char *text = text_of(ask, "pack"), *local = text_of(ask, "local");
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const char *both = pack_overlay(ctx,
	    &(struct pack_text){ "pack.json", text, strlen(text) },
	    &(struct pack_text){ "local.json", local, strlen(local) }, &err);
	json_t *answer = error_json(&err);

	if (both != NULL)
		json_object_set_new(answer, "text", json_string(both));
	talloc_free(ctx);
	return answer;
}

static json_t *load(const json_t *ask)
{
	const char *text = text_of(ask, "pack"), *ics = text_of(ask, "calendar");
	struct err err = { 0 };

	talloc_free(loaded);
	loaded = talloc_new(NULL);
	pack = pack_parse(loaded, "pack.json", text, strlen(text), &err);
	cal = calendar_parse(loaded, "calendar.ics", ics, strlen(ics), &err);
	return error_json(&err);
}

static json_t *deadline(const json_t *ask, enum party party, enum role role)
{
	const struct deadline_rule *rule;
	char text[DAY_TEXT_BYTES];
	enum channel channel;
	day_t last;

	must(channel_parse(text_of(ask, "channel"), &channel));
	rule = pack_deadline(pack, cal, text_of(ask, "purpose"), channel, party, role,
	    NULL, day_of(ask, "on"), &last);
	return rule == NULL ? json_pack("{s:n, s:n}", "rule", "day") :
	    json_pack("{s:s, s:s}", "rule", rule->rule.id, "day", day_text(last, text));
}

static json_t *interest(const json_t *ask, enum party party, enum role role)
{
	const struct charge_interest q = { party, role, int_of(ask, "base"),
	    day_of(ask, "from"), day_of(ask, "until"), NULL };

	return json_pack("{s:I}", "minor", (json_int_t)charge_interest(pack, &q, NULL));
}

static json_t *cap(const json_t *ask, enum party party, enum role role)
{
	const struct fee_rule *rule = pack_fee_of_kind(pack, (enum fee_kind)int_of(ask, "for"),
	    party, role, NULL, text_of(ask, "currency"), day_of(ask, "on"));

	return rule == NULL ? json_pack("{s:n, s:n}", "rule", "minor") :
	    json_pack("{s:s, s:I}", "rule", rule->rule.id, "minor",
	    (json_int_t)fee_cap(rule, int_of(ask, "principal")));
}

static json_t *answer(const json_t *ask)
{
	const char *what = text_of(ask, "do");
	enum party party;
	enum role role;

	if (strcmp(what, "parse") == 0)
		return parse(ask);
	if (strcmp(what, "overlay") == 0)
		return overlay(ask);
	if (strcmp(what, "load") == 0)
		return load(ask);
	must(party_parse(text_of(ask, "party"), &party) &&
	    role_parse(text_of(ask, "role"), &role));
	if (strcmp(what, "deadline") == 0)
		return deadline(ask, party, role);
	if (strcmp(what, "interest") == 0)
		return interest(ask, party, role);
	must(strcmp(what, "cap") == 0);
	return cap(ask, party, role);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_t *ask = json_loads(line, 0, NULL), *out;

		must(ask != NULL);
		out = answer(ask);
		must(out != NULL);
		(void)json_dumpf(out, stdout, JSON_COMPACT);
		(void)fputc('\n', stdout);
		(void)fflush(stdout);
		json_decref(out);
		json_decref(ask);
	}
	free(line);
	talloc_free(loaded);
	return 0;
}
