/* habit.c - what people do: of themselves, and on a message.
 *
 * The shares below are made up, and stated so that a reader can tell what a
 * simulated number rests on.  Out of 10000:
 *
 *   a bill    4500 are paid by the due date, 2500 within 30 days after it
 *             without a word, 3000 not of themselves
 *   a message is answered by its reader's habit: see `habits`; the channel and
 *             the tone move the share that pays at once
 *   a promise 6500 are kept; "already paid": 6000 have
 *   a payment 9000 name the bill, 500 its reference, 350 the payer alone, 150
 *             nobody; 300 are too large, 500 are a part
 *   a bill    400 get a credit note, 300 come in the ledger again
 */
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "sim/world.h"
#include "store/outbox.h"
#include "store/register.h"

#define HOUR 3600
#define LINK_MARK "/p/"

enum habit {
	HABIT_PAY, HABIT_PAY_PART, HABIT_PROMISE, HABIT_CLAIM_PAID, HABIT_DISPUTE, HABIT_PARTS,
	HABIT_HELP, HABIT_UNSUBSCRIBE, HABIT_TWICE, HABIT_NOTHING, HABITS
};

static const int habits[CHANNELS][HABITS] = {
	[CHANNEL_EMAIL] = { 2200, 300, 500, 300, 220, 200, 120, 120, 60, 5980 },
	[CHANNEL_SMS] = { 2800, 300, 650, 350, 180, 200, 120, 180, 60, 5160 },
	[CHANNEL_LETTER] = { 1800, 300, 200, 150, 150, 120, 120, 20, 20, 7120 },
	[CHANNEL_CALL] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 10000 },
};
static const int tone_moves[TONES] = { [TONE_WARM] = 300, [TONE_NEUTRAL] = 0, [TONE_FIRM] = 150 };

static void put(struct world *w, enum act_kind kind, instant_t at, int32_t person, int32_t bill,
    int32_t detail, int64_t number)
{
	agenda_put(w->agenda, &(struct act){ .at = at, .kind = kind, .person = person,
	    .bill = bill, .detail = detail, .number = number });
}

/* A moment of a day in the first creditor's zone. */
static instant_t some_time(struct world *w, day_t day, const char *what, int64_t a)
{
	return zone_instant(w->zone, day, (int32_t)dice_between(&w->people.dice, what, a, day,
	    6 * HOUR, 23 * HOUR));
}

static void live_bill(struct world *w, int32_t bill)
{
	static const int when[3] = { 4500, 2500, 3000 };
	const struct dice *d = &w->people.dice;
	const struct bill *b = &w->people.bills[bill];
	const instant_t known = zone_instant(w->zone, b->known_on, 5 * HOUR + 1800);
	const int habit = dice_pick(d, "payer", bill, 0, when, 3);
	day_t day = b->due_on;

	put(w, ACT_IMPORT, known, b->person, bill, 0, 0);
	if (dice_hits(d, "again", bill, 0, 300))
		put(w, ACT_IMPORT_AGAIN, known + (instant_t)dice_between(d, "again", bill, 1, 1, 30) *
		    SECONDS_PER_DAY, b->person, bill, 0, dice_between(d, "again", bill, 2, 0, 10));
	if (dice_hits(d, "credit", bill, 0, 400))
		put(w, ACT_CREDIT, known + (instant_t)dice_between(d, "credit", bill, 1, 1, 60) *
		    SECONDS_PER_DAY, b->person, bill, 0,
		    dice_hits(d, "credit", bill, 2, 5000) ? 10000 : 3000);
	if (habit == 2)
		return;
	day += habit == 0 ? (day_t)dice_between(d, "early", bill, 0, -6, 0) :
	    (day_t)dice_between(d, "late", bill, 0, 1, 30);
	if (day > b->known_on)
		put(w, ACT_PAY, some_time(w, day, "pays", bill), b->person, bill, 0, 0);
}

void habit_begin(struct world *w)
{
	for (int32_t i = 0; i < w->people.bill_count; i++)
		live_bill(w, i);
}

/* --- a message ------------------------------------------------------------------------- */

bool habit_person(struct world *w, int64_t debtor_id, int32_t *person)
{
	void *tmp = talloc_new(NULL);
	struct debtor_record debtor;
	const bool ok = register_get_debtor(w->engine->store, tmp, debtor_id, &debtor, w->err);

	*person = ok ? person_of_id(debtor.external_id) : -1;
	talloc_free(tmp);
	return ok;
}

/* The token of the private link, as the reader finds it in the text. */
static bool find_link(const char *text, char out[TOKEN_TEXT_BYTES])
{
	const char *at = strstr(text, LINK_MARK);

	if (at == NULL || !token_is_wellformed(at + strlen(LINK_MARK),
	    strnlen(at + strlen(LINK_MARK), TOKEN_TEXT_BYTES - 1)))
		return false;
	memcpy(out, at + strlen(LINK_MARK), TOKEN_TEXT_BYTES - 1);
	out[TOKEN_TEXT_BYTES - 1] = '\0';
	return true;
}

static void use_link(struct world *w, const struct act *like, enum pay_act kind, int64_t number,
    instant_t at)
{
	struct act act = *like;

	act.kind = ACT_LINK;
	act.at = at;
	act.detail = (int32_t)kind;
	act.number = number;
	agenda_put(w->agenda, &act);
}

/* Days until a reader pays at once: soon after an SMS, later after a letter. */
static int64_t delay_days(const struct dice *d, enum channel channel, int64_t contact)
{
	static const int most[CHANNELS] = { [CHANNEL_EMAIL] = 7, [CHANNEL_SMS] = 3,
	    [CHANNEL_LETTER] = 12, [CHANNEL_CALL] = 1 };
	const int64_t a = dice_between(d, "pay day", contact, 0, 0, most[channel]);
	const int64_t b = dice_between(d, "pay day", contact, 1, 0, most[channel]);

	return a < b ? a : b;		/* sooner rather than later */
}

static void answer(struct world *w, const struct act *like, enum habit habit, enum channel channel,
    int64_t contact, instant_t at)
{
	const struct dice *d = &w->people.dice;
	const instant_t soon = at + dice_between(d, "reads", contact, 0, 60, 2 * SECONDS_PER_DAY);
	const day_t day = zone_local(w->zone, at).day;
	const int64_t promised = dice_between(d, "promised", contact, 0, 0, 35);

	switch (habit) {
	case HABIT_PAY:
	case HABIT_PAY_PART:
		put(w, ACT_PAY, some_time(w, day + (day_t)delay_days(d, channel, contact), "pays at",
		    contact), like->person, -1, habit == HABIT_PAY_PART, 0);
		return;
	case HABIT_PROMISE:
		use_link(w, like, PAY_ACT_PROMISE, promised, soon);
		if (dice_hits(d, "keeps", contact, 0, 6500))
			put(w, ACT_PAY, some_time(w, zone_local(w->zone, soon).day + (day_t)promised,
			    "keeps at", contact), like->person, -1, 0, 0);
		return;
	case HABIT_CLAIM_PAID:
		use_link(w, like, PAY_ACT_PAID_CLAIMED, 0, soon);
		if (dice_hits(d, "has paid", contact, 0, 6000))
			put(w, ACT_PAY, soon + HOUR, like->person, -1, 0, 0);
		return;
	case HABIT_DISPUTE:
		use_link(w, like, PAY_ACT_DISPUTE, dice_between(d, "reason", contact, 0,
		    PAY_REASON_NOT_MINE, PAY_REASON_OTHER), soon);
		return;
	case HABIT_PARTS:
		use_link(w, like, PAY_ACT_PARTS, dice_between(d, "parts", contact, 0, 2, 6), soon);
		return;
	case HABIT_HELP:
		use_link(w, like, PAY_ACT_HELP, 0, soon);
		return;
	case HABIT_UNSUBSCRIBE:
		use_link(w, like, PAY_ACT_UNSUBSCRIBE, 0, soon);
		return;
	case HABIT_TWICE:		/* one thing, and then another */
		use_link(w, like, PAY_ACT_PROMISE, promised, soon);
		use_link(w, like, PAY_ACT_HELP, 0, soon + HOUR);
		return;
	case HABIT_NOTHING:
	case HABITS:
		return;
	}
}

void habit_message(struct world *w, const struct message *m, instant_t at)
{
	void *tmp = talloc_new(NULL);
	struct act like = { .bill = -1 };
	struct contact_record contact;
	int weights[HABITS];

	if (outbox_get(w->engine->store, tmp, m->contact_id, &contact, w->err) &&
	    habit_person(w, contact.debtor_id, &like.person) && like.person >= 0 &&
	    find_link(m->text, like.token)) {
		memcpy(weights, habits[m->channel], sizeof(weights));
		weights[HABIT_PAY] += tone_moves[contact.tone];
		weights[HABIT_NOTHING] -= tone_moves[contact.tone];
		answer(w, &like, (enum habit)dice_pick(&w->people.dice, "habit", m->contact_id,
		    like.person, weights, HABITS), m->channel, m->contact_id, at);
	}
	talloc_free(tmp);
}
