/* lix.c - see lix.h. */
#include "compose/lix.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"

/* One token between spaces: adds it as a word, and a sentence's end. */
static void take_token(struct lix *l, struct view token, int *words_in_sentence)
{
	int letters = 0;
	bool word = true;
	char last = token.at[token.len - 1];

	for (size_t i = 0; i < token.len; i++) {
		const unsigned char c = (unsigned char)token.at[i];

		if (isdigit(c) || c == '@' || c == '/')
			word = false;
		letters += isalpha(c) || c >= 0xc0;	/* lead bytes: one each */
	}
	if (word && letters > 0) {
		l->words++;
		(*words_in_sentence)++;
		l->long_words += letters >= LIX_LONG_WORD_LETTERS;
	}
	if (strchr(".?!:", last) != NULL && *words_in_sentence > 0) {
		l->sentences++;
		*words_in_sentence = 0;
	}
}

static void take_line(struct lix *l, struct view line)
{
	int words_in_sentence = 0;
	size_t from = 0;

	for (size_t i = 0; i <= line.len; i++) {
		if (i < line.len && line.at[i] != ' ')
			continue;
		if (i > from)
			take_token(l, (struct view){ line.at + from, i - from },
			    &words_in_sentence);
		from = i + 1;
	}
	l->sentences += words_in_sentence > 0;
}

static void take_text(struct lix *l, const char *text, bool prose_only)
{
	while (*text != '\0') {
		const size_t len = strcspn(text, "\n");
		const struct view line = view_trim((struct view){ text, len });

		if (line.len > 0 && (!prose_only || strchr(".?", line.at[line.len - 1]) != NULL))
			take_line(l, line);
		text += len + (text[len] != '\0');
	}
}

struct lix lix_measure(const char *text)
{
	struct lix l = { 0 };

	take_text(&l, text, true);
	if (l.words == 0)
		take_text(&l, text, false);
	if (l.words > 0) {
		/* Rounded to the nearest: words/sentences + 100 long/words. */
		const long top = (long)l.words * l.words + 100L * l.long_words * l.sentences;
		const long bottom = (long)l.sentences * l.words;

		l.value = (int)((2 * top + bottom) / (2 * bottom));
	}
	return l;
}
