/* cmd_plan.c - purr plan, purr send, purr run: one pass each, or both. */
#include <inttypes.h>
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/zone.h"
#include "cmd/desk.h"
#include "engine/plan_run.h"
#include "engine/send_run.h"
#include "store/outbox.h"

static const char plan_help[] =
"usage: purr plan [-C DIR] [--at TIME] [--dry-run] [--json]\n"
"\n"
"Looks at each debtor whose time has come and decides: a contact, or a wait\n"
"with its reason.  Safe to run every minute: what is planned is not planned\n"
"again, what was missed is caught up with at most one message per debtor.\n"
"Where far more people than usual would be contacted, nothing is planned and the\n"
"exit code is 1: 'purr approve' lets it go on.\n";

static const char send_help[] =
"usage: purr send [-C DIR] [--at TIME] [--worker NAME] [--dry-run] [--json]\n"
"\n"
"Sends the contacts whose time has come.  Balance, holds, consent and contact\n"
"hours are read again right before; what no longer stands is dropped.\n"
"What waits for approval stays.\n";

static const char run_help[] =
"usage: purr run [-C DIR] [--at TIME] [--worker NAME] [--dry-run] [--json]\n"
"\n"
"One plan pass, then one send pass.\n";

static void print_plan(const struct cmd *cmd, const struct plan_summary *s)
{
	if (cmd->json)
		return;
	printf("%s%" PRId64 " debtors looked at: %" PRId64 " contacts planned, %" PRId64
	    " wait, %" PRId64 " invoices handed over\n", cmd->dry_run ? "dry run: " : "",
	    s->looked_at, s->contacts, s->waiting, s->handed_over);
	if (s->failed > 0)
		printf("%" PRId64 " debtors could not be planned: a task says why, and they are "
		    "looked at again in an hour\n", s->failed);
	if (s->unapproved > 0)
		printf("%" PRId64 " of the contacts wait for approval: 'purr approve --list'\n",
		    s->unapproved);
}

static void print_send(const struct cmd *cmd, const struct send_summary *s)
{
	if (cmd->json)
		return;
	printf("%s%" PRId64 " sent, %" PRId64 " later, %" PRId64 " failed, %" PRId64
	    " unknown; %" PRId64 " postponed, %" PRId64 " dropped\n",
	    cmd->dry_run ? "dry run: " : "", s->sent, s->later, s->failed, s->unknown,
	    s->postponed, s->dropped);
	if (s->recovered > 0)
		printf("%" PRId64 " left by a worker that died were sorted out first\n",
		    s->recovered);
	if (s->reconciled > 0)
		printf("%" PRId64 " in doubt were settled by asking their provider\n", s->reconciled);
}

/* What waits for its hour, so that "0 sent" is no riddle. */
static bool print_planned(struct engine *e, struct err *err)
{
	const char *name = e->cfg->creditor_count > 0 ?
	    e->cfg->creditors[0].text[CREDITOR_ZONE] : "UTC";
	const struct zone *zone = zone_find(name, err);
	char day[DAY_TEXT_BYTES];
	struct local_time local;
	int64_t count;
	instant_t first;

	if (zone == NULL || !outbox_planned(e->store, &count, &first, err))
		return false;
	if (count == 0)
		return true;
	local = zone_local(zone, first);
	printf(count == 1 ? "%" PRId64 " message is planned, for %s %02d:%02d (%s)\n" :
	    "%" PRId64 " messages are planned, the first for %s %02d:%02d (%s)\n", count,
	    day_text(local.day, day), (int)(local.second / 3600),
	    (int)(local.second / 60 % 60), name);
	return true;
}

static json_t *plan_json(const struct plan_summary *s)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "looked_at", (json_int_t)s->looked_at,
	    "contacts", (json_int_t)s->contacts, "waiting", (json_int_t)s->waiting,
	    "nothing", (json_int_t)s->nothing, "handed_over", (json_int_t)s->handed_over,
	    "failed", (json_int_t)s->failed, "rows_written", (json_int_t)s->rows_written);
}

static json_t *send_json(const struct send_summary *s)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "sent", (json_int_t)s->sent,
	    "later", (json_int_t)s->later, "failed", (json_int_t)s->failed,
	    "unknown", (json_int_t)s->unknown, "postponed", (json_int_t)s->postponed,
	    "dropped", (json_int_t)s->dropped, "recovered", (json_int_t)s->recovered,
	    "reconciled", (json_int_t)s->reconciled);
}

enum passes { PASS_PLAN = 1, PASS_SEND = 2 };

static int run(struct cmd *cmd, unsigned passes, const char *help)
{
	struct plan_summary plan = { 0 };
	struct send_summary send = { 0 };
	struct err err = { 0 };
	const char *worker;
	struct engine *e;
	json_auto_t *out = json_object();

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	worker = (passes & PASS_SEND) != 0 ? cmd_worker(cmd) : "main";
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if ((passes & PASS_PLAN) != 0) {
		if (!plan_run(e, cmd->now, cmd->dry_run, &plan, &err))
			return cmd_fail(cmd, &err);
		print_plan(cmd, &plan);
		json_object_set_new(out, "plan", plan_json(&plan));
	}
	if ((passes & PASS_SEND) != 0) {
		if (!cmd->now_given)
			cmd->now = clock_now();		/* planning took its time */
		if (!send_run(e, worker, cmd->now, cmd->dry_run, &send, &err))
			return cmd_fail(cmd, &err);
		print_send(cmd, &send);
		json_object_set_new(out, "send", send_json(&send));
	}
	if (cmd->json)
		cmd_print_json(json_incref(out));
	else if (!cmd->dry_run && !print_planned(e, &err))
		return cmd_fail(cmd, &err);
	if (send.closed[0] == '\0')
		return EXIT_DONE;
	err_set(&err, ERR_INPUT, "%s", send.closed);
	return cmd_fail(cmd, &err);
}

int cmd_plan(struct cmd *cmd)
{
	return run(cmd, PASS_PLAN, plan_help);
}

int cmd_send(struct cmd *cmd)
{
	return run(cmd, PASS_SEND, send_help);
}

int cmd_run(struct cmd *cmd)
{
	return run(cmd, PASS_PLAN | PASS_SEND, run_help);
}
