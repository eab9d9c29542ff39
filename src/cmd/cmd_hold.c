/* cmd_hold.c - purr hold, release, pause, resume, resolve: what a person
 * decides about who is contacted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "cmd/desk.h"
#include "engine/intake_run.h"
#include "engine/letter_fate.h"
#include "engine/outcome.h"
#include "engine/settle_run.h"

#define WHO "operator"

static const char hold_help[] =
"usage: purr hold --invoice NUMBER | --debtor ID | --case ID\n"
"                 [--creditor ID] [--type TYPE] [--until DAY] [--reason TEXT]\n"
"                 [--by NAME] [-C DIR] [--at TIME] [--json]\n"
"\n"
"Stops reminders; what is planned is dropped.  Ids are the ledger's, but a\n"
"case's is purr's.  It ends after DAY (2026-12-24), or when it is released.\n"
"\n"
"  TYPE   manual (also when not given), dispute, paid_claimed, promise, plan,\n"
"         hardship, wrong_person, legal, bank_stale\n";

static const char release_help[] =
"usage: purr release HOLD | --invoice NUMBER | --debtor ID | --case ID\n"
"                    [--creditor ID] [--by NAME] [-C DIR] [--at TIME] [--json]\n"
"\n"
"Ends a hold: HOLD is its number, or the receipt number that the debtor was\n"
"given (P-000123).  With an option: all holds on that invoice, debtor or case\n"
"itself.  The next step waits for the schedule's resume_days.\n";

static const char pause_help[] =
"usage: purr pause [--creditor ID] [--until DAY] [--reason TEXT] [--by NAME]\n"
"                  [-C DIR] [--at TIME] [--json]\n"
"\n"
"Stops all reminders of a creditor, or of every creditor in purr.conf.\n";

static const char resume_help[] =
"usage: purr resume [--creditor ID] [--by NAME] [-C DIR] [--at TIME] [--json]\n"
"\n"
"Ends what 'purr pause' began.\n";

static const char resolve_help[] =
"usage: purr resolve CONTACT --sent | --not-sent [--by NAME] [-C DIR] [--at TIME]\n"
"                    [--json]\n"
"\n"
"Says what became of a message whose outcome nobody knows (the connection broke\n"
"at the wrong moment).  purr never sends such a message again by itself, and\n"
"contacts the debtor no further until this is said.  --sent: its step is taken,\n"
"its fee booked.  --not-sent: the step is free again; also of a letter that lies\n"
"with the print house and will not be printed ('purr tasks' tells).\n";

/* What the options point at. */
struct target {
	const char	*invoice, *debtor, *case_id, *creditor, *until, *reason, *who, *type;
};

static struct target read_target(struct cmd *cmd)
{
	struct target t = { .invoice = cmd_option(cmd, "--invoice"),
	    .debtor = cmd_option(cmd, "--debtor"), .case_id = cmd_option(cmd, "--case"),
	    .creditor = cmd_option(cmd, "--creditor"), .until = cmd_option(cmd, "--until"),
	    .reason = cmd_option(cmd, "--reason"), .type = cmd_option(cmd, "--type"),
	    .who = cmd_option(cmd, "--by") };

	if (t.who == NULL)
		t.who = WHO;
	if (t.reason == NULL)
		t.reason = "";
	return t;
}

static int target_count(const struct target *t)
{
	return (t->invoice != NULL) + (t->debtor != NULL) + (t->case_id != NULL);
}

/* --- finding ---------------------------------------------------------------------- */

static bool find_invoice(struct engine *e, void *ctx, const char *number, int64_t creditor,
    struct hold_record *h, struct err *err)
{
	struct invoice_record invoice;

	if (!ledger_find_invoice(e->store, ctx, creditor, number, &invoice, err))
		return false;
	if (invoice.id == 0)
		return err_set(err, ERR_INPUT, "there is no invoice '%.60s'", number);
	h->scope = SCOPE_INVOICE;
	h->invoice_id = invoice.id;
	h->debtor_id = invoice.debtor_id;
	h->case_id = 0;
	return true;
}

static bool find_case(struct engine *e, void *ctx, const char *text, int64_t creditor,
    struct hold_record *h, struct err *err)
{
	struct case_record c;
	struct debtor_record debtor;
	int64_t id;

	if (!settle_reference_parse(text, &id))
		return err_set(err, ERR_INPUT, "'%.40s' is not the number of a case", text);
	if (!ledger_get_case(e->store, ctx, id, &c, err) ||
	    !register_get_debtor(e->store, ctx, c.debtor_id, &debtor, err))
		return false;
	if (debtor.creditor_id != creditor)
		return err_set(err, ERR_INPUT, "case %" PRId64 " is another creditor's", id);
	h->scope = SCOPE_CASE;
	h->case_id = id;
	h->debtor_id = c.debtor_id;
	return true;
}

static bool find_debtor(struct engine *e, const char *external, int64_t creditor,
    struct hold_record *h, struct err *err)
{
	if (!register_find_debtor(e->store, creditor, external, &h->debtor_id, err))
		return false;
	if (h->debtor_id == 0)
		return err_set(err, ERR_INPUT, "there is no debtor '%.60s'", external);
	h->scope = SCOPE_DEBTOR;
	return true;
}

/* Scope and ids of what the options name. */
static bool find_target(struct engine *e, void *ctx, const struct target *t,
    struct hold_record *h, struct err *err)
{
	int64_t creditor;

	if (!intake_creditor(e, t->creditor != NULL ? t->creditor : "", &creditor, err)) {
		err_prefix(err, "--creditor");
		return false;
	}
	h->creditor_id = creditor;
	if (t->invoice != NULL)
		return find_invoice(e, ctx, t->invoice, creditor, h, err);
	if (t->case_id != NULL)
		return find_case(e, ctx, t->case_id, creditor, h, err);
	return find_debtor(e, t->debtor, creditor, h, err);
}

/* The hold ends with the day, in the creditor's zone. */
static bool set_until(struct engine *e, void *ctx, const struct target *t,
    struct hold_record *h, struct err *err)
{
	struct creditor_record creditor;
	const struct zone *zone;
	const char *at = t->until;
	day_t day;

	h->until_at = INSTANT_MAX;
	if (t->until == NULL)
		return true;
	if (!day_parse_iso(&at, &day) || *at != '\0')
		return err_set(err, ERR_INPUT, "'%.40s' is not a day; write 2026-12-24", t->until);
	if (!register_get_creditor(e->store, ctx, h->creditor_id, &creditor, err))
		return false;
	zone = zone_find(creditor.zone, err);
	if (zone == NULL)
		return false;
	h->until_at = zone_instant(zone, day + 1, 0);
	return true;
}

/* --- hold, pause -------------------------------------------------------------------- */

static bool add_hold(struct cmd *cmd, struct engine *e, const struct target *t,
    struct hold_record *h, struct err *err)
{
	h->owner = t->who;
	h->reason = t->reason;
	return set_until(e, cmd->ctx, t, h, err) && settle_hold(e, h, cmd->now, &h->id, err);
}

static bool hold_one(struct cmd *cmd, struct engine *e, const struct target *t,
    json_t *ids, struct err *err)
{
	struct hold_record h = { .type = HOLD_MANUAL };

	if (t->type != NULL && !hold_type_parse(t->type, &h.type))
		return err_set(err, ERR_INPUT, "'%.40s' is not a type of hold; see "
		    "purr hold --help", t->type);
	if (!find_target(e, cmd->ctx, t, &h, err) || !add_hold(cmd, e, t, &h, err))
		return false;
	json_array_append_new(ids, json_integer(h.id));
	return true;
}

/* Creditors that the options mean: one, or all of purr.conf. */
static bool pause_all(struct cmd *cmd, struct engine *e, const struct target *t,
    json_t *ids, struct err *err)
{
	for (size_t i = 0; i < e->cfg->creditor_count; i++) {
		struct hold_record h = { .type = HOLD_MANUAL, .scope = SCOPE_CREDITOR };
		const char *id = e->cfg->creditors[i].id;

		if (t->creditor != NULL && strcmp(t->creditor, id) != 0)
			continue;
		if (!intake_creditor(e, id, &h.creditor_id, err) || !add_hold(cmd, e, t, &h, err))
			return false;
		json_array_append_new(ids, json_integer(h.id));
	}
	return json_array_size(ids) > 0 || err_set(err, ERR_INPUT,
	    "%s has no section [creditor %.60s]", e->cfg->path,
	    t->creditor != NULL ? t->creditor : "NAME");
}

/* --- release, resume ------------------------------------------------------------------ */

static bool release_one(struct cmd *cmd, struct engine *e, const char *who, int64_t id,
    json_t *ids, struct err *err)
{
	bool released;

	if (!settle_release(e, id, who, cmd->now, &released, err))
		return false;
	if (released)
		json_array_append_new(ids, json_integer(id));
	return true;
}

/* All holds in force on exactly that object. */
static bool release_all(struct cmd *cmd, struct engine *e, const char *who,
    const struct hold_record *on, json_t *ids, struct err *err)
{
	struct hold_record *holds;
	size_t n;

	if (!ledger_holds(e->store, cmd->ctx, on->creditor_id, on->debtor_id, &holds, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct hold_record *h = &holds[i];

		if (h->scope != on->scope || h->case_id != on->case_id ||
		    h->invoice_id != on->invoice_id || hold_end(h) <= cmd->now)
			continue;
		if (!release_one(cmd, e, who, h->id, ids, err))
			return false;
	}
	return true;
}

static bool release(struct cmd *cmd, struct engine *e, const struct target *t, json_t *ids,
    struct err *err)
{
	struct hold_record on = { 0 };
	int64_t id;

	if (cmd->argc == 1) {
		if (!settle_reference_parse(cmd->argv[0], &id))
			return err_set(err, ERR_INPUT, "'%.40s' is not the number of a hold",
			    cmd->argv[0]);
		if (!release_one(cmd, e, t->who, id, ids, err))
			return false;
	} else if (!find_target(e, cmd->ctx, t, &on, err) ||
	    !release_all(cmd, e, t->who, &on, ids, err)) {
		return false;
	}
	return json_array_size(ids) > 0 ||
	    err_set(err, ERR_REFUSED, "there is no hold in force to release");
}

static bool resume(struct cmd *cmd, struct engine *e, const struct target *t, json_t *ids,
    struct err *err)
{
	for (size_t i = 0; i < e->cfg->creditor_count; i++) {
		struct hold_record on = { .scope = SCOPE_CREDITOR };
		const char *id = e->cfg->creditors[i].id;

		if (t->creditor != NULL && strcmp(t->creditor, id) != 0)
			continue;
		if (!register_find_creditor(e->store, id, &on.creditor_id, err))
			return false;
		if (on.creditor_id != 0 && !release_all(cmd, e, t->who, &on, ids, err))
			return false;
	}
	return json_array_size(ids) > 0 || err_set(err, ERR_REFUSED, "nothing is paused");
}

/* --- the commands ------------------------------------------------------------------------ */

typedef bool change_fn(struct cmd *, struct engine *, const struct target *, json_t *ids,
    struct err *);

/* One transaction; prints the ids of the holds begun or ended. */
static int change(struct cmd *cmd, const struct target *t, change_fn *fn, const char *did)
{
	struct engine *e = cmd_engine(cmd, STORE_WRITE);
	json_t *ids = json_array();
	struct err err = { 0 };
	bool ok;

	if (e == NULL) {
		json_decref(ids);
		return EXIT_REFUSED;
	}
	ok = store_begin(e->store, &err) && fn(cmd, e, t, ids, &err) &&
	    store_commit(e->store, &err);
	if (!ok)
		store_rollback(e->store);
	if (ok && cmd->json)
		cmd_print_json(json_pack("{s:O}", "holds", ids));
	for (size_t i = 0; ok && !cmd->json && i < json_array_size(ids); i++)
		printf("hold %" JSON_INTEGER_FORMAT " %s\n",
		    json_integer_value(json_array_get(ids, i)), did);
	json_decref(ids);
	return ok ? EXIT_DONE : cmd_fail(cmd, &err);
}

int cmd_hold(struct cmd *cmd)
{
	struct target t;

	if (cmd_wants_help(cmd, hold_help))
		return EXIT_DONE;
	t = read_target(cmd);
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (target_count(&t) != 1)
		return cmd_usage(cmd, "give one of --invoice, --debtor and --case");
	return change(cmd, &t, hold_one, "begun");
}

int cmd_release(struct cmd *cmd)
{
	struct target t;

	if (cmd_wants_help(cmd, release_help))
		return EXIT_DONE;
	t = read_target(cmd);
	if (!cmd_operands(cmd, 0, 1))
		return EXIT_USAGE;
	if (target_count(&t) + cmd->argc != 1)
		return cmd_usage(cmd, "give the number of a hold, or one of --invoice, "
		    "--debtor and --case");
	return change(cmd, &t, release, "ended");
}

int cmd_pause(struct cmd *cmd)
{
	struct target t;

	if (cmd_wants_help(cmd, pause_help))
		return EXIT_DONE;
	t = read_target(cmd);
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (target_count(&t) != 0)
		return cmd_usage(cmd, "it pauses a creditor; 'purr hold' is for one debtor");
	return change(cmd, &t, pause_all, "begun");
}

int cmd_resume(struct cmd *cmd)
{
	struct target t;

	if (cmd_wants_help(cmd, resume_help))
		return EXIT_DONE;
	t = read_target(cmd);
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	return change(cmd, &t, resume, "ended");
}

int cmd_resolve(struct cmd *cmd)
{
	bool sent, not_sent, resolved = false, ok;
	struct err err = { 0 };
	const char *who;
	struct engine *e;
	int64_t id;

	if (cmd_wants_help(cmd, resolve_help))
		return EXIT_DONE;
	sent = cmd_flag(cmd, "--sent");
	not_sent = cmd_flag(cmd, "--not-sent");
	who = cmd_option(cmd, "--by");
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (sent == not_sent || !settle_reference_parse(cmd->argv[0], &id))
		return cmd_usage(cmd, "give the number of a contact, and --sent or --not-sent");
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	who = who != NULL ? who : WHO;
	ok = store_begin(e->store, &err) && outcome_resolve(e, id, sent, who, cmd->now, &resolved, &err);
	if (ok && !resolved && not_sent)
		ok = letter_fate_never(e, id, who, cmd->now, &resolved, &err);
	if (ok && !resolved)
		ok = err_set(&err, ERR_REFUSED, "the outcome of contact %" PRId64
		    " is known already", id);
	ok = ok && store_commit(e->store, &err);
	if (!ok) {
		store_rollback(e->store);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:I, s:s}", "contact", (json_int_t)id, "state",
		    sent ? "sent" : "failed"));
	else
		printf("contact %" PRId64 " %s\n", id, sent ? "was sent" : "was not sent");
	return EXIT_DONE;
}
