/* cmd_call.c - purr call: an operator says what came of a call. */
#include <stdio.h>

#include <jansson.h>

#include "base/date.h"
#include "base/err.h"
#include "cmd/desk.h"
#include "engine/call_run.h"
#include "engine/settle_run.h"

static const char help[] =
"usage: purr call CONTACT --outcome WORD [--on DAY] [--note TEXT] --by NAME\n"
"                 [-C DIR] [--at TIME] [--json]\n"
"\n"
"Says what came of a call that 'purr tasks' lists.\n"
"\n"
"  reached       it was talked about\n"
"  voicemail     a word was left\n"
"  unreachable   nobody answered: the next way is tried\n"
"  not_received  the invoice never came: quiet, and a task to send it\n"
"  dispute       something is wrong: held until it is answered\n"
"  paid          it has been paid: quiet while the money is looked for\n"
"  promise       it will be paid on the DAY of --on (2026-12-24): quiet until then\n"
"  wrong_person  the number is somebody else's: never called again\n"
"\n"
"Three days without a word, and the call counts as not made.\n";

static bool read_day(struct cmd *cmd, day_t *out, struct err *err)
{
	const char *text = cmd_option(cmd, "--on"), *at = text;

	*out = DAY_NONE;
	return text == NULL || (day_parse_iso(&at, out) && *at == '\0') ||
	    err_set(err, ERR_INPUT, "'%.40s' is not a day; write 2026-12-24", text);
}

int cmd_call(struct cmd *cmd)
{
	struct call_word word = { .note = "" };
	const char *outcome, *note;
	struct engine *e;
	struct err err = { 0 };
	int64_t contact;
	bool ok;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	outcome = cmd_option(cmd, "--outcome");
	note = cmd_option(cmd, "--note");
	word.who = cmd_option(cmd, "--by");
	if (!read_day(cmd, &word.on, &err))
		return cmd_fail(cmd, &err);
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (outcome == NULL || word.who == NULL || !call_outcome_parse(outcome, &word.outcome))
		return cmd_usage(cmd, "give --outcome, one of those that --help lists, and --by");
	if (note != NULL)
		word.note = note;
	if (!settle_reference_parse(cmd->argv[0], &contact))
		return cmd_usage(cmd, "CONTACT is the number that purr tasks shows");
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	ok = store_begin(e->store, &err) && call_told(e, contact, &word, cmd->now, &err) &&
	    store_commit(e->store, &err);
	if (!ok) {
		store_rollback(e->store);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:I, s:s}", "contact", (json_int_t)contact, "outcome",
		    call_outcome_name(word.outcome)));
	else
		printf("contact %lld: %s\n", (long long)contact, call_outcome_name(word.outcome));
	return EXIT_DONE;
}
