/* scene.h - a database of its own for each test, with one creditor, one
 * debtor, one case of two invoices and a decision, ids 1 and up.
 *
 * `raw` is a second connection that knows nothing of purr: what the schema
 * refuses, it must refuse to everybody.
 */
#ifndef TESTS_STORE_SCENE_H
#define TESTS_STORE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <talloc.h>

#include "base/err.h"
#include "store/history.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/register.h"

#define NOW ((instant_t)1789984800)
#define PATH_BYTES 96

struct scene {
	char		 dir[64], path[PATH_BYTES];
	struct store	*store;
	sqlite3		*raw;
	struct err	 err;
	int64_t		 creditor, debtor, ladder, invoice, second, decision, address;
};

#define done(s, call) do {							\
	if (!(call))								\
		fail_msg("%s: %s", #call, (s)->err.text);			\
} while (0)

/* SQLite's code for a statement from outside. */
static inline int raw_run(struct scene *s, const char *sql)
{
	sqlite3_exec(s->raw, sql, NULL, NULL, NULL);
	return sqlite3_extended_errcode(s->raw);
}

static inline int64_t raw_int(struct scene *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t out;

	if (sqlite3_prepare_v2(s->raw, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(s->raw));
	out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return out;
}

static inline void add_invoice(struct scene *s, const char *id, int64_t minor, int64_t *out)
{
	const struct invoice_record invoice = { .creditor_id = s->creditor,
	    .debtor_id = s->debtor, .case_id = s->ladder, .external_id = id,
	    .currency = "DKK", .issued_on = 20000, .due_on = 20030, .reference = "",
	    .subject = "", .row_hash = "h", .schedule = "", .schedule_by = "" };
	struct entry_new entry = { .type = ENTRY_PRINCIPAL, .amount_minor = minor,
	    .value_on = 20000, .booked_at = NOW, .source = "ledger" };

	done(s, ledger_add_invoice(s->store, &invoice, out, &s->err));
	entry.invoice_id = *out;
	done(s, ledger_add_entry(s->store, &entry, &s->err));
}

static inline int64_t add_contact(struct scene *s)
{
	const struct contact_record contact = { .creditor_id = s->creditor,
	    .debtor_id = s->debtor, .decision_id = s->decision, .address_id = s->address,
	    .channel = CHANNEL_EMAIL, .step = "friendly_reminder",
	    .template = "friendly_reminder", .tone = TONE_WARM, .lang = "da",
	    .planned_at = NOW, .ripe_at = NOW, .expires_at = NOW + 1000,
	    .deadline_on = DAY_NONE, .templates_hash = "t" };
	int64_t id;

	done(s, outbox_add_contact(s->store, &contact, &id, &s->err));
	return id;
}

static inline void fill(struct scene *s)
{
	const struct debtor_row row = { .external_id = "K1", .name = "Kunde", .lang = "da",
	    .country = "DK", .zone = "Europe/Copenhagen", .email = "k@kunde.example",
	    .phone = "", .street = "", .postcode = "", .city = "", .region = "",
	    .schedule = "", .segment = "" };
	const struct decision_record decision = { .at = NOW, .result = "contact",
	    .facts = "", .answer = "", .pack_hash = "", .calendar_hash = "", .experiment_hash = "",
	    .zone_data = "2026a" };
	struct decision_record mine = decision;
	struct address_record *addresses;
	enum row_effect effect;
	size_t n;

	done(s, store_begin(s->store, &s->err));
	done(s, history_put_policy(s->store, "p1", "schedule", "test", "{}", NOW, &s->err));
	done(s, register_put_creditor(s->store, "demo", "Demo", "Europe/Copenhagen",
	    &s->creditor, &s->err));
	done(s, register_put_debtor(s->store, s->creditor, &row, &s->debtor, &effect, &s->err));
	done(s, ledger_add_case(s->store, s->creditor, s->debtor, "DKK", "s1", "p1", NOW, &s->ladder,
	    &s->err));
	add_invoice(s, "F1", 10000, &s->invoice);
	add_invoice(s, "F2", 5000, &s->second);
	mine.debtor_id = s->debtor;
	done(s, outbox_add_decision(s->store, &mine, &s->decision, &s->err));
	done(s, register_addresses(s->store, s->store, s->debtor, &addresses, &n, &s->err));
	assert_int_equal(n, 1);
	s->address = addresses[0].id;
	done(s, store_commit(s->store, &s->err));
}

static inline int scene_make(void **state)
{
	struct scene *s = talloc_zero(NULL, struct scene);
	int before = -1, after = -1;

	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/purr-store-XXXXXX");
	if (mkdtemp(s->dir) == NULL)
		return -1;
	(void)snprintf(s->path, sizeof(s->path), "%s/purr.db", s->dir);
	done(s, store_migrate(s->path, NOW, &before, &after, &s->err));
	assert_int_equal(before, 0);
	assert_int_equal(after, store_schema_version());
	s->store = store_open(s, s->path, (struct store_options){ .role = STORE_WRITE }, &s->err);
	if (s->store == NULL)
		fail_msg("%s", s->err.text);
	if (sqlite3_open(s->path, &s->raw) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(s->raw));
	assert_int_equal(raw_run(s, "pragma foreign_keys = on"), SQLITE_OK);
	sqlite3_extended_result_codes(s->raw, 1);
	fill(s);
	*state = s;
	return 0;
}

static inline int scene_drop(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	struct scene *s = *state;
	char name[PATH_BYTES + 8];

	store_rollback(s->store);
	store_close(s->store);
	sqlite3_close(s->raw);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", s->path, ends[i]);
		(void)unlink(name);
	}
	(void)rmdir(s->dir);
	talloc_free(s);
	return 0;
}

/* Whether `what`, in a process of its own, ends by abort(): our own bug. */
static inline bool aborts(void (*what)(struct scene *), struct scene *s)
{
	const struct rlimit no_core = { 0, 0 };
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		if (freopen("/dev/null", "w", stderr) != NULL)
			what(s);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#endif
