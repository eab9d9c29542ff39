/* cmd_replay.c - purr replay LEDGER --map PROFILE: a past ledger day by day. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/env.h"
#include "base/must.h"
#include "cmd/desk.h"
#include "cmd/profile_file.h"
#include "engine/intake_run.h"
#include "engine/policy.h"
#include "engine/replay_run.h"
#include "engine/report_run.h"
#include "engine/summary.h"
#include "engine/workspace.h"
#include "draw/document.h"
#include "measure/tone_report.h"

static const char help[] =
"usage: purr replay LEDGER --map PROFILE [--workspace DIR] [-C DIR] [--json]\n"
"                   [--skip-rejected]\n"
"\n"
"Lives through a past ledger day by day, with its payments on their real days,\n"
"in a scratch workspace that cannot send, and says what purr would have sent,\n"
"held and missed.  --workspace keeps that workspace in DIR (new or empty); else\n"
"it is made in the temporary directory and its place is printed.  With -C the\n"
"settings, schedules and templates of that workspace are used.\n";

struct request {
	struct cmd		*cmd;
	const char		*ledger;
	struct profile		*profile;
	struct intake_result	 rows;
	char			 hash[HASH_HEX_BYTES];	/* of the ledger */
	const char		*dir;
	const char		*page;		/* a page to look at, "" for none */
};

static void progress(void *arg, day_t today, day_t last)
{
	char text[DAY_TEXT_BYTES];

	(void)arg;
	fprintf(stderr, "\r%s%s", day_text(today, text), today == last ? "\n" : "");
}

static bool make_dir(struct request *r, const char *wanted, struct err *err)
{
	const char *tmp = env_text("TMPDIR");
	char *dir;

	if (wanted != NULL) {
		r->dir = wanted;
		return true;
	}
	dir = talloc_asprintf(r->cmd->ctx, "%s/purr-replay-XXXXXX",
	    tmp != NULL && tmp[0] != '\0' ? tmp : P_tmpdir);
	r->dir = mkdtemp(dir);
	return r->dir != NULL || err_set(err, ERR_SYSTEM, "%s: cannot be made", dir);
}

/* The tone report of the creditor's schedule; *out NULL: it has no experiment,
 * or nobody in this ledger could enter it. */
static bool make_tone(struct engine *e, void *ctx, const char *creditor,
    const struct replay_summary *s, json_t **out, struct err *err)
{
	const struct cfg_creditor *settings = intake_settings(e, creditor, err);
	const struct schedule *schedule = settings == NULL ? NULL :
	    policy_schedule(e->policy, settings->text[CREDITOR_SCHEDULE], err);

	*out = NULL;
	if (schedule == NULL || schedule->experiment[0] == '\0')
		return schedule != NULL;
	if (report_tone(e, ctx, schedule->experiment, s->last_on, true, out, err))
		return true;
	if (err->kind != ERR_REFUSED)
		return false;
	err_clear(err);
	return true;
}

/* What to type next; the program by the name that it was called by. */
static void print_next(const struct request *r, const struct replay_summary *s)
{
	char at[INSTANT_TEXT_BYTES];

	printf("\nThe workspace is kept; to see the debtors' pages as of that last day:\n"
	    "  %s serve -C %s --at %s\n", program_invocation_name, r->dir,
	    instant_text(s->ended_at, at));
	if (r->page[0] != '\0')
		printf("and open, for instance,\n  %s\n", r->page);
}

static void print_text(const struct request *r, const struct replay_summary *s,
    const json_t *summary, const json_t *tone)
{
	char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
	struct str text;

	str_init(&text, r->cmd->ctx, SUMMARY_TEXT_BYTES_MAX);
	summary_text(summary, &text);
	printf("Replay of %" PRId64 " days, %s to %s\n", s->days, day_text(s->first_on, first),
	    day_text(s->last_on, last));
	if (s->shifted_weeks > 0)
		printf("All days were moved by %d weeks, so that the rule packs and calendars "
		    "apply; weekdays are true, holidays are those of the new year.\n",
		    s->shifted_weeks);
	fputs(text.at, stdout);
	if (tone != NULL) {
		struct str plain;

		str_init(&plain, r->cmd->ctx, DOCUMENT_BYTES_MAX);
		document_plain(tone_document(r->cmd->ctx, tone, s->ended_at), &plain);
		printf("\n%s", plain.at);
	} else {
		printf("\nNo tone report: nobody in this ledger entered an experiment.\n");
	}
	print_next(r, s);
}

static json_t *whole_json(const struct request *r, const struct replay_summary *s,
    json_t *summary, json_t *tone)
{
	char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];

	return json_pack("{s:s, s:s, s:s, s:I, s:i, s:s, s:o, s:o}", "workspace", r->dir, "first_day",
	    day_text(s->first_on, first), "last_day", day_text(s->last_on, last), "days",
	    (json_int_t)s->days, "shifted_weeks", s->shifted_weeks, "page", r->page,
	    "summary", summary, "tone", tone != NULL ? tone : json_null());
}

static int live(struct request *r)
{
	struct cmd *cmd = r->cmd;
	struct replay_summary sum;
	struct err err = { 0 };
	struct engine *e;
	json_t *summary, *tone;

	if (!workspace_make_scratch(r->dir, cmd->workspace, NULL, r->hash, cmd->now, &err))
		return cmd_fail(cmd, &err);
	e = engine_open(cmd->ctx, r->dir, (struct store_options){ .role = STORE_WRITE,
	    .scratch = true }, &err);
	if (e == NULL || !replay_run(e, r->profile->creditor, r->profile, &r->rows,
	    isatty(STDERR_FILENO) ? progress : NULL, NULL, &sum, &err) ||
	    !summary_make(e, &summary, &err) || !make_tone(e, cmd->ctx, r->profile->creditor, &sum,
	    &tone, &err) || !replay_page(e, cmd->ctx, sum.ended_at, &r->page, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		cmd_print_json(whole_json(r, &sum, summary, tone));
	} else {
		print_text(r, &sum, summary, tone);
		json_decref(summary);
		json_decref(tone);
	}
	return EXIT_DONE;
}

int cmd_replay(struct cmd *cmd)
{
	struct request r = { .cmd = cmd };
	char profile_hash[HASH_HEX_BYTES];
	const char *map, *wanted;
	struct err err = { 0 };
	bool skip;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	map = cmd_option(cmd, "--map");
	wanted = cmd_option(cmd, "--workspace");
	skip = cmd_flag(cmd, "--skip-rejected");
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (map == NULL)
		return cmd_usage(cmd, "give a column mapping: --map PROFILE");
	r.ledger = cmd->argv[0];
	r.profile = profile_file_read(cmd->ctx, map, INTAKE_INVOICES, profile_hash, &err);
	if (r.profile == NULL || !sha256_file_hex(r.ledger, r.hash, &err) ||
	    !intake_invoices(cmd->ctx, r.ledger, r.profile, &r.rows, &err))
		return cmd_fail(cmd, &err);
	profile_file_print_faults(r.ledger, &r.rows);
	if (r.rows.rejected_count > 0 && !skip) {
		err_set(&err, ERR_REFUSED, "%s: %zu of %zu rows are rejected; mend them or give "
		    "--skip-rejected", r.ledger, r.rows.rejected_count, r.rows.read_count);
		return cmd_fail(cmd, &err);
	}
	if (!make_dir(&r, wanted, &err))
		return cmd_fail(cmd, &err);
	return live(&r);
}
