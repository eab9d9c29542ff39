/* provider.c - the made-up provider: it answers from the seed, keeps what it
 * took in a sink that outsiders can read, and hands it to the person.
 *
 *   DIR/outbox/mail.jsonl, sms.jsonl, letter.jsonl   one JSON object per line:
 *   contact, to, from, text, at (when it came), and for e-mail subject and
 *   unsubscribe
 *
 * An answer may lie: with an unknown outcome the message may have arrived.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/send_run.h"
#include "sim/world.h"

#define UNKNOWN_ARRIVES_BP 6000
#define SLOW_MS_MAX 60000
#define QUICK_MS_MAX 400
#define NAP_SECONDS (SEND_LEASE_SECONDS + 60)
#define TAKEN_ROOM_FIRST 4096

/* Out of 10000, in the order of enum send_outcome: taken, later, never, unknown. */
static const int fine_answers[SEND_OUTCOMES] = { 9720, 120, 120, 40 };
static const int flaky_answers[SEND_OUTCOMES] = { 6500, 2600, 300, 600 };

bool world_open_sink(struct world *w)
{
	static const char *const names[CHANNELS] = { [CHANNEL_EMAIL] = "mail",
	    [CHANNEL_SMS] = "sms", [CHANNEL_LETTER] = "letter" };
	const char *box = talloc_asprintf(w->ctx, "%s/outbox", w->dir);

	must(box != NULL);
	if (mkdir(box, 0700) != 0 && errno != EEXIST)
		return err_set(w->err, ERR_SYSTEM, "%s: %s", box, strerror(errno));
	for (int i = 0; i < CHANNELS; i++) {
		const char *path = names[i] == NULL ? NULL :
		    talloc_asprintf(w->ctx, "%s/%s.jsonl", box, names[i]);

		w->sink[i] = path == NULL ? -1 :
		    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (path != NULL && w->sink[i] < 0)
			return err_set(w->err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	}
	return true;
}

void world_close_sink(struct world *w)
{
	for (int i = 0; i < CHANNELS; i++)
		if (w->sink[i] >= 0)
			(void)close(w->sink[i]);
}

/* --- what was taken --------------------------------------------------------------- */

int64_t world_taken(const struct world *w, int64_t contact_id)
{
	return contact_id < w->taken_room ? w->taken[contact_id] : 0;
}

static void count_taken(struct world *w, int64_t contact_id)
{
	while (contact_id >= w->taken_room) {
		const int64_t room = w->taken_room == 0 ? TAKEN_ROOM_FIRST : 2 * w->taken_room;

		w->taken = talloc_realloc(w->ctx, w->taken, uint8_t, (unsigned)room);
		must(w->taken != NULL);
		memset(w->taken + w->taken_room, 0, (size_t)(room - w->taken_room));
		w->taken_room = room;
	}
	w->taken[contact_id]++;
}

static void write_line(struct world *w, const struct message *m, instant_t at)
{
	char when[INSTANT_TEXT_BYTES];
	json_t *row = json_pack("{s:I, s:s, s:s, s:s, s:s}", "contact",
	    (json_int_t)m->contact_id, "to", m->to, "from", m->from, "text", m->text, "at",
	    instant_text(at, when));
	char *text;
	size_t len;

	must(row != NULL);
	if (m->channel == CHANNEL_EMAIL) {
		json_object_set_new(row, "subject", json_string(m->subject));
		json_object_set_new(row, "unsubscribe", json_string(m->unsubscribe_url));
	}
	text = json_dumps(row, JSON_COMPACT);
	must(text != NULL);
	len = strlen(text);
	text[len] = '\n';		/* in the place of the NUL */
	if (write(w->sink[m->channel], text, len + 1) != (ssize_t)len + 1)
		(void)err_set(w->err, ERR_SYSTEM, "the sink cannot be written: %s", strerror(errno));
	free(text);
	json_decref(row);
}

/* --- answers ------------------------------------------------------------------------ */

static int64_t elapsed(void *arg)
{
	const struct world *w = arg;

	return w->provider_ms / 1000;
}

static instant_t moment(const struct world *w)
{
	return w->now + w->provider_ms / 1000 - w->now_ms / 1000;
}

/* The worker stops in the middle of its batch until its lease is long over,
 * and another one works on meanwhile. */
static void nap(struct world *w)
{
	const instant_t now = w->now;
	const int64_t now_ms = w->now_ms;
	struct engine *other;

	w->provider_ms += 1000 * NAP_SECONDS;
	w->tally.troubles[TROUBLE_NAP]++;
	other = engine_open(w->ctx, w->dir, (struct store_options){ .role = STORE_WRITE,
	    .scratch = true }, w->err);
	if (other == NULL)
		return;
	other->provider = &w->provider;
	(void)world_pass(w, other, (w->worker + 1) % WORLD_WORKERS, moment(w));
	engine_close(other);
	w->now = now;
	w->now_ms = now_ms;
}

static void fill(struct provider_answer *answer, enum channel channel, enum send_outcome outcome)
{
	static const int codes[SEND_OUTCOMES] = { [SEND_TAKEN] = 250, [SEND_LATER] = 450,
	    [SEND_NEVER] = 550, [SEND_UNKNOWN] = 0 };
	static const char *const details[SEND_OUTCOMES] = { [SEND_TAKEN] = "250 2.0.0",
	    [SEND_LATER] = "450 4.7.1", [SEND_NEVER] = "550 5.1.1", [SEND_UNKNOWN] = "timeout" };

	answer->outcome = outcome;
	answer->code = codes[outcome];
	answer->detail = channel == CHANNEL_EMAIL ? details[outcome] : "made up";
}

static void take(void *arg, const struct message *m, struct provider_answer *answer)
{
	struct world *w = arg;
	const struct dice *d = &w->people.dice;
	const bool slow = w->weather.slow_on == w->today, flaky = w->weather.flaky_on == w->today;
	const int64_t number = ++w->asked;
	enum send_outcome outcome;
	instant_t at;

	if (w->weather.nap_after > 0 && --w->weather.nap_after == 0)
		nap(w);
	at = moment(w);			/* the first byte comes, and then it takes its time */
	w->provider_ms += dice_between(d, "delay", number, 0, 0, slow ? SLOW_MS_MAX : QUICK_MS_MAX);
	if (moment(w) < w->weather.down_until) {
		fill(answer, m->channel, SEND_LATER);
		answer->unreached = true;
	} else {
		outcome = (enum send_outcome)dice_pick(d, "answer", number, m->contact_id,
		    flaky ? flaky_answers : fine_answers, SEND_OUTCOMES);
		fill(answer, m->channel, outcome);
		if (outcome == SEND_LATER && dice_hits(d, "retry", number, 0, 3000))
			answer->retry_after_seconds = (int32_t)dice_between(d, "retry", number, 1,
			    60, 7200);
	}
	w->tally.answers[answer->outcome]++;
	if (answer->outcome != SEND_TAKEN && (answer->outcome != SEND_UNKNOWN ||
	    !dice_hits(d, "arrives", number, 0, UNKNOWN_ARRIVES_BP)))
		return;
	count_taken(w, m->contact_id);
	write_line(w, m, at);
	habit_message(w, m, moment(w));
}

struct provider world_provider(struct world *w)
{
	return (struct provider){ .arg = w, .take = take, .elapsed = elapsed };
}
