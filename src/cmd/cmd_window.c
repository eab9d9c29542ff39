/* cmd_window.c - purr window: is a channel open at an instant, until when,
 * when next, and by which rule.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/zone.h"
#include "cmd/cmd.h"
#include "cmd/place.h"
#include "cmd/window_line.h"
#include "gate/window.h"

static const char help[] =
"usage: purr window --rules PACK --channel CHANNEL --zone ZONE [--at TIME]\n"
"                   [--party PARTY] [--role ROLE] [--region REGION]\n"
"       purr window --from FILE\n"
"\n"
"Says whether a debtor in time zone ZONE may be contacted over CHANNEL (email,\n"
"sms, letter, call) at TIME (default: now), until when, when next, and which\n"
"rules of the pack say so.  Hours and holidays only: caps, gaps and opt-outs\n"
"depend on the debtor and are asked by 'purr explain'.\n"
"\n"
"  --rules PACK      a rule pack, by name: dk, no, se, fi, de, gb, us\n"
"  --party PARTY     consumer (default), business, public\n"
"  --role ROLE       own (default), third_party\n"
"  --region REGION   a region of the pack, where it has some\n"
"  --from FILE       questions as JSON lines, '-' for standard input:\n"
"     {\"id\":1,\"pack\":\"dk\",\"channel\":\"sms\",\"zone\":\"Europe/Copenhagen\",\n"
"      \"at\":\"2026-12-24T10:00:00Z\"}       (one line; party, role, region too)\n"
"  --json            the answer as a JSON line, as --from writes them\n"
"\n"
"Answers are half open: from next_open on, until right before closes.  A letter\n"
"is always open.  Packs come from DIR/schedules of the workspace, or from what\n"
"travels inside the program.  With --from, a line that cannot be answered gives\n"
"an \"error\" and an exit code of 1 at the end.\n";

#define RULES_PER_ANSWER_MAX 2
#define READ_BYTES 65536

struct question {
	const struct place	*place;
	const struct zone	*zone;
	enum channel		 channel;
	enum party		 party;
	enum role		 role;
	instant_t		 at;
};

struct answer {
	bool			 allowed;
	bool			 opens;		/* next_open is real */
	bool			 bound;		/* hours bind: closes is real */
	instant_t		 next_open, closes;
	const struct rule	*rules[RULES_PER_ANSWER_MAX];
	int			 rule_count;
	const char		*event;
};

/* Names are asked line after line: the last ones are remembered. */
struct desk {
	struct cmd		*cmd;
	struct place_shelf	 shelf;
	struct str		 spare, out;
	const struct zone	*zone;		/* of zone_word */
	char			 zone_word[WINDOW_WORD_BYTES];
	const struct place	*place;		/* of its pack and region words */
	char			 pack_word[WINDOW_WORD_BYTES];
	char			 region_word[WINDOW_WORD_BYTES];
	bool			 failed;	/* some line was not answered */
};

/* --- asking ----------------------------------------------------------------- */

static bool places_find(struct desk *d, const struct window_line *line, struct err *err)
{
	if (d->place == NULL || strcmp(d->pack_word, line->pack) != 0 ||
	    strcmp(d->region_word, line->region) != 0) {
		d->place = place_find(&d->shelf, line->pack, line->region, err);
		memcpy(d->pack_word, line->pack, sizeof(d->pack_word));
		memcpy(d->region_word, line->region, sizeof(d->region_word));
	}
	if (d->zone == NULL || strcmp(d->zone_word, line->zone) != 0) {
		d->zone = zone_find(line->zone, err);
		memcpy(d->zone_word, line->zone, sizeof(d->zone_word));
	}
	return d->place != NULL && d->zone != NULL;
}

static bool question_read(struct desk *d, const struct window_line *line,
    struct question *q, struct err *err)
{
	*q = (struct question){ .party = PARTY_CONSUMER, .role = ROLE_OWN };
	if (!channel_parse(line->channel, &q->channel))
		return err_set(err, ERR_INPUT, "'%s' is not a channel; give email, sms, "
		    "letter or call", line->channel);
	if (line->party[0] != '\0' && !party_parse(line->party, &q->party))
		return err_set(err, ERR_INPUT, "'%s' is not a party; give consumer, "
		    "business or public", line->party);
	if (line->role[0] != '\0' && !role_parse(line->role, &q->role))
		return err_set(err, ERR_INPUT, "'%s' is not a role; give own or "
		    "third_party", line->role);
	if (!instant_parse(line->at, &q->at, err) || !places_find(d, line, err))
		return false;
	q->place = d->place;
	q->zone = d->zone;
	return true;
}

static bool answer_find(const struct question *q, struct answer *out, struct err *err)
{
	const struct pack *pack = q->place->pack;
	const day_t day = zone_local(q->zone, q->at).day;
	const struct hours_rule *hours = pack_hours(pack, q->channel, q->party, q->role,
	    q->place->region, day);
	const struct holiday_rule *holiday = NULL;
	struct window_state w;

	*out = (struct answer){ .allowed = true, .opens = true, .next_open = q->at,
	    .event = "" };
	if (hours == NULL)
		return q->channel == CHANNEL_LETTER || err_set(err, ERR_INPUT,
		    "%s: has no hours for this channel, so it stays closed", pack->name);
	window_ask(q->place->calendar, q->zone, q->at, &w);
	*out = (struct answer){ .allowed = w.open, .opens = w.opens_again, .bound = true,
	    .next_open = w.next_open, .closes = w.closes_at, .event = w.event };
	out->rules[out->rule_count++] = &hours->rule;
	if (!w.open && (w.kind == CALENDAR_HOLIDAY || w.kind == CALENDAR_AS_SUNDAY))
		holiday = pack_holiday(pack, w.kind == CALENDAR_AS_SUNDAY, q->party, q->role,
		    q->place->region, day);
	if (holiday != NULL)
		out->rules[out->rule_count++] = &holiday->rule;
	return true;
}

/* --- writing ---------------------------------------------------------------- */

static void put_instant(struct str *s, bool there, instant_t at)
{
	char text[INSTANT_TEXT_BYTES];

	if (!there) {
		str_put(s, "null");
		return;
	}
	str_putc(s, '"');
	str_put(s, instant_text(at, text));
	str_putc(s, '"');
}

/* Ids of rules hold nothing that JSON would want escaped, but a pack is a
 * file of the user's: quotes and backslashes are escaped all the same. */
static void put_string(struct str *s, const char *text)
{
	static const char odd[] = "\"\\"
	    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	    "\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";

	str_putc(s, '"');
	for (;;) {
		const size_t plain = strcspn(text, odd);

		str_putn(s, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		if ((unsigned char)*text < 0x20)
			str_printf(s, "\\u%04x", (unsigned)(unsigned char)*text++);
		else
			str_printf(s, "\\%c", *text++);
	}
	str_putc(s, '"');
}

static void put_answer(struct str *s, struct view id, const struct answer *a)
{
	str_put(s, "{\"id\":");
	str_putn(s, id.at, id.len);
	str_put(s, a->allowed ? ",\"allowed\":true,\"next_open\":"
	    : ",\"allowed\":false,\"next_open\":");
	put_instant(s, a->opens, a->next_open);
	str_put(s, ",\"closes\":");
	put_instant(s, a->allowed && a->bound, a->closes);
	str_put(s, ",\"rules\":[");
	for (int i = 0; i < a->rule_count; i++) {
		if (i > 0)
			str_putc(s, ',');
		put_string(s, a->rules[i]->id);
	}
	str_put(s, "]}\n");
}

static void print_local(const struct zone *zone, instant_t at)
{
	const struct local_time local = zone_local(zone, at);
	char text[INSTANT_TEXT_BYTES], day[DAY_TEXT_BYTES];

	printf("%s (%s %02d:%02d local time)\n", instant_text(at, text),
	    day_text(local.day, day), (int)local.second / 3600, (int)local.second / 60 % 60);
}

static void print_answer(const struct question *q, const struct answer *a)
{
	printf("%s: %s in %s\n", a->allowed ? "open" : "closed", channel_name(q->channel),
	    zone_name(q->zone));
	if (a->event[0] != '\0')
		printf("day:    %s\n", a->event);
	if (!a->allowed && a->opens) {
		printf("opens:  ");
		print_local(q->zone, a->next_open);
	} else if (!a->opens) {
		printf("opens:  not within %d days\n", CONTACT_LOOKAHEAD_DAYS_MAX);
	}
	if (a->allowed && a->bound) {
		printf("closes: ");
		print_local(q->zone, a->closes);
	}
	for (int i = 0; i < a->rule_count; i++)
		printf("rule:   %s (%s) %s\n        source: %s\n", a->rules[i]->id,
		    a->rules[i]->confidence, a->rules[i]->says, a->rules[i]->source);
	if (a->rule_count == 0)
		printf("rule:   none: no hours bind this channel\n");
	printf("        time zone data %s. %s\n", zone_data_version(), q->place->pack->notice);
}

/* --- one question ----------------------------------------------------------- */

static bool word_take(struct cmd *cmd, const char *option, char out[WINDOW_WORD_BYTES],
    const char *fallback)
{
	const char *text = cmd_option(cmd, option);

	if (text == NULL)
		text = fallback;
	if (text == NULL) {
		cmd_usage(cmd, "%s is missing", option);
		return false;
	}
	if (strlen(text) >= WINDOW_WORD_BYTES) {
		cmd_usage(cmd, "the value of %s is too long", option);
		return false;
	}
	(void)snprintf(out, WINDOW_WORD_BYTES, "%s", text);
	return true;
}

static int one_answer(struct desk *d)
{
	struct cmd *cmd = d->cmd;
	struct window_line line = { .id = view_of("null") };
	struct err err = { 0 };
	struct question q;
	struct answer a;

	if (!word_take(cmd, "--rules", line.pack, NULL) ||
	    !word_take(cmd, "--channel", line.channel, NULL) ||
	    !word_take(cmd, "--zone", line.zone, NULL) ||
	    !word_take(cmd, "--party", line.party, "") ||
	    !word_take(cmd, "--role", line.role, "") ||
	    !word_take(cmd, "--region", line.region, "") ||
	    !cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	(void)instant_text(cmd->now, line.at);
	if (!question_read(d, &line, &q, &err) || !answer_find(&q, &a, &err))
		return cmd_fail(cmd, &err);
	if (!cmd->json) {
		print_answer(&q, &a);
		return EXIT_DONE;
	}
	put_answer(&d->out, line.id, &a);
	must(str_ok(&d->out));
	fputs(d->out.at, stdout);
	return EXIT_DONE;
}

/* --- many questions --------------------------------------------------------- */

static void out_flush(struct desk *d)
{
	(void)fwrite(d->out.at, 1, d->out.len, stdout);
	str_clear(&d->out);
}

static void line_answer(struct desk *d, struct view text)
{
	struct window_line line = { .id = view_of("null") };
	struct err err = { 0 };
	struct question q;
	struct answer a;

	if (view_trim(text).len == 0)
		return;
	if (window_line_read(text, &d->spare, &line, &err) &&
	    question_read(d, &line, &q, &err) && answer_find(&q, &a, &err)) {
		put_answer(&d->out, line.id, &a);
	} else {
		str_put(&d->out, "{\"id\":");
		str_putn(&d->out, line.id.at, line.id.len);
		str_put(&d->out, ",\"error\":");
		put_string(&d->out, err.text);
		str_put(&d->out, "}\n");
		d->failed = true;
	}
	if (d->out.len > READ_BYTES)
		out_flush(d);
}

/* Lines of a stream; one that is too long is answered by its first part,
 * which is no JSON object, and its rest is skipped. */
static void stream_answer(struct desk *d, FILE *f)
{
	char *text = talloc_array(d->cmd->ctx, char, READ_BYTES + WINDOW_LINE_BYTES_MAX);
	size_t kept = 0, got;
	bool skipping = false;

	must(text != NULL);
	while ((got = fread(text + kept, 1, READ_BYTES, f)) > 0) {
		char *line = text, *end = text + kept + got, *stop;

		while ((stop = memchr(line, '\n', (size_t)(end - line))) != NULL) {
			if (!skipping)
				line_answer(d, (struct view){ line, (size_t)(stop - line) });
			skipping = false;
			line = stop + 1;
		}
		kept = skipping ? 0 : (size_t)(end - line);
		if (kept >= WINDOW_LINE_BYTES_MAX) {
			line_answer(d, (struct view){ line, WINDOW_LINE_BYTES_MAX });
			skipping = true;
			kept = 0;
		}
		memmove(text, line, kept);
	}
	if (kept > 0 && !skipping)
		line_answer(d, (struct view){ text, kept });
	out_flush(d);
}

static int many_answers(struct desk *d, const char *path)
{
	const bool standard = strcmp(path, "-") == 0;
	struct err err = { 0 };
	FILE *f = standard ? stdin : fopen(path, "rbe");

	if (f == NULL) {
		err_set(&err, ERR_INPUT, "%s: %s", path, strerror(errno));
		return cmd_fail(d->cmd, &err);
	}
	stream_answer(d, f);
	if (ferror(f))
		err_set(&err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (!standard)
		(void)fclose(f);
	if (fflush(stdout) != 0 || ferror(stdout))
		err_set(&err, ERR_SYSTEM, "standard output: %s", strerror(errno));
	if (!err_is_set(&err) && d->failed)
		err_set(&err, ERR_INPUT, "some lines could not be answered; see their \"error\"");
	return err_is_set(&err) ? cmd_fail(d->cmd, &err) : EXIT_DONE;
}

int cmd_window(struct cmd *cmd)
{
	struct desk d = { .cmd = cmd };
	const char *from;

	cmd->help = help;
	if (cmd_flag(cmd, "--help")) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	place_shelf_init(&d.shelf, cmd->ctx, cmd->workspace);
	str_init(&d.spare, cmd->ctx, 4 * WINDOW_LINE_BYTES_MAX);
	str_init(&d.out, cmd->ctx, 4 * READ_BYTES);
	from = cmd_option(cmd, "--from");
	if (from == NULL)
		return one_answer(&d);
	return cmd_operands(cmd, 0, 0) ? many_answers(&d, from) : EXIT_USAGE;
}
