/* diff_run.c - see diff_run.h. */
#include "engine/diff_run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy.h"
#include "store/outlook.h"
#include "store/register.h"

static const char *const kind_names[POLICY_KINDS] = { [POLICY_SCHEDULE] = "schedule",
    [POLICY_PACK] = "pack", [POLICY_CALENDAR] = "calendar" };

/* One of the two lives. */
struct life {
	void			*ctx;
	struct engine		*engine;
	const struct diff_options *options;
	struct outlook_mark	 mark;
	struct forward_options	 forward;
	struct diff_message	*list;
	size_t			 count;
};

/* --- what is compared ------------------------------------------------------------ */

static bool ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), n = strlen(end);

	return len > n && strcmp(text + len - n, end) == 0;
}

/* `new` tells the kind where one name stands for two things. */
static bool find_kind(const struct policy *p, const struct diff_options *o,
    enum policy_kind *kind, struct err *err)
{
	*kind = POLICY_CALENDAR;
	if (ends_with(o->new, ".ics") && policy_file_hash(p, POLICY_CALENDAR, o->of) != NULL)
		return true;
	if (policy_kind_of(p, o->of, kind))
		return true;
	return err_set(err, ERR_INPUT, "there is no schedule, rule pack or calendar '%.60s' in "
	    "schedules/", o->of);
}

/* What cases say that they run on: a schedule's own name, not its file's. */
static const char *name_of(const struct policy *p, enum policy_kind kind, const char *of)
{
	struct err none = { 0 };
	const struct schedule *schedule = kind == POLICY_SCHEDULE ?
	    policy_schedule(p, of, &none) : NULL;

	return schedule != NULL ? schedule->name : of;
}

/* Puts the new version in place, for schedules by its hash. */
static bool put_new(struct life *l, enum policy_kind kind, const char **hash, struct err *err)
{
	const struct diff_options *o = l->options;

	*hash = policy_file_hash(l->engine->policy, kind, o->new);
	if (kind == POLICY_SCHEDULE && *hash != NULL)
		return true;
	if (*hash != NULL && strcmp(o->new, o->of) != 0)
		return err_set(err, ERR_INPUT, "give the file of the other %s, not its name",
		    kind_names[kind]);
	if (*hash != NULL)
		return true;		/* against itself */
	return policy_overlay(l->engine->policy, kind, o->of, o->new, hash, err);
}

/* --- one life --------------------------------------------------------------------- */

static struct diff_message *add(struct life *l)
{
	if ((l->count & (l->count - 1)) == 0)	/* 0 and powers of two: room for as many */
		l->list = talloc_realloc(l->ctx, l->list, struct diff_message,
		    (unsigned)(2 * l->count + 1));
	must(l->list != NULL);
	return &l->list[l->count++];
}

static char *keep(struct life *l, const char *text)
{
	char *copy = talloc_strdup(l->ctx, text);

	must(copy != NULL);
	return copy;
}

static void words_hash(const struct forward_contact *f, char out[HASH_HEX_BYTES])
{
	char *words = talloc_asprintf(NULL, "%s\n%s", f->subject, f->content);

	must(words != NULL);
	sha256_hex(words, strlen(words), out);
	talloc_free(words);
}

static bool sent(void *arg, const struct forward_contact *f, struct err *err)
{
	struct life *l = arg;

	(void)err;
	*add(l) = (struct diff_message){ .debtor_id = f->contact->debtor_id,
	    .debtor = keep(l, f->debtor), .creditor = keep(l, f->creditor),
	    .step = keep(l, f->contact->step), .at = f->at, .on = f->on,
	    .deadline_on = f->contact->deadline_on, .channel = channel_name(f->contact->channel),
	    .tone = tone_name(f->contact->tone), .fee = keep(l, f->fee),
	    .interest = keep(l, f->interest), .compensation = keep(l, f->compensation) };
	words_hash(f, l->list[l->count - 1].words);
	return true;
}

static bool add_hand_overs(struct life *l, struct err *err)
{
	struct store *store = l->engine->store;
	struct creditor_record creditor;
	struct debtor_record debtor;
	struct handed_over *list;
	const struct zone *zone;
	size_t n;

	if (!outlook_handed_over(store, l->ctx, l->mark.event, &list, &n, err) ||
	    !forward_zone(l->engine, &zone, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!register_get_debtor(store, l->ctx, list[i].debtor_id, &debtor, err) ||
		    !register_get_creditor(store, l->ctx, debtor.creditor_id, &creditor, err))
			return false;
		*add(l) = (struct diff_message){ .debtor_id = debtor.id,
		    .debtor = debtor.external_id, .creditor = creditor.external_id,
		    .step = DIFF_STEP_HAND_OVER, .at = list[i].at,
		    .on = zone_local(zone, list[i].at).day, .deadline_on = DAY_NONE,
		    .channel = "", .tone = "", .fee = "", .interest = "", .compensation = "" };
	}
	return true;
}

static void progress(void *arg, instant_t now)
{
	const struct life *l = arg;

	l->options->progress(l->options->arg, now);
}

/* `change`: with the new version, else as things stand. */
static bool live(struct life *l, const char *dir, bool change, enum policy_kind *kind,
    struct err *err)
{
	const char *hash = NULL, *name;

	l->engine = engine_open(l->ctx, dir, (struct store_options){ .role = STORE_WRITE,
	    .copy = true }, err);
	if (l->engine == NULL || !find_kind(l->engine->policy, l->options, kind, err))
		return false;
	name = name_of(l->engine->policy, *kind, l->options->of);
	if (change && !put_new(l, *kind, &hash, err))
		return false;
	l->forward = (struct forward_options){ .from = l->options->now, .sent = sent, .arg = l,
	    .progress = l->options->progress != NULL ? progress : NULL };
	return outlook_mark(l->engine->store, &l->mark, err) &&
	    forward_until(l->engine, l->options->now, l->options->days, &l->forward.until, err) &&
	    forward_move(l->engine, name, *kind == POLICY_SCHEDULE ? hash : NULL,
	    l->options->now, err) &&
	    forward_run(l->engine, &l->forward, err) && add_hand_overs(l, err);
}

bool diff_run(const char *dir, const struct diff_options *options, json_t **out,
    struct err *err)
{
	struct life before = { .ctx = talloc_new(NULL), .options = options };
	struct life after = { .ctx = talloc_new(NULL), .options = options };
	char from[INSTANT_TEXT_BYTES], until[INSTANT_TEXT_BYTES];
	enum policy_kind kind;
	bool ok;

	*out = NULL;
	ok = live(&before, dir, false, &kind, err);
	if (ok) {
		engine_close(before.engine);	/* one copy at a time */
		ok = live(&after, dir, true, &kind, err);
	}
	if (ok) {
		*out = json_pack("{s:s, s:s, s:s, s:s, s:s}", "of", options->of, "new",
		    options->new, "kind", kind_names[kind], "from",
		    instant_text(options->now, from), "until",
		    instant_text(after.forward.until, until));
		must(*out != NULL);
		diff_compare(before.list, before.count, after.list, after.count, *out);
	}
	talloc_free(before.ctx);
	talloc_free(after.ctx);
	return ok;
}
