/* cmd_import.c - purr import: files of invoices, debtors or payments. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "cmd/desk.h"
#include "cmd/profile_file.h"
#include "engine/intake_run.h"
#include "intake/table.h"

static const char help[] =
"usage: purr import invoices|debtors|payments FILE... --map PROFILE [-C DIR]\n"
"                   [--skip-rejected] [--dry-run] [--at TIME] [--json]\n"
"\n"
"Reads CSV files by a column mapping (docs/import.md).  A rejected row in any of\n"
"them changes nothing, unless --skip-rejected leaves such rows out.  The same\n"
"file twice changes nothing; a changed row updates.  Several files are booked in\n"
"the order in which they are named, all or none.\n";

#define FILES_MAX 1000

struct importing {
	struct cmd		*cmd;
	const struct profile	*profile;
	char			**paths;
	struct intake_file	*files;
	size_t			 count;
	size_t			 read, rejected, doubtful;	/* rows of all files */
	struct intake_summary	 sum;
};

static json_t *faults_json(const struct importing *m)
{
	json_t *list = json_array();

	for (size_t k = 0; k < m->count; k++) {
		const struct intake_result *r = &m->files[k].rows;

		for (size_t i = 0; i < r->fault_count; i++)
			json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:s}",
			    "file", m->paths[k], "line", r->faults[i].line,
			    "column", r->faults[i].column,
			    "value_class", r->faults[i].value_class,
			    "reason", r->faults[i].reason));
	}
	return list;
}

static void print_json(const struct importing *m)
{
	const struct intake_summary *s = &m->sum;

	cmd_print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
	    "rows", (json_int_t)m->read, "new", (json_int_t)s->fresh,
	    "changed", (json_int_t)s->changed, "unchanged", (json_int_t)s->unchanged,
	    "closed", (json_int_t)s->closed, "unmatched", (json_int_t)s->unmatched,
	    "rejected", (json_int_t)m->rejected, "faults", faults_json(m)));
}

static void print_summary(const struct importing *m)
{
	const struct intake_summary *s = &m->sum;

	printf("%s%zu rows: %" PRId64 " new, %" PRId64 " changed, %" PRId64 " unchanged, "
	    "%zu rejected\n", m->cmd->dry_run ? "dry run, nothing is written: " : "",
	    m->read, s->fresh, s->changed, s->unchanged, m->rejected);
	if (s->closed > 0)
		printf("%" PRId64 " invoices left the ledger and were closed\n", s->closed);
	if (s->unmatched > 0)
		printf("%" PRId64 " payments wait for a person: they fit no open invoice (purr tasks)\n",
		    s->unmatched);
	if (s->found > 0)
		printf("%" PRId64 " payments that had waited found their invoice\n", s->found);
	if (m->doubtful > 0)
		printf("%zu telephone numbers are in no range known to be given out\n",
		    m->doubtful);
}

static bool read_file(struct importing *m, size_t i, struct err *err)
{
	struct intake_result *rows = &m->files[i].rows;
	void *ctx = m->cmd->ctx;

	switch (m->profile->what) {
	case INTAKE_INVOICES:
		return intake_invoices(ctx, m->paths[i], m->profile, rows, err);
	case INTAKE_DEBTORS:
		return intake_debtors(ctx, m->paths[i], m->profile, rows, err);
	case INTAKE_PAYMENTS:
		return intake_payments(ctx, m->paths[i], m->profile, rows, err);
	case INTAKE_WHATS:
		break;
	}
	return false;
}

/* All files are in memory at once, so they share the limit of one. */
static bool read_files(struct importing *m, struct err *err)
{
	for (size_t i = 0; i < m->count; i++) {
		if (!read_file(m, i, err) ||
		    !sha256_file_hex(m->paths[i], m->files[i].hash, err))
			return false;
		m->read += m->files[i].rows.read_count;
		m->doubtful += m->files[i].rows.phone_doubt_count;
		if (m->read > TABLE_ROWS_MAX)
			return err_set(err, ERR_INPUT, "%s: more than %d rows with the files "
			    "before it: import them one after the other", m->paths[i],
			    TABLE_ROWS_MAX);
	}
	return true;
}

static int report(struct importing *m, bool skip)
{
	struct err err = { 0 };

	for (size_t i = 0; i < m->count; i++) {
		profile_file_print_faults(m->paths[i], &m->files[i].rows);
		m->rejected += m->files[i].rows.rejected_count;
	}
	if (m->cmd->json)
		print_json(m);
	if (m->rejected == 0 || skip) {
		if (!m->cmd->json)
			print_summary(m);
		return EXIT_DONE;
	}
	err_set(&err, ERR_REFUSED, "%s%s%zu of %zu rows are rejected, so nothing is "
	    "imported; mend them or give --skip-rejected", m->count == 1 ? m->paths[0] : "",
	    m->count == 1 ? ": " : "", m->rejected, m->read);
	return cmd_fail(m->cmd, &err);
}

static int import(struct importing *m, enum intake_what what, const char *map, bool skip)
{
	struct intake_orders orders = { .skip_rejected = skip, .dry = m->cmd->dry_run,
	    .now = m->cmd->now };
	char hash[HASH_HEX_BYTES];
	struct err err = { 0 };
	struct engine *e;

	m->profile = profile_file_read(m->cmd->ctx, map, what, hash, &err);
	m->files = talloc_zero_array(m->cmd->ctx, struct intake_file, (unsigned)m->count);
	must(m->files != NULL);
	if (m->profile == NULL || !read_files(m, &err))
		return cmd_fail(m->cmd, &err);
	e = cmd_engine(m->cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	orders.profile = m->profile;
	orders.profile_hash = hash;
	if (!intake_run(e, m->cmd->ctx, &orders, m->files, m->count, &m->sum, &err))
		return cmd_fail(m->cmd, &err);
	return report(m, skip);
}

int cmd_import(struct cmd *cmd)
{
	struct importing m = { .cmd = cmd };
	const char *map;
	bool skip;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	map = cmd_option(cmd, "--map");
	skip = cmd_flag(cmd, "--skip-rejected");
	if (!cmd_operands(cmd, 2, FILES_MAX + 1))
		return EXIT_USAGE;
	if (map == NULL)
		return cmd_usage(cmd, "give a column mapping: --map PROFILE");
	m.paths = cmd->argv + 1;
	m.count = (size_t)cmd->argc - 1;
	for (int what = 0; what < INTAKE_WHATS; what++)
		if (strcmp(cmd->argv[0], intake_what_name((enum intake_what)what)) == 0)
			return import(&m, (enum intake_what)what, map, skip);
	return cmd_usage(cmd, "import invoices, debtors or payments, not '%s'", cmd->argv[0]);
}
