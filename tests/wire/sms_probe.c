/* sms_probe.c - measures SMS texts for a test: one JSON string per line in,
 * "alphabet units parts" per line out ("bad" when it is not UTF-8).  With the argument
 * "plain": the text as it would be sent, a JSON string again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "model/sms.h"

static void measure(const json_t *text)
{
	struct sms_size size;

	if (sms_measure(json_string_value(text), json_string_length(text), &size))
		printf("%s %d %d\n", sms_alphabet_name(size.alphabet), size.units, size.parts);
	else
		printf("bad\n");
}

static void make_plain(const json_t *text)
{
	char *plain = sms_plain(NULL, json_string_value(text));
	json_t *made = json_string(plain);

	must(json_dumpf(made, stdout, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) == 0);
	printf("\n");
	json_decref(made);
	talloc_free(plain);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_t *text = json_loads(line, JSON_DECODE_ANY, NULL);

		must(json_is_string(text));
		if (argc > 1 && strcmp(argv[1], "plain") == 0)
			make_plain(text);
		else
			measure(text);
		json_decref(text);
	}
	free(line);
	return 0;
}
