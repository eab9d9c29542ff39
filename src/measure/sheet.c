/* sheet.c - see sheet.h. */
#include "measure/sheet.h"

#include <string.h>

const struct sheet_column *sheet_find(const struct sheet *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->columns[i] != NULL && strcmp(s->columns[i]->name, name) == 0)
			return s->columns[i];
	return NULL;
}

int sheet_word(const struct sheet_column *c, const char *word)
{
	for (size_t i = 0; i < c->word_count; i++)
		if (strcmp(c->words[i], word) == 0)
			return (int)i;
	return -1;
}
