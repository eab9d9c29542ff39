/* cmd_tasks.c - purr tasks: what needs a person. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/must.h"
#include "base/zone.h"
#include "cmd/desk.h"
#include "engine/task_run.h"

static const char help[] =
"usage: purr tasks [--debtor ID] [-C DIR] [--json]\n"
"       purr tasks --done NUMBER [--by NAME] [-C DIR] [--at TIME] [--json]\n"
"\n"
"Lists what needs a person, oldest first: what debtors wrote on their pages,\n"
"claims at the end of the ladder, debtors who cannot be reached.  Most tasks\n"
"end by what you do about them (purr release, allocate, resolve); --done ticks\n"
"one off and changes nothing else: a hold stays until it is released.\n";

/* What a debtor wrote may hold line ends; here each task is one line of text. */
static void print_text(const char *text)
{
	fputs("    ", stdout);
	for (; *text != '\0'; text++)
		if (*text != '\r')
			putchar(*text == '\n' ? ' ' : *text);
	putchar('\n');
}

static void print_task(const struct task_record *t)
{
	const struct zone *zone = zone_find(t->zone, NULL);
	char day[DAY_TEXT_BYTES], at[INSTANT_TEXT_BYTES];

	printf("%" PRId64 "  ", t->id);
	if (zone != NULL) {
		const struct local_time local = zone_local(zone, t->made_at);

		printf("%s %02d:%02d", day_text(local.day, day), (int)(local.second / 3600),
		    (int)(local.second / 60 % 60));
	} else {
		fputs(instant_text(t->made_at, at), stdout);
	}
	printf("  %s", t->kind);
	if (t->debtor_id != 0)
		printf("  %s (%s)", t->debtor, t->name);
	if (t->contact_id != 0)
		printf(", contact:%" PRId64, t->contact_id);
	putchar('\n');
	print_text(t->text);
}

static json_t *text_or_null(const char *text, bool is)
{
	return is ? json_string(text) : json_null();
}

static json_t *task_json(const struct task_record *t)
{
	char at[INSTANT_TEXT_BYTES];

	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", (json_int_t)t->id,
	    "kind", t->kind, "text", t->text, "made_at", instant_text(t->made_at, at),
	    "creditor", t->creditor, "debtor", text_or_null(t->debtor, t->debtor_id != 0),
	    "name", text_or_null(t->name, t->debtor_id != 0), "contact",
	    t->contact_id != 0 ? json_integer(t->contact_id) : json_null());
}

static int list(struct cmd *cmd, struct engine *e, const char *debtor)
{
	struct err err = { 0 };
	struct task_record *tasks;
	json_t *rows;
	size_t n;

	if (!tasks_open(e, cmd->ctx, debtor, &tasks, &n, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		rows = json_array();
		for (size_t i = 0; i < n; i++)
			must(json_array_append_new(rows, task_json(&tasks[i])) == 0);
		cmd_print_json(json_pack("{s:o}", "tasks", rows));
		return EXIT_DONE;
	}
	for (size_t i = 0; i < n; i++)
		print_task(&tasks[i]);
	printf(n == 1 ? "%zu task\n" : "%zu tasks\n", n);
	return EXIT_DONE;
}

static int tick_off(struct cmd *cmd, const char *number, const char *who)
{
	struct err err = { 0 };
	struct engine *e;
	char *end;
	const long long id = strtoll(number, &end, 10);

	if (number[0] < '0' || number[0] > '9' || *end != '\0')
		return cmd_usage(cmd, "--done takes the number of a task, not '%s'", number);
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!task_end(e, id, who, cmd->now, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:I}", "done", (json_int_t)id));
	else
		printf("task %lld is done\n", id);
	return EXIT_DONE;
}

int cmd_tasks(struct cmd *cmd)
{
	const char *debtor, *done, *who;
	struct engine *e;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	debtor = cmd_option(cmd, "--debtor");
	done = cmd_option(cmd, "--done");
	who = cmd_option(cmd, "--by");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (done != NULL && debtor != NULL)
		return cmd_usage(cmd, "give --done or --debtor, not both");
	if (done == NULL && who != NULL)
		return cmd_usage(cmd, "--by says who has done it: give --done, too");
	if (done != NULL)
		return tick_off(cmd, done, who != NULL ? who : "operator");
	e = cmd_engine(cmd, STORE_READ);
	return e != NULL ? list(cmd, e, debtor) : EXIT_REFUSED;
}
