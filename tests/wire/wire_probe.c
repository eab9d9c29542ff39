/* wire_probe.c - lets a test drive dispatch/ by hand.
 *
 * usage: wire_probe CONFIG.json < MESSAGES.jsonl
 *
 * CONFIG holds the members of struct dispatch_settings by name, and "journal"
 * (directory) and "worker" when a wire journal is wanted.  Each line of stdin
 * is one message by the names of struct message; "repeat": N submits it N
 * times with ids counted up, {id} in its texts being replaced by the id.
 * Prints one JSON line per outcome, and a last one with the time taken; with "quiet":
 * true in CONFIG only the last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"
#include "dispatch/dispatch.h"
#include "dispatch/wire_journal.h"

static int done_count, taken_count;
static bool quiet;			/* counts only: for measuring */

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static int number_of(const json_t *object, const char *name)
{
	return (int)json_integer_value(json_object_get(object, name));
}

static char *text_for(void *ctx, const json_t *object, const char *name, int64_t id)
{
	const char *text = text_of(object, name), *mark = strstr(text, "{id}");

	if (mark == NULL)
		return talloc_strdup(ctx, text);
	return talloc_asprintf(ctx, "%.*s%" PRId64 "%s", (int)(mark - text), text, id, mark + 4);
}

static void message_done(void *arg, int64_t contact_id, const struct dispatch_result *result)
{
	(void)arg;
	done_count++;
	taken_count += result->outcome == SEND_TAKEN;
	if (quiet)
		return;
	printf("{\"contact\":%" PRId64 ",\"outcome\":\"%s\",\"code\":%d,\"detail\":\"%s\","
	    "\"provider_id\":\"%s\",\"provider\":\"%s\",\"retry_after\":%d,\"at_recipient\":%s}\n", contact_id,
	    send_outcome_name(result->outcome), result->code, result->detail,
	    result->provider_id, result->provider, (int)result->retry_after_seconds,
	    result->at_recipient ? "true" : "false");
	(void)fflush(stdout);
}

static struct message *message_read(void *ctx, const json_t *object, int64_t id)
{
	struct message *message = talloc_zero(ctx, struct message);

	must(message != NULL && channel_parse(text_of(object, "channel"), &message->channel));
	message->contact_id = id;
	message->date = (instant_t)json_integer_value(json_object_get(object, "date"));
	message->dead_at = (instant_t)json_integer_value(json_object_get(object, "dead_at"));
#define TEXT(name) message->name = text_for(message, object, #name, id)
	TEXT(lang);
	TEXT(to);
	TEXT(from);
	TEXT(text);
	TEXT(from_name);
	TEXT(to_name);
	TEXT(reply_to);
	TEXT(envelope_from);
	TEXT(subject);
	TEXT(html);
	TEXT(message_id);
	TEXT(in_reply_to);
	TEXT(unsubscribe_url);
	TEXT(boundary);
	TEXT(dlr_url);
	TEXT(dlr_url_second);
	return message;
}

static int messages_submit(void *ctx, struct dispatch *dispatch)
{
	char *line = NULL;
	size_t room = 0;
	int count = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_error_t trouble;
		json_t *object = json_loads(line, 0, &trouble);
		int repeat;

		must(object != NULL);
		repeat = number_of(object, "repeat");
		for (int i = 0; i < (repeat > 0 ? repeat : 1); i++, count++)
			dispatch_submit(dispatch, message_read(ctx, object,
			    number_of(object, "contact") + i), message_done, NULL);
		json_decref(object);
	}
	free(line);
	return count;
}

static struct dispatch_way way_read(const json_t *config, const char *channel)
{
	char name[64];
	struct dispatch_way out = { .driver = NULL };

#define WORD(member) (snprintf(name, sizeof(name), "%s_" #member, channel), name)
	out.driver = text_of(config, WORD(driver));
	out.url = text_of(config, WORD(url));
	out.starttls = json_is_true(json_object_get(config, WORD(starttls)));
	out.user = text_of(config, WORD(user));
	out.password_file = text_of(config, WORD(password_file));
	out.connections_max = number_of(config, WORD(connections_max));
	out.per_second = number_of(config, WORD(per_second));
	return out;
}

static struct dispatch_settings settings_read(const json_t *config)
{
	return (struct dispatch_settings){
		.outbox = text_of(config, "outbox"),
		.email = way_read(config, "email"),
		.email_second = way_read(config, "email_second"),
		.sms = way_read(config, "sms"),
		.sms_second = way_read(config, "sms_second"),
		.email_helo = text_of(config, "email_helo"),
		.ca_file = text_of(config, "ca_file"),
		.connect_seconds_max = number_of(config, "connect_seconds_max"),
		.stall_seconds_max = number_of(config, "stall_seconds_max"),
		.transfer_seconds_max = number_of(config, "transfer_seconds_max"),
	};
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	json_t *config = argc == 2 ? json_load_file(argv[1], 0, NULL) : NULL;
	struct wire_journal *journal = NULL;
	struct dispatch_settings settings;
	struct dispatch *dispatch;
	struct err err = { 0 };
	tick_t start;
	int count;
	bool good;

	if (config == NULL) {
		fprintf(stderr, "usage: wire_probe CONFIG.json < MESSAGES.jsonl\n");
		return 2;
	}
	settings = settings_read(config);
	quiet = json_is_true(json_object_get(config, "quiet"));
	if (text_of(config, "journal")[0] != '\0') {
		journal = wire_journal_open(ctx, text_of(config, "journal"),
		    text_of(config, "worker"), &err);
		if (journal != NULL)
			wire_journal_set_token(journal, "t1");
	}
	dispatch = err_is_set(&err) ? NULL : dispatch_open(ctx, &settings, journal, &err);
	if (dispatch == NULL) {
		fprintf(stderr, "wire_probe: %s\n", err.text);
		return 1;
	}
	count = messages_submit(ctx, dispatch);
	start = clock_tick();
	good = dispatch_drain(dispatch, &err);
	printf("{\"submitted\":%d,\"done\":%d,\"taken\":%d,\"ms\":%" PRId64 "}\n", count, done_count,
	    taken_count, clock_tick().ms - start.ms);
	if (!good)
		fprintf(stderr, "wire_probe: %s\n", err.text);
	dispatch_close(dispatch);
	wire_journal_close(journal);
	json_decref(config);
	talloc_free(ctx);
	return good ? 0 : 1;
}
