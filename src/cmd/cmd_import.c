/* cmd_import.c - purr import: a file of invoices, debtors or payments. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include "cmd/desk.h"
#include "cmd/profile_file.h"
#include "engine/intake_run.h"

static const char help[] =
"usage: purr import invoices|debtors|payments FILE --map PROFILE [-C DIR]\n"
"                   [--skip-rejected] [--dry-run] [--at TIME] [--json]\n"
"\n"
"Reads a CSV file by a column mapping (docs/import.md).  A file with a rejected\n"
"row changes nothing, unless --skip-rejected leaves such rows out.  The same\n"
"file twice changes nothing; a changed row updates.\n";

static json_t *faults_json(const struct intake_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->fault_count; i++)
		json_array_append_new(list, json_pack("{s:i, s:s, s:s, s:s}",
		    "line", r->faults[i].line, "column", r->faults[i].column,
		    "value_class", r->faults[i].value_class, "reason", r->faults[i].reason));
	return list;
}

static void print_summary(const struct cmd *cmd, const struct intake_result *r,
    const struct intake_summary *s)
{
	if (cmd->json) {
		cmd_print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
		    "rows", (json_int_t)r->read_count, "new", (json_int_t)s->fresh,
		    "changed", (json_int_t)s->changed, "unchanged", (json_int_t)s->unchanged,
		    "closed", (json_int_t)s->closed, "unmatched", (json_int_t)s->unmatched,
		    "rejected", (json_int_t)r->rejected_count, "faults", faults_json(r)));
		return;
	}
	printf("%s%zu rows: %" PRId64 " new, %" PRId64 " changed, %" PRId64 " unchanged, "
	    "%zu rejected\n", cmd->dry_run ? "dry run, nothing is written: " : "",
	    r->read_count, s->fresh, s->changed, s->unchanged, r->rejected_count);
	if (s->closed > 0)
		printf("%" PRId64 " invoices left the ledger and were closed\n", s->closed);
	if (s->unmatched > 0)
		printf("%" PRId64 " payments wait for a person: they fit no open invoice\n",
		    s->unmatched);
	if (r->phone_doubt_count > 0)
		printf("%zu telephone numbers are in no range known to be given out\n",
		    r->phone_doubt_count);
}

static bool read_file(struct cmd *cmd, const char *path, const struct profile *profile,
    struct intake_result *rows, struct err *err)
{
	switch (profile->what) {
	case INTAKE_INVOICES:
		return intake_invoices(cmd->ctx, path, profile, rows, err);
	case INTAKE_DEBTORS:
		return intake_debtors(cmd->ctx, path, profile, rows, err);
	case INTAKE_PAYMENTS:
		return intake_payments(cmd->ctx, path, profile, rows, err);
	case INTAKE_WHATS:
		break;
	}
	return false;
}

static int import(struct cmd *cmd, enum intake_what what, const char *path,
    const char *map, bool skip)
{
	struct intake_summary sum = { 0 };
	struct intake_result rows = { 0 };
	char hash[HASH_HEX_BYTES], file_hash[HASH_HEX_BYTES];
	struct err err = { 0 };
	struct profile *profile;
	struct engine *e;

	profile = profile_file_read(cmd->ctx, map, what, hash, &err);
	if (profile == NULL || !read_file(cmd, path, profile, &rows, &err))
		return cmd_fail(cmd, &err);
	profile_file_print_faults(path, &rows);
	if (rows.rejected_count > 0 && !skip) {
		err_set(&err, ERR_REFUSED, "%s: %zu of %zu rows are rejected, so nothing is "
		    "imported; mend them or give --skip-rejected", path, rows.rejected_count,
		    rows.read_count);
		return cmd_fail(cmd, &err);
	}
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!sha256_file_hex(path, file_hash, &err) ||
	    !intake_run(e, profile->creditor, profile, &rows, file_hash, hash, cmd->now,
	    cmd->dry_run, &sum, &err))
		return cmd_fail(cmd, &err);
	print_summary(cmd, &rows, &sum);
	return EXIT_DONE;
}

int cmd_import(struct cmd *cmd)
{
	const char *map;
	bool skip;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	map = cmd_option(cmd, "--map");
	skip = cmd_flag(cmd, "--skip-rejected");
	if (!cmd_operands(cmd, 2, 2))
		return EXIT_USAGE;
	if (map == NULL)
		return cmd_usage(cmd, "give a column mapping: --map PROFILE");
	for (int what = 0; what < INTAKE_WHATS; what++)
		if (strcmp(cmd->argv[0], intake_what_name((enum intake_what)what)) == 0)
			return import(cmd, (enum intake_what)what, cmd->argv[1], map, skip);
	return cmd_usage(cmd, "import invoices, debtors or payments, not '%s'", cmd->argv[0]);
}
