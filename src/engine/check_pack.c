/* check_pack.c - see check_pack.h. */
#include "engine/check_pack.h"

#include <string.h>

#include <talloc.h>

#include "base/locale.h"
#include "base/must.h"
#include "compose/library.h"
#include "decide/law.h"

/* --- values ---------------------------------------------------------------------- */

static const struct interest_rule *interest_of(const struct pack *pack, const struct rule *rule)
{
	for (size_t i = 0; i < pack->interest_count; i++)
		if (&pack->interests[i].rule == rule)
			return &pack->interests[i];
	return NULL;
}

/* The line that sets what is missing, for the period that a day lies in. */
static const char *way_out(void *ctx, const struct pack *pack, const struct rule *rule, day_t today)
{
	const struct ymd d = day_ymd(today);
	const char *from = d.month <= 6 ? "01-01" : "07-01";
	const char *to = d.month <= 6 ? "06-30" : "12-31";

	if (interest_of(pack, rule) != NULL)
		return talloc_asprintf(ctx, "{ \"kind\": \"rate\", \"rule\": \"%s\", \"from\": "
		    "\"%d-%s\", \"to\": \"%d-%s\", \"reference_bp\": HUNDREDTHS_OF_A_PERCENT, "
		    "\"source\": \"WHERE_YOU_READ_IT\" }", rule->id, d.year, from, d.year, to);
	return talloc_asprintf(ctx, "{ \"kind\": \"amount\", \"rule\": \"%s\", \"from\": "
	    "\"%d-%s\", \"to\": \"%d-%s\", \"max_minor\": MINOR_UNITS, \"source\": "
	    "\"WHERE_YOU_READ_IT\" }", rule->id, d.year, from, d.year, to);
}

void check_pack_values(void *ctx, const struct pack *pack, const char *path, day_t today,
    bool aside, const struct check_sink *sink)
{
	const char *own = talloc_asprintf(ctx, "schedules/rules/local/%s.json", pack->name);
	char day[DAY_TEXT_BYTES];
	const struct rule *rule;
	size_t at = 0;

	must(own != NULL);
	while ((rule = pack_missing_next(pack, &at, today)) != NULL) {
		const char *text = talloc_asprintf(ctx, "%s has no value for %s, so nothing is "
		    "charged (%s); to set it, add to \"local\" in %s: %s", rule->id,
		    day_text(today, day), rule->says, own, way_out(ctx, pack, rule, today));

		must(text != NULL);
		sink->notice(sink->arg, path, text, aside);
	}
	for (size_t i = 0; i < pack->change_count; i++) {
		const struct local_change *c = &pack->changes[i];
		const char *text = talloc_asprintf(ctx, "%s%s %s (%s)", c->loosens ?
		    "loosens the pack: " : "", c->id, c->text, c->source);

		must(text != NULL);
		sink->notice(sink->arg, own, text, false);
	}
}

/* --- fees ------------------------------------------------------------------------- */

static bool is_asked(const struct fee_rule *fee, const struct schedule *s,
    const struct schedule_step *step)
{
	return (fee->kinds >> (step->legal_notice ? FEE_NOTICE : FEE_REMINDER) & 1) != 0 &&
	    (fee->rule.roles >> s->role & 1) != 0 &&
	    strcmp(fee->currency, step->fee_currency) == 0;
}

static bool bears_fee(const struct pack *pack, const struct schedule *s,
    const struct schedule_step *step, enum channel channel)
{
	for (size_t i = 0; i < pack->fee_count; i++)
		if (is_asked(&pack->fees[i], s, step) && (pack->fees[i].channels >> channel & 1))
			return true;
	return false;
}

void check_pack_fee(void *ctx, const struct pack *pack, const struct schedule *s,
    const struct schedule_step *step, const char *path, bool aside,
    const struct check_sink *sink)
{
	const struct rule *rule = NULL;
	const char *without = NULL, *text;

	for (size_t i = 0; i < pack->fee_count && step->fee_minor > 0; i++)
		if (is_asked(&pack->fees[i], s, step))
			rule = &pack->fees[i].rule;
	for (size_t i = 0; i < step->channel_count && rule != NULL; i++)
		if (!bears_fee(pack, s, step, step->channels[i]))
			without = without == NULL ? channel_name(step->channels[i]) :
			    talloc_asprintf(ctx, "%s and %s", without,
			    channel_name(step->channels[i]));
	if (without == NULL)
		return;
	text = talloc_asprintf(ctx, "step %s: by %s it goes without its fee (%s: %s)", step->id,
	    without, rule->id, rule->says);
	must(text != NULL);
	sink->notice(sink->arg, path, text, aside);
}

/* --- contents --------------------------------------------------------------------- */

/* The variables of a text that say a fact; any of them will do. */
static const struct {
	const char *fact, *names[4];
} sayings[] = {
	{ "creditor",	{ "creditor_name" } },
	{ "claim",	{ "number", "subject" } },
	{ "principal",	{ "principal", "amount", "balance" } },
	{ "interest",	{ "interest" } },
	{ "fees",	{ "fees", "fee" } },
	{ "account",	{ "account" } },
	{ "deadline",	{ "deadline" } },
	{ "opt_out",	{ "unsubscribe_url" } },
};
#define SAYINGS (sizeof(sayings) / sizeof(sayings[0]))

struct text_asked {
	void				*ctx;
	const struct library		*library;
	const struct check_sink		*sink;
	const char			*path;		/* of the schedule */
	const struct schedule_step	*step;
	enum channel			 channel;
	const struct rule		*rule;
};

static bool says(const struct text_asked *q, const char *lang, enum tone tone, size_t saying)
{
	for (size_t i = 0; i < 4 && sayings[saying].names[i] != NULL; i++)
		if (library_names(q->library, q->channel, lang, q->step->template, tone,
		    sayings[saying].names[i]))
			return true;
	return false;
}

static void tell_missing(const struct text_asked *q, const char *fact, const char *lang,
    enum tone tone)
{
	const char *text = talloc_asprintf(q->ctx, "step %s: templates/%s/%s/%s.%s.mustache does "
	    "not say '%s', which %s asks for (%s)", q->step->id, channel_name(q->channel), lang,
	    q->step->template, tone_name(tone), fact, q->rule->id, q->rule->says);

	must(text != NULL);
	if (q->channel == CHANNEL_SMS)
		q->sink->notice(q->sink->arg, q->path, text, false);
	else
		q->sink->problem(q->sink->arg, q->path, 0, text);
}

/* No variable says it: somebody must write it into the text by hand. */
static void tell_by_hand(const struct text_asked *q, const char *fact)
{
	const char *text = talloc_asprintf(q->ctx, "step %s: %s asks the %s to say '%s', for which "
	    "there is no variable: see that the text does (%s)", q->step->id, q->rule->id,
	    channel_name(q->channel), fact, q->rule->says);

	must(text != NULL);
	q->sink->notice(q->sink->arg, q->path, text, false);
}

/* In each language and tone in which there is such a text. */
static void check_fact(const struct text_asked *q, const char *fact)
{
	size_t saying = 0;

	while (saying < SAYINGS && strcmp(sayings[saying].fact, fact) != 0)
		saying++;
	if (saying == SAYINGS) {
		tell_by_hand(q, fact);
		return;
	}
	if (q->channel == CHANNEL_SMS && strcmp(fact, "opt_out") != 0)
		return;
	for (size_t l = 0; locale_langs[l] != NULL; l++)
		for (int tone = 0; tone < (int)TONES; tone++)
			if (library_has(q->library, q->channel, locale_langs[l], q->step->template,
			    (enum tone)tone) && !says(q, locale_langs[l], (enum tone)tone, saying))
				tell_missing(q, fact, locale_langs[l], (enum tone)tone);
}

void check_pack_contents(void *ctx, const struct pack *pack, const struct schedule *s,
    const struct schedule_step *step, const char *path, const struct library *library,
    const struct check_sink *sink)
{
	struct text_asked q = { .ctx = ctx, .library = library, .sink = sink, .path = path,
	    .step = step };

	for (size_t i = 0; i < pack->content_count && !step->handover; i++) {
		const struct content_rule *c = &pack->contents[i];

		if ((c->purpose[0] != '\0' && strcmp(c->purpose, law_purpose(step, DECIDE_EDITION)) != 0) ||
		    (c->rule.roles >> s->role & 1) == 0)
			continue;
		q.rule = &c->rule;
		for (size_t k = 0; k < step->channel_count; k++) {
			q.channel = step->channels[k];
			for (size_t f = 0; q.channel != CHANNEL_CALL &&
			    (c->channels >> q.channel & 1) && f < c->fact_count; f++)
				check_fact(&q, c->facts[f]);
		}
	}
}
