/* test_store.c - what the database refuses by itself, and what the store does:
 * schema versions, a step once, entries that stay, states and leases. */
#include "scene.h"

#include <signal.h>
#include <sys/stat.h>

#include "store/lease.h"

/* --- versions -------------------------------------------------------------------- */

static void migrating_twice(void **state)
{
	struct scene *s = *state;
	const int64_t objects = raw_int(s, "select count(*) from sqlite_master");
	int before = -1, after = -1;

	done(s, store_migrate(s->path, NOW + 5, &before, &after, &s->err));
	assert_int_equal(before, store_schema_version());
	assert_int_equal(after, before);
	assert_int_equal(raw_int(s, "select count(*) from sqlite_master"), objects);
	assert_int_equal(raw_int(s, "select max(applied_at) from schema_version"), NOW);
}

static void other_version(void **state)
{
	struct scene *s = *state;
	int before, after;
	struct err err = { 0 };

	assert_int_equal(raw_run(s, "update schema_version set version = version + 1 "
	    "where version = (select max(version) from schema_version)"), SQLITE_OK);
	assert_null(store_open(s, s->path, (struct store_options){ 0 }, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.text, "purr migrate"));
	err_clear(&err);
	assert_false(store_migrate(s->path, NOW, &before, &after, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.text, "newer"));
	assert_int_equal(raw_run(s, "delete from schema_version"), SQLITE_OK);
	err_clear(&err);
	assert_null(store_open(s, s->path, (struct store_options){ 0 }, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
}

static void no_database(void **state)
{
	struct scene *s = *state;
	struct err err = { 0 };
	char path[PATH_BYTES];
	int version;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/none.db", s->dir);
	assert_null(store_open(s, path, (struct store_options){ 0 }, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(access(path, F_OK), -1);	/* and it was not made */
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("this is no database, however long one looks at it\n", file) > 0);
	assert_int_equal(fclose(file), 0);
	err_clear(&err);
	assert_null(store_open(s, path, (struct store_options){ 0 }, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "none.db: the database is damaged"));
	err_clear(&err);
	assert_false(store_version(path, &version, &err));	/* not "version 0" */
	err_clear(&err);
	assert_int_equal(truncate(path, 0), 0);
	assert_null(store_open(s, path, (struct store_options){ 0 }, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.text, "is empty"));
	assert_int_equal(unlink(path), 0);
}

static void private_file(void **state)
{
	struct scene *s = *state;
	char path[PATH_BYTES];
	struct stat file;
	int before, after;
	const mode_t mask = umask(0);

	(void)snprintf(path, sizeof(path), "%s/new.db", s->dir);
	done(s, store_migrate(path, NOW, &before, &after, &s->err));
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
	done(s, store_backup(s->path, path, &s->err));
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
	(void)umask(mask);
}

/* --- what the schema refuses ----------------------------------------------------------- */

static void step_once(void **state)
{
	struct scene *s = *state;
	struct contact_case_record part = { .case_id = s->ladder, .invoice_id = s->invoice,
	    .step = "friendly_reminder" };
	int64_t first, other;

	done(s, store_begin(s->store, &s->err));
	first = add_contact(s);
	other = add_contact(s);
	done(s, outbox_add_case(s->store, first, &part, &s->err));
	assert_false(outbox_add_case(s->store, other, &part, &s->err));
	assert_int_equal(s->err.kind, ERR_REFUSED);
	err_clear(&s->err);
	part.step = "fee_reminder";
	done(s, outbox_add_case(s->store, other, &part, &s->err));
	done(s, store_commit(s->store, &s->err));
	assert_int_equal(raw_run(s, "update contact_case set step = 'friendly_reminder'") & 0xff,
	    SQLITE_CONSTRAINT);
	/* Dropped: the step is free again. */
	done(s, store_begin(s->store, &s->err));
	done(s, outbox_drop(s->store, first, NOW, "paid", &s->err));
	part.step = "friendly_reminder";
	done(s, outbox_add_case(s->store, add_contact(s), &part, &s->err));
	done(s, store_commit(s->store, &s->err));
}

static void refused_to_everybody(void **state)
{
	static const struct { const char *says, *sql; int code; } cases[] = {
		{ "entries are never changed", "update entry set amount_minor = 0",
		  SQLITE_CONSTRAINT_TRIGGER },
		{ "entries are never deleted", "delete from entry", SQLITE_CONSTRAINT_TRIGGER },
		{ "events are never changed", "update event set who = 'me'",
		  SQLITE_CONSTRAINT_TRIGGER },
		{ "events are never deleted", "delete from event", SQLITE_CONSTRAINT_TRIGGER },
		{ "a second open case on a schedule", "insert into \"case\" (creditor_id, debtor_id, "
		  "currency, schedule_name, schedule_hash, state, opened_at, next_check_at) "
		  "values (1, 1, 'DKK', 's1', 'p1', 'open', 0, 0)", SQLITE_CONSTRAINT_UNIQUE },
		{ "the same invoice number", "insert into invoice select 99, creditor_id, debtor_id, "
		  "case_id, external_id, type, currency, issued_on, due_on, reference, subject, 0, "
		  "state, row_hash, '', '' from invoice where id = 1", SQLITE_CONSTRAINT_UNIQUE },
		{ "a fee twice", "insert into entry (invoice_id, type, amount_minor, value_on, "
		  "booked_at, contact_id, source) values (1, 'fee', 1, 1, 1, 1, 'x'), "
		  "(1, 'fee', 1, 1, 1, 1, 'x')", SQLITE_CONSTRAINT_UNIQUE },
		{ "an invoice of nobody", "update invoice set debtor_id = 999",
		  SQLITE_CONSTRAINT_FOREIGNKEY },
		{ "a debtor that has invoices goes", "delete from debtor",
		  SQLITE_CONSTRAINT_FOREIGNKEY },
		{ "a state that there is not", "update contact set state = 'perhaps'",
		  SQLITE_CONSTRAINT_CHECK },
		{ "a payment of nothing", "insert into payment (creditor_id, external_id, currency, "
		  "amount_minor, unallocated_minor, paid_on, booked_at) values "
		  "(1, 'P', 'DKK', 0, 0, 1, 1)", SQLITE_CONSTRAINT_CHECK },
		{ "more allocated than was paid", "insert into payment (creditor_id, external_id, "
		  "currency, amount_minor, unallocated_minor, paid_on, booked_at) values "
		  "(1, 'P', 'DKK', 5, -1, 1, 1)", SQLITE_CONSTRAINT_CHECK },
		{ "words for an amount", "insert into entry (invoice_id, type, amount_minor, "
		  "value_on, booked_at, source) values (1, 'principal', 'much', 1, 1, 'x')",
		  SQLITE_CONSTRAINT_DATATYPE },
	};
	struct scene *s = *state;

	done(s, store_begin(s->store, &s->err));
	(void)add_contact(s);
	done(s, history_add_event(s->store, &(struct event_new){ .at = NOW, .kind = "test",
	    .who = "test", .data = "{}" }, &s->err));
	done(s, store_commit(s->store, &s->err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const int code = raw_run(s, cases[i].sql);

		if (code != cases[i].code)
			fail_msg("%s: %d (%s), not %d", cases[i].says, code,
			    sqlite3_errmsg(s->raw), cases[i].code);
	}
}

static void balance_is_sum(void **state)
{
	static const struct { enum entry_type type; int64_t minor; } entries[] = {
		{ ENTRY_CREDIT, -2500 }, { ENTRY_FEE, 10000 }, { ENTRY_INTEREST, 17 },
		{ ENTRY_WAIVER, -10000 }, { ENTRY_WRITE_OFF, -7517 },
	};
	struct scene *s = *state;
	struct invoice_record now;
	int64_t payment, sum = 10000;
	bool loose;

	done(s, store_begin(s->store, &s->err));
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		const struct entry_new entry = { .invoice_id = s->invoice,
		    .type = entries[i].type, .amount_minor = entries[i].minor, .value_on = 20001,
		    .booked_at = NOW, .source = "test" };

		done(s, ledger_add_entry(s->store, &entry, &s->err));
		sum += entries[i].minor;
		done(s, ledger_get_invoice(s->store, s, s->invoice, &now, &s->err));
		assert_int_equal(now.balance_minor, sum);
	}
	assert_int_equal(sum, 0);
	done(s, ledger_add_payment(s->store, &(struct payment_new){ .creditor_id = s->creditor,
	    .debtor_id = s->debtor, .external_id = "P1", .currency = "DKK",
	    .amount_minor = 5000, .paid_on = 20002, .booked_at = NOW }, &payment, &s->err));
	done(s, ledger_allocate(s->store, payment, s->second, 4999, 20002, NOW, &s->err));
	done(s, ledger_has_loose_money(s->store, s->debtor, &loose, &s->err));
	assert_true(loose);
	done(s, ledger_allocate(s->store, payment, s->second, 1, 20002, NOW, &s->err));
	done(s, ledger_has_loose_money(s->store, s->debtor, &loose, &s->err));
	assert_false(loose);
	done(s, ledger_get_invoice(s->store, s, s->second, &now, &s->err));
	assert_int_equal(now.balance_minor, 0);
	store_rollback(s->store);
	assert_int_equal(raw_int(s, "select sum(balance_minor) from invoice"), 15000);
}

static void allocate_too_much(struct scene *s)
{
	int64_t payment = 0;

	(void)ledger_add_payment(s->store, &(struct payment_new){ .creditor_id = s->creditor,
	    .debtor_id = s->debtor, .external_id = "P1", .currency = "DKK",
	    .amount_minor = 5000, .paid_on = 20002, .booked_at = NOW }, &payment, &s->err);
	(void)ledger_allocate(s->store, payment, s->invoice, 5001, 20002, NOW, &s->err);
}

static void never_more_than_paid(void **state)
{
	struct scene *s = *state;

	done(s, store_begin(s->store, &s->err));
	assert_true(aborts(allocate_too_much, s));
}

/* --- states ------------------------------------------------------------------------------- */

static void set_state(struct scene *s, int64_t id, enum contact_state from)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql), "update contact set state = '%s', lease_token = 'tok', "
	    "worker = 'w', lease_until = 1, boot_id = 'b' where id = %lld",
	    contact_state_name(from), (long long)id);
	assert_int_equal(raw_run(s, sql), SQLITE_OK);
}

static enum contact_state state_of(struct scene *s, int64_t id)
{
	struct contact_record c;

	done(s, outbox_get(s->store, s, id, &c, &s->err));
	return c.state;
}

/* One way of changing a contact; `to` is where it leads when it may. */
static bool change(struct scene *s, int64_t id, int way, enum contact_state *to)
{
	static const enum contact_state leads[] = { CONTACT_ARMED, CONTACT_DROPPED, CONTACT_SENT,
	    CONTACT_PLANNED, CONTACT_FAILED, CONTACT_UNKNOWN, CONTACT_SENT, CONTACT_FAILED };
	static const enum send_outcome outcomes[] = { SEND_TAKEN, SEND_LATER, SEND_NEVER,
	    SEND_UNKNOWN };
	const struct contact_lease lease = { .worker = "w", .token = "new", .boot_id = "b",
	    .until = NOW + 9 };
	struct contact_result result = { .provider = "", .provider_id = "", .detail = "", .retry_at = NOW + 60 };
	bool did = false;

	*to = leads[way];
	switch (way) {
	case 0:
		done(s, outbox_arm(s->store, id, NOW, &lease, DAY_NONE, s->decision, 0, "t",
		    &did, &s->err));
		return did;
	case 1:
		done(s, outbox_drop(s->store, id, NOW, "test", &s->err));
		return state_of(s, id) == CONTACT_DROPPED;
	case 2: case 3: case 4: case 5:
		result.outcome = outcomes[way - 2];
		done(s, outbox_record(s->store, id, "tok", NOW, &result, &did, &s->err));
		return did;
	default:
		done(s, outbox_resolve(s->store, id, way == 6, NOW, "test", &did, &s->err));
		return did;
	}
}

#define WAYS 8

static void states_only_by_the_table(void **state)
{
	struct scene *s = *state;
	int changed = 0;

	for (int from = 0; from < CONTACT_STATES; from++) {
		for (int way = 0; way < WAYS; way++) {
			enum contact_state to, now;
			int64_t id;
			bool did;

			done(s, store_begin(s->store, &s->err));
			id = add_contact(s);
			done(s, store_commit(s->store, &s->err));
			set_state(s, id, (enum contact_state)from);
			done(s, store_begin(s->store, &s->err));
			did = change(s, id, way, &to);
			now = state_of(s, id);
			done(s, store_commit(s->store, &s->err));
			if (now != (enum contact_state)from &&
			    (now != to || !contact_may_become((enum contact_state)from, now)))
				fail_msg("from %s to %s by way %d", contact_state_name(
				    (enum contact_state)from), contact_state_name(now), way);
			if (did && now != to)
				fail_msg("way %d says that it did, from %s", way,
				    contact_state_name((enum contact_state)from));
			changed += now != (enum contact_state)from;
		}
	}
	/* planned: 2 ways; armed: 4; unknown: 2; the rest are ends here. */
	assert_int_equal(changed, 8);
}

static void stale_token(void **state)
{
	static const enum send_outcome outcomes[] = { SEND_TAKEN, SEND_LATER, SEND_NEVER,
	    SEND_UNKNOWN };
	struct scene *s = *state;
	int64_t id;

	done(s, store_begin(s->store, &s->err));
	id = add_contact(s);
	done(s, store_commit(s->store, &s->err));
	set_state(s, id, CONTACT_ARMED);
	done(s, store_begin(s->store, &s->err));
	for (size_t i = 0; i < 4; i++) {
		struct contact_result result = { .outcome = outcomes[i], .provider_id = "",
		    .detail = "" };
		bool recorded = true;

		done(s, outbox_record(s->store, id, "another", NOW, &result, &recorded, &s->err));
		assert_false(recorded);
		assert_int_equal(state_of(s, id), CONTACT_ARMED);
	}
	done(s, store_commit(s->store, &s->err));
}

/* The table as a picture: tests/golden/contact-states.dot. */
static void golden_picture(void **state)
{
	char *text = talloc_strdup(NULL, "digraph contact {\n"), *agreed;
	FILE *file = fopen("tests/golden/contact-states.dot", "r");
	size_t len;

	(void)state;
	assert_non_null(file);
	for (int from = 0; from < CONTACT_STATES; from++) {
		const enum contact_state a = (enum contact_state)from;

		if (contact_is_final(a))
			text = talloc_asprintf_append(text, "\t%s [peripheries=2];\n",
			    contact_state_name(a));
		for (int to = 0; to < CONTACT_STATES; to++)
			if (contact_may_become(a, (enum contact_state)to))
				text = talloc_asprintf_append(text, "\t%s -> %s;\n",
				    contact_state_name(a),
				    contact_state_name((enum contact_state)to));
	}
	text = talloc_asprintf_append(text, "}\n");
	agreed = talloc_zero_array(text, char, 4096);
	len = fread(agreed, 1, 4095, file);
	assert_int_equal(fclose(file), 0);
	if (strlen(text) != len || strcmp(text, agreed) != 0)
		fail_msg("the transitions are no longer those agreed to:\n%s", text);
	talloc_free(text);
}

/* --- leases ----------------------------------------------------------------------------------- */

static void leases(void **state)
{
	struct scene *s = *state;
	bool yes;

	done(s, lease_take(s->store, "work", "boot-a", "t1", NOW + 100, NOW, &yes, &s->err));
	assert_true(yes);
	done(s, lease_take(s->store, "work", "boot-b", "t2", NOW + 199, NOW + 99, &yes, &s->err));
	assert_false(yes);
	done(s, lease_renew(s->store, "work", "t2", NOW + 500, &yes, &s->err));
	assert_false(yes);
	done(s, lease_renew(s->store, "work", "t1", NOW + 150, &yes, &s->err));
	assert_true(yes);
	done(s, lease_take(s->store, "work", "boot-b", "t2", NOW + 249, NOW + 149, &yes, &s->err));
	assert_false(yes);
	done(s, lease_take(s->store, "work", "boot-b", "t2", NOW + 250, NOW + 150, &yes, &s->err));
	assert_true(yes);			/* run out */
	done(s, lease_renew(s->store, "work", "t1", NOW + 900, &yes, &s->err));
	assert_false(yes);			/* the former holder has lost it */
	done(s, lease_drop(s->store, "work", "t1", &s->err));
	assert_int_equal(raw_int(s, "select count(*) from lease"), 1);
	done(s, lease_take(s->store, "work", "boot-b", "t3", NOW + 400, NOW + 151, &yes, &s->err));
	assert_true(yes);			/* its own holder may */
	done(s, lease_drop(s->store, "work", "t3", &s->err));
	assert_int_equal(raw_int(s, "select count(*) from lease"), 0);
}

static void armed_and_expired(void **state)
{
	const struct contact_lease lease = { .worker = "w", .token = "tok", .boot_id = "b",
	    .until = NOW + 10 };
	struct scene *s = *state;
	struct armed_contact *list;
	bool armed;
	size_t n;

	done(s, store_begin(s->store, &s->err));
	done(s, outbox_arm(s->store, add_contact(s), NOW, &lease, DAY_NONE, s->decision, 0, "t",
	    &armed, &s->err));
	assert_true(armed);
	done(s, outbox_armed_expired(s->store, s, NOW + 10, &list, &n, &s->err));
	assert_int_equal(n, 0);
	done(s, outbox_armed_expired(s->store, s, NOW + 11, &list, &n, &s->err));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].token, "tok");
	done(s, outbox_armed_by(s->store, s, "w", &list, &n, &s->err));
	assert_int_equal(n, 1);
	done(s, outbox_armed_by(s->store, s, "v", &list, &n, &s->err));
	assert_int_equal(n, 0);
	store_rollback(s->store);
}

/* --- roles and transactions ---------------------------------------------------------------------- */

static void write_as_reader(struct scene *s)
{
	struct store *reader = store_open(s, s->path, (struct store_options){ .role = STORE_READ },
	    &s->err);

	if (reader != NULL)
		(void)ledger_set_state(reader, s->invoice, INVOICE_CLOSED, &s->err);
}

static void begin_twice(struct scene *s)
{
	(void)store_begin(s->store, &s->err);
	(void)store_begin(s->store, &s->err);
}

static void close_while_open(struct scene *s)
{
	(void)store_begin(s->store, &s->err);
	store_close(s->store);
}

static void nothing(struct scene *s)
{
	(void)s;
}

static void our_own_bugs(void **state)
{
	struct scene *s = *state;

	assert_false(aborts(nothing, s));
	assert_true(aborts(write_as_reader, s));
	assert_int_equal(raw_int(s, "select count(*) from invoice where state = 'closed'"), 0);
	assert_true(aborts(begin_twice, s));
	assert_true(aborts(close_while_open, s));
}

static void reading_as_reader(void **state)
{
	struct scene *s = *state;
	struct store *reader = store_open(s, s->path, (struct store_options){ .role = STORE_READ },
	    &s->err);
	struct invoice_record now;

	assert_non_null(reader);
	done(s, ledger_get_invoice(reader, s, s->invoice, &now, &s->err));
	assert_int_equal(now.balance_minor, 10000);
	assert_string_equal(now.external_id, "F1");
	store_close(reader);
}

static void rolled_back(void **state)
{
	struct scene *s = *state;
	const int64_t before = store_rows_written(s->store);

	done(s, store_begin(s->store, &s->err));
	assert_true(store_in_transaction(s->store));
	(void)add_contact(s);
	store_rollback(s->store);
	assert_false(store_in_transaction(s->store));
	assert_int_equal(raw_int(s, "select count(*) from contact"), 0);
	assert_true(store_rows_written(s->store) > before);
	store_rollback(s->store);		/* nothing to do is fine */
}

static void undone_in_part(void **state)
{
	struct scene *s = *state;
	int64_t kept;

	done(s, store_begin(s->store, &s->err));
	done(s, store_savepoint(s->store, &s->err));
	kept = add_contact(s);
	done(s, store_release(s->store, &s->err));
	done(s, store_savepoint(s->store, &s->err));
	(void)add_contact(s);
	done(s, store_rollback_to(s->store, &s->err));
	done(s, store_savepoint(s->store, &s->err));
	done(s, store_release(s->store, &s->err));
	done(s, store_commit(s->store, &s->err));
	assert_int_equal(raw_int(s, "select count(*) from contact"), 1);
	assert_int_equal(raw_int(s, "select max(id) from contact"), kept);
	done(s, store_begin(s->store, &s->err));
	done(s, store_savepoint(s->store, &s->err));
	store_rollback(s->store);		/* the whole, with its part */
	done(s, store_begin(s->store, &s->err));
	done(s, store_savepoint(s->store, &s->err));
	done(s, store_release(s->store, &s->err));
	done(s, store_commit(s->store, &s->err));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)
	const struct CMUnitTest tests[] = {
		TEST(migrating_twice), TEST(other_version), TEST(no_database), TEST(private_file), TEST(step_once),
		TEST(refused_to_everybody), TEST(balance_is_sum), TEST(never_more_than_paid),
		TEST(states_only_by_the_table), TEST(stale_token), cmocka_unit_test(golden_picture),
		TEST(leases), TEST(armed_and_expired), TEST(our_own_bugs), TEST(reading_as_reader),
		TEST(rolled_back), TEST(undone_in_part),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
