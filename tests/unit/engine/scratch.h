/* scratch.h - a workspace in a temporary folder, for tests of engine/.
 *
 *	struct scratch s;
 *	scratch_make(&s, NULL);			or the text of a purr.conf
 *	... s.engine ...
 *	scratch_drop(&s);
 *
 * Files come from the assets inside the program, keys are fixed, so that
 * tokens and arms are the same in every run.  Any trouble fails the test.
 */
#ifndef TESTS_UNIT_ENGINE_SCRATCH_H
#define TESTS_UNIT_ENGINE_SCRATCH_H

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "engine/engine.h"
#include "engine/intake_run.h"
#include "engine/plan_run.h"
#include "engine/policy.h"
#include "engine/send_run.h"

struct scratch {
	void		*ctx;
	char		 dir[64];
	struct engine	*engine;
	struct err	 err;
};

/* The call must have gone well; its error is shown else. */
#define scratch_ok(s, x) do {							\
	if (!(x)) {								\
		print_message("# %s: %s\n", #x, (s)->err.text);			\
		fail();								\
	}									\
} while (0)

static inline void scratch_write(struct scratch *s, const char *name, const char *at, size_t len)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", s->dir, name);
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(at, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

/* Closes the engine and opens it again in another role. */
static inline void scratch_open(struct scratch *s, enum store_role role)
{
	if (s->engine != NULL)
		engine_close(s->engine);
	s->engine = engine_open(s->ctx, s->dir, (struct store_options){ .role = role }, &s->err);
	scratch_ok(s, s->engine != NULL);
}

/* `conf` NULL: the settings that `purr init` writes. */
static inline void scratch_make(struct scratch *s, const char *conf)
{
	static const char key[] =
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
	char path[128], *text = NULL;
	size_t len = 0;
	FILE *sample;
	int before, after;

	*s = (struct scratch){ .ctx = talloc_new(NULL), .dir = "/tmp/purr-scratch-XXXXXX" };
	secret_start();
	assert_non_null(mkdtemp(s->dir));
	for (const struct asset *a = asset_table; a->path != NULL; a++)
		if (strncmp(a->path, "schema/", 7) != 0)
			scratch_write(s, a->path, a->at, (size_t)(a->end - a->at));
	scratch_write(s, "keys/link.key", key, sizeof(key) - 1);
	scratch_write(s, "keys/assign.key", key, sizeof(key) - 1);
	sample = open_memstream(&text, &len);
	assert_non_null(sample);
	cfg_print_sample(sample);
	assert_int_equal(fclose(sample), 0);
	if (conf == NULL)
		scratch_write(s, "purr.conf", text, len);
	else
		scratch_write(s, "purr.conf", conf, strlen(conf));
	free(text);
	(void)snprintf(path, sizeof(path), "%s/purr.db", s->dir);
	scratch_ok(s, store_migrate(path, 0, &before, &after, &s->err));
	scratch_open(s, STORE_WRITE);
}

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void scratch_drop(struct scratch *s)
{
	engine_close(s->engine);
	(void)nftw(s->dir, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	talloc_free(s->ctx);
}

/* One open invoice of a Danish consumer with e-mail, a phone of the debtor's own
 * (by the digit its id ends in) and a street.  Each text may be "" . */
static inline void scratch_invoice(struct scratch *s, const char *number, const char *debtor,
    const char *email, day_t due_on, int64_t minor, instant_t now)
{
	static const struct profile profile = { .name = "scratch" };
	const struct invoice_row row = { .type = ROW_INVOICE, .external_id = number,
	    .credits = "", .currency = "DKK", .amount_minor = minor, .issued_on = due_on - 14,
	    .due_on = due_on, .settled_on = DAY_NONE, .reference = "", .subject = "", .schedule = "",
	    .debtor = { .external_id = debtor, .name = debtor, .lang = "en", .country = "DK",
	    .zone = "", .region = "", .party = PARTY_CONSUMER, .party_given = true, .email = email,
	    .phone = talloc_asprintf(s->ctx, "+452012345%c", debtor[strlen(debtor) - 1]),
	    .street = "Gade 1", .postcode = "8000", .city = "Aarhus",
	    .schedule = "", .segment = "" } };
	struct intake_summary sum = { 0 };
	int64_t creditor;

	scratch_ok(s, policy_activate(s->engine->policy, s->engine, now, &s->err));
	scratch_ok(s, store_begin(s->engine->store, &s->err));
	scratch_ok(s, intake_creditor(s->engine, "", &creditor, &s->err));
	scratch_ok(s, intake_book_invoice(s->engine, creditor, &profile, &row, now, &sum, &s->err));
	scratch_ok(s, store_commit(s->engine->store, &s->err));
}

/* A plan pass and a send pass; how many messages left. */
static inline int64_t scratch_pass(struct scratch *s, instant_t now)
{
	struct plan_summary plan;
	struct send_summary sent;

	scratch_ok(s, plan_run(s->engine, now, false, &plan, &s->err));
	scratch_ok(s, send_run(s->engine, "unit", now, false, &sent, &s->err));
	return sent.sent;
}

#endif
