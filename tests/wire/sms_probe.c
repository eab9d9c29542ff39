/* sms_probe.c - measures SMS texts for a test: one JSON string per line in,
 * "alphabet units parts" per line out ("bad" when it is not UTF-8). */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/must.h"
#include "model/sms.h"

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_t *text = json_loads(line, JSON_DECODE_ANY, NULL);
		struct sms_size size;

		must(json_is_string(text));
		if (sms_measure(json_string_value(text), json_string_length(text), &size))
			printf("%s %d %d\n", sms_alphabet_name(size.alphabet), size.units, size.parts);
		else
			printf("bad\n");
		json_decref(text);
	}
	free(line);
	return 0;
}
