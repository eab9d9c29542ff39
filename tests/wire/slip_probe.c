/* slip_probe.c - check digits and slip lines for a test: one JSON object per line in
 * ({"check": KIND, "text": ...} or an account and what is asked), JSON out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/json_look.h"
#include "base/must.h"
#include "pay/reference.h"
#include "pay/slip.h"

static bool check(const char *kind, const char *text)
{
	static const struct { const char *kind; bool (*is)(const char *); } kinds[] = {
		{ "luhn", reference_luhn }, { "kid", reference_kid }, { "account", reference_norwegian_account },
		{ "ocr", reference_ocr },
		{ "viite", reference_viite }, { "rf", reference_rf }, { "iban", reference_iban },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].is(text);
	must(!"a kind");
	return false;
}

static json_t *make(void *ctx, const json_t *o)
{
	const struct slip_account account = { .name = json_word_of(o, "name"),
	    .fik = json_word_of(o, "fik"), .bankgiro = json_word_of(o, "bankgiro"),
	    .kid_account = json_word_of(o, "kid_account"), .iban = json_word_of(o, "iban"),
	    .bic = json_word_of(o, "bic") };
	struct slip_ask ask = { .reference = json_word_of(o, "reference"),
	    .minor = json_count_of(o, "minor"), .due_on = DAY_NONE };
	const char *due = json_word_of(o, "due");
	const char *fault = slip_account_fault(&account);
	struct slip slip;

	must(*due == '\0' || day_parse_iso(&due, &ask.due_on));
	memcpy(ask.currency, json_word_of(o, "currency"), CURRENCY_BYTES);
	slip = slip_make(ctx, &account, &ask);
	return json_pack("{s:s, s:s, s:s}", "line", slip.line, "code", slip.code, "fault",
	    fault != NULL ? fault : "");
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		void *ctx = talloc_new(NULL);
		json_t *o = json_loads(line, 0, NULL), *out;
		const char *kind = json_word_of(o, "check");
		char *text;

		must(o != NULL);
		out = *kind != '\0' ? json_boolean(check(kind, json_word_of(o, "text"))) : make(ctx, o);
		text = json_dumps(out, JSON_COMPACT | JSON_ENCODE_ANY);
		puts(text);
		free(text);
		json_decref(out);
		json_decref(o);
		talloc_free(ctx);
	}
	free(line);
	return 0;
}
