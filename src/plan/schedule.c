/* schedule.c - reads a schedule file into struct schedule.
 *
 * What a ladder may not be is refused here, with the place in the file, so
 * that the decision never meets it: a first step that waits for a previous
 * one, two steps of one id, a hand-over in the middle.
 */
#include "plan/schedule.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/must.h"
#include "plan/channel_list.h"

static void read_word(struct json_at *at, const char *key, const char *word,
    char out[SCHEDULE_WORD_BYTES])
{
	const size_t len = strlen(word);

	if (len >= SCHEDULE_WORD_BYTES) {
		json_fail(at, "\"%s\" is longer than %d characters", key,
		    SCHEDULE_WORD_BYTES - 1);
		return;
	}
	if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
		json_fail(at, "\"%s\": use only a-z, 0-9, '_' and '-'", key);
	memcpy(out, word, len + 1);
}

/* A word that must be there and may not be empty. */
static void want_word(struct json_at *at, const char *key, char out[SCHEDULE_WORD_BYTES])
{
	const char *word = json_want_string(at, key);

	if (word[0] == '\0')
		json_fail(at, "\"%s\" is empty; write a name of a-z, 0-9, '_' and '-'", key);
	read_word(at, key, word, out);
}

static void read_currency(struct json_at *at, const char *code, char out[CURRENCY_BYTES])
{
	if (currency_exponent(code) < 0)
		json_fail(at, "\"%.8s\" is not a currency known here; write e.g. \"DKK\"", code);
	else
		memcpy(out, code, CURRENCY_BYTES);
}

static void read_channels(struct json_at *at, struct schedule_step *step)
{
	struct json_at list = json_want_array(at, "channels");

	step->channel_count = channel_list_read(&list, step->channels);
}

/* When it is due. */
static void read_when(struct json_at *at, const struct schedule *s, struct schedule_step *step)
{
	static const char *const from[] = { "due", "previous" };
	static const char *const on[] = { "any_day", "working_day" };

	step->from = json_want_word(at, "from", from, 2) == 1 ? STEP_FROM_PREVIOUS :
	    STEP_FROM_DUE;
	if (step->from == STEP_FROM_PREVIOUS && s->step_count == 0)
		json_fail(at, "the first step has no previous one; write \"from\": \"due\"");
	step->days = (int)json_want_int(at, "days",
	    step->from == STEP_FROM_DUE ? -SCHEDULE_DAYS_MAX : 1, SCHEDULE_DAYS_MAX);
	step->working_day = json_may_word(at, "on", on, 2, 0) == 1;
	step->lapse_days = (int)json_may_int(at, "lapses_days_after_due", step->days + 1,
	    SCHEDULE_DAYS_MAX, STEP_NEVER_LAPSES);
	step->grace_days = (int)json_may_int(at, "grace_days", 0, SCHEDULE_DAYS_MAX, 0);
}

/* What is asked for beside the invoices. */
static void read_money(struct json_at *at, struct schedule_step *step)
{
	struct json_at fee;

	step->interest = json_may_bool(at, "interest", false);
	step->compensation = json_may_bool(at, "compensation", false);
	fee = json_may_object(at, "fee");
	if (fee.value != NULL) {
		step->fee_minor = json_want_int(&fee, "minor", 1, MONEY_MINOR_MAX);
		read_currency(&fee, json_want_string(&fee, "currency"), step->fee_currency);
		json_close(&fee);
	}
	if (step->handover && (fee.value != NULL || step->interest || step->compensation))
		json_fail(at, "a hand-over sends no message, so it can ask for no fee, interest "
		    "or compensation; put them on the step before");
}

static void read_ids(struct json_at *at, const struct schedule *s, struct schedule_step *step)
{
	want_word(at, "id", step->id);
	read_word(at, "was", json_may_string(at, "was", ""), step->was);
	if (schedule_step_index(s, step->id) >= 0)
		json_fail(at, "a step \"%s\" stands above already", step->id);
	if (step->was[0] != '\0' && schedule_step_index(s, step->was) >= 0)
		json_fail(at, "\"was\" names the step \"%s\", which stands above", step->was);
}

static void read_step(struct json_at *at, struct schedule *s)
{
	struct schedule_step *step = &s->steps[s->step_count];

	read_ids(at, s, step);
	read_when(at, s, step);
	step->handover = json_may_bool(at, "handover", false);
	step->approval = json_may_bool(at, "approval", false);
	step->legal_notice = json_may_bool(at, "legal_notice", false);
	step->toned = json_may_bool(at, "toned", !step->handover);
	step->deadline_days = (int)json_may_int(at, "deadline_days", 0, SCHEDULE_DAYS_MAX, 0);
	read_money(at, step);
	if (!step->handover) {
		read_word(at, "template", json_may_string(at, "template", step->id),
		    step->template);
		read_channels(at, step);
	}
	json_close(at);
	s->step_count++;
}

static void read_steps(struct json_at *root, struct schedule *s)
{
	struct json_at list = json_want_array(root, "steps");

	if (list.value != NULL && json_length(&list) == 0)
		json_fail(&list, "is empty; a schedule has at least one step");
	if (json_length(&list) > SCHEDULE_STEPS_MAX) {
		json_fail(&list, "has more than %d steps", SCHEDULE_STEPS_MAX);
		return;
	}
	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);

		if (i > 0 && s->steps[i - 1].handover)
			json_fail(&item, "comes after the hand-over, which must be last");
		read_step(&item, s);
		if (i > 0 && s->steps[i].from == STEP_FROM_DUE &&
		    s->steps[i - 1].from == STEP_FROM_DUE &&
		    s->steps[i].days <= s->steps[i - 1].days)
			json_fail(&item, "is due before the step above it; order them by day");
	}
}

static void read_min_amounts(struct json_at *root, struct schedule *s)
{
	struct json_at list = json_may_array(root, "min_amounts");

	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);

		if (i == sizeof(s->min_amount) / sizeof(s->min_amount[0])) {
			json_fail(&list, "has too many currencies");
			return;
		}
		read_currency(&item, json_want_string(&item, "currency"),
		    s->min_amount[i].currency);
		s->min_amount[i].minor = json_want_int(&item, "minor", 1, MONEY_MINOR_MAX);
		json_close(&item);
		s->min_amount_count++;
	}
}

int schedule_read_hour(struct json_at *at)
{
	return (int)json_may_int(at, "hour", 0, 23, SCHEDULE_NO_HOUR);
}

void schedule_read_sender(struct json_at *at, char out[SCHEDULE_SENDER_BYTES])
{
	const char *name = json_may_string(at, "sender", "");
	const size_t len = strlen(name);

	out[0] = '\0';
	if (len >= SCHEDULE_SENDER_BYTES)
		json_fail(at, "\"sender\" is longer than %d bytes", SCHEDULE_SENDER_BYTES - 1);
	else
		memcpy(out, name, len + 1);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] < ' ')
			json_fail(at, "\"sender\" is the name of a person, in one line");
}

static void read_voice(struct json_at *root, struct schedule *s)
{
	const char *roles[ROLES], *tones[TONES];

	for (int i = 0; i < ROLES; i++)
		roles[i] = role_name((enum role)i);
	for (int i = 0; i < TONES; i++)
		tones[i] = tone_name((enum tone)i);
	s->role = (enum role)json_may_word(root, "role", roles, ROLES, ROLE_OWN);
	s->tone = (enum tone)json_may_word(root, "tone", tones, TONES, TONE_WARM);
	s->hour = schedule_read_hour(root);
	schedule_read_sender(root, s->sender);
	s->plan_offer = json_may_bool(root, "plan_offer", false);
}

static void read_schedule(struct json_doc *doc, struct schedule *s)
{
	struct json_at root = json_doc_root(doc);

	want_word(&root, "name", s->name);
	want_word(&root, "pack", s->pack);
	read_word(&root, "experiment", json_may_string(&root, "experiment", ""), s->experiment);
	read_voice(&root, s);
	s->gap_days_min = (int)json_want_int(&root, "gap_days_min", 1, 365);
	s->resume_days = (int)json_want_int(&root, "resume_days", 0, 365);
	s->claim_days = (int)json_may_int(&root, "claim_days", 1, 365, 10);
	s->link_days = (int)json_may_int(&root, "link_days", 1, 365, 120);
	(void)json_may_string(&root, "description", "");
	read_min_amounts(&root, s);
	read_steps(&root, s);
	json_close(&root);
}

struct schedule *schedule_parse(void *ctx, const char *name, const char *text, size_t len,
    struct err *err)
{
	struct schedule *s = talloc_zero(ctx, struct schedule);
	struct json_doc doc;

	must(s != NULL);
	if (!json_doc_parse(&doc, name, text, len, err)) {
		talloc_free(s);
		return NULL;
	}
	sha256_hex(text, len, s->hash);
	read_schedule(&doc, s);
	json_doc_release(&doc);
	if (err_is_set(err)) {
		talloc_free(s);
		return NULL;
	}
	return s;
}

int schedule_step_index(const struct schedule *s, const char *id)
{
	for (size_t i = 0; i < s->step_count; i++)
		if (strcmp(s->steps[i].id, id) == 0)
			return (int)i;
	for (size_t i = 0; i < s->step_count; i++)
		if (s->steps[i].was[0] != '\0' && strcmp(s->steps[i].was, id) == 0)
			return (int)i;
	return -1;
}

int64_t schedule_min_amount(const struct schedule *s, const char *currency)
{
	for (size_t i = 0; i < s->min_amount_count; i++)
		if (strcmp(s->min_amount[i].currency, currency) == 0)
			return s->min_amount[i].minor;
	return 0;
}
