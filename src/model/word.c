/* word.c - see word.h. */
#include "model/word.h"

#include <stddef.h>
#include <string.h>

#include "base/must.h"

static bool word_find(const char *const *words, int count, const char *text, int *out)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* One set of words: its texts, its name function and its parser. */
#define WORDS(type, prefix, count, ...)						\
	static const char *const prefix##_words[] = { __VA_ARGS__ };		\
	_Static_assert(sizeof(prefix##_words) / sizeof(prefix##_words[0]) ==	\
	    (size_t)(count), #prefix ": a text for each word");			\
	const char *prefix##_name(enum type word)				\
	{									\
		must((int)word >= 0 && (int)word < (int)(count));		\
		return prefix##_words[word];					\
	}									\
	bool prefix##_parse(const char *text, enum type *out)			\
	{									\
		int i;								\
										\
		if (!word_find(prefix##_words, (int)(count), text, &i))		\
			return false;						\
		*out = (enum type)i;						\
		return true;							\
	}									\
	_Static_assert(1, "")

WORDS(channel, channel, CHANNELS, "email", "sms", "letter", "call");
WORDS(tone, tone, TONES, "warm", "neutral", "firm");
WORDS(party, party, PARTIES, "consumer", "business", "public");
WORDS(role, role, ROLES, "own", "third_party");
WORDS(hold_type, hold_type, HOLD_TYPES, "dispute", "paid_claimed", "promise",
    "plan", "hardship", "wrong_person", "legal", "manual", "bank_stale");
WORDS(hold_scope, hold_scope, SCOPES, "invoice", "case", "debtor", "creditor");
WORDS(entry_type, entry_type, ENTRY_TYPES, "principal", "credit", "allocation",
    "fee", "interest", "waiver", "write_off");
