/* fuzz_mail.c - net/mail_read.h on any bytes: parts, charsets, HTML, quotes, reports. */
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "net/mail_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct str out;

	str_init(&out, ctx, MAIL_JSON_BYTES_MAX);
	if (mail_read((const char *)data, size, &out)) {
		json_t *mail = json_loads(out.at, JSON_REJECT_DUPLICATES, NULL);

		must(str_ok(&out) && json_is_object(mail));
		json_decref(mail);
	}
	talloc_free(ctx);
	return 0;
}
