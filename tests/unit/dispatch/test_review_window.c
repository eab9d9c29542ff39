/* A message that waited behind others in its batch until its window had closed
 * is given back, not sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "dispatch/dispatch.h"

#define DATE 1795251600

struct place {
	char			dir[256];
	enum send_outcome	outcome[3];
	char			detail[3][DISPATCH_DETAIL_BYTES];
};

/* Each takes more than a second: a slow relay. */
static void done(void *arg, int64_t contact_id, const struct dispatch_result *r)
{
	const struct timespec second = { .tv_sec = 1, .tv_nsec = 100000000 };
	struct place *place = arg;

	place->outcome[contact_id] = r->outcome;
	memcpy(place->detail[contact_id], r->detail, sizeof(r->detail));
	(void)nanosleep(&second, NULL);
}

static void window_closes(void **state)
{
	struct message first = { .contact_id = 1, .channel = CHANNEL_SMS, .to = "+4520123456",
	    .from = "Butik", .text = "Hej", .date = DATE, .dead_at = DATE + 2 };
	const char *tmp = getenv("TMPDIR");
	struct place place = { 0 };
	void *ctx = talloc_new(NULL);
	struct dispatch_settings settings = { .transfer_seconds_max = 1 };
	struct message second = first;
	struct dispatch *dispatch;
	struct err err = { 0 };

	(void)state;
	(void)snprintf(place.dir, sizeof(place.dir), "%s/purr-window-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(place.dir));
	settings.outbox = place.dir;
	dispatch = dispatch_open(ctx, &settings, NULL, &err);
	assert_non_null(dispatch);
	second.contact_id = 2;
	dispatch_submit(dispatch, &first, done, &place);
	dispatch_submit(dispatch, &second, done, &place);
	assert_true(dispatch_drain(dispatch, &err));
	assert_int_equal(place.outcome[1], SEND_TAKEN);
	assert_int_equal(place.outcome[2], SEND_LATER);
	assert_string_equal(place.detail[2], "window closed");
	dispatch_close(dispatch);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(window_closes) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
