/* test_register.c - what is known of an address holds for whoever has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <talloc.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"
#include "store/register.h"

#define NOW 1790000000
#define DATABASE_NAME_BYTES 64

static char database[DATABASE_NAME_BYTES];
static struct store *store;
static void *ctx;

static int start(void **state)
{
	struct err err = { 0 };
	int before, after, fd;

	(void)state;
	secret_start();
	ctx = talloc_new(NULL);
	(void)snprintf(database, sizeof(database), "/tmp/test_register-XXXXXX");
	fd = mkstemp(database);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_true(store_migrate(database, NOW, &before, &after, &err));
	store = store_open(ctx, database, (struct store_options){ .role = STORE_WRITE }, &err);
	assert_non_null(store);
	assert_true(store_begin(store, &err));
	return 0;
}

static int end(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };

	(void)state;
	store_rollback(store);
	store_close(store);
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		(void)unlink(talloc_asprintf(ctx, "%s%s", database, tails[i]));
	talloc_free(ctx);
	return 0;
}

static int64_t debtor_with(const char *creditor, const char *number, const char *email)
{
	const struct debtor_row row = { .line = 2, .external_id = number, .name = "N. N.",
	    .lang = "da", .country = "DK", .zone = "Europe/Copenhagen", .email = email,
	    .phone = "", .street = "", .postcode = "", .city = "", .region = "",
	    .schedule = "", .segment = "" };
	struct err err = { 0 };
	enum row_effect effect;
	int64_t creditor_id, id;

	assert_true(register_put_creditor(store, creditor, creditor, "Europe/Copenhagen",
	    &creditor_id, &err));
	assert_true(register_put_debtor(store, creditor_id, &row, &id, &effect, &err));
	return id;
}

/* The only address of a debtor. */
static struct address_record address_of(int64_t debtor_id)
{
	struct address_record *list;
	struct err err = { 0 };
	size_t count;

	assert_true(register_addresses(store, ctx, debtor_id, &list, &count, &err));
	assert_int_equal(count, 1);
	return list[0];
}

static void test_bad_for_all(void **state)
{
	const int64_t one = debtor_with("a", "1", "shared@post.example");
	const int64_t two = debtor_with("a", "2", "shared@post.example");
	const int64_t other = debtor_with("a", "3", "other@post.example");
	const int64_t foreign = debtor_with("b", "1", "shared@post.example");
	struct err err = { 0 };

	(void)state;
	assert_true(register_mark_bad(store, address_of(one).id, NOW, &err));
	assert_true(address_of(one).bad);
	assert_true(address_of(two).bad);
	assert_false(address_of(other).bad);
	assert_false(address_of(foreign).bad);
}

static void test_bad_for_who_comes_later(void **state)
{
	const int64_t one = debtor_with("c", "1", "gone@post.example");
	struct err err = { 0 };

	(void)state;
	assert_true(register_mark_bad(store, address_of(one).id, NOW, &err));
	assert_true(address_of(debtor_with("c", "2", "gone@post.example")).bad);
	assert_false(address_of(debtor_with("d", "2", "gone@post.example")).bad);
}

static void test_sharers(void **state)
{
	const int64_t one = debtor_with("e", "1", "house@post.example");
	const int64_t two = debtor_with("e", "2", "alone@post.example");
	const int64_t three = debtor_with("e", "3", "house@post.example");
	const int64_t four = debtor_with("e", "4", "house@post.example");
	struct err err = { 0 };
	int64_t *ids;
	size_t n;

	(void)state;
	(void)debtor_with("f", "1", "house@post.example");	/* another creditor's */
	assert_true(register_sharers(store, ctx, three, &ids, &n, &err));
	assert_int_equal(n, 2);
	assert_true(ids[0] == one && ids[1] == four);
	assert_true(register_sharers(store, ctx, two, &ids, &n, &err));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_for_all),
		cmocka_unit_test(test_bad_for_who_comes_later),
		cmocka_unit_test(test_sharers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
