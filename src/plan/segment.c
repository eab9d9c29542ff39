/* segment.c - see segment.h. */
#include "plan/segment.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/money.h"
#include "base/must.h"

static void read_name(struct json_at *at, const char *key, char out[SCHEDULE_WORD_BYTES])
{
	const char *word = json_want_string(at, key);
	const size_t len = strlen(word);

	if (len == 0 || len >= SCHEDULE_WORD_BYTES ||
	    strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len) {
		json_fail(at, "\"%s\": use only a-z, 0-9, '_' and '-', at most %d", key,
		    SCHEDULE_WORD_BYTES - 1);
		return;
	}
	memcpy(out, word, len + 1);
}

/* What a word must look like; NULL: it is right. */
typedef const char *wanted_fn(const char *word);

static const char *wanted_text(const char *word)
{
	return word[0] != '\0' ? NULL : "a text that is not empty";
}

static const char *wanted_country(const char *word)
{
	return strlen(word) == 2 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 ? NULL :
	    "a country in two capital letters, e.g. \"DK\"";
}

static const char *wanted_currency(const char *word)
{
	return currency_exponent(word) >= 0 ? NULL : "a currency known here, e.g. \"DKK\"";
}

static const char *wanted_lang(const char *word)
{
	return strlen(word) == 2 && strspn(word, "abcdefghijklmnopqrstuvwxyz") == 2 ? NULL :
	    "a language in two small letters, e.g. \"da\"";
}

static void read_words(void *ctx, struct json_at *when, const char *key, wanted_fn *wanted,
    struct segment_words *out)
{
	struct json_at list = json_may_array(when, key);

	if (list.value != NULL && json_length(&list) == 0)
		json_fail(&list, "is empty; name at least one, or leave \"%s\" out", key);
	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);
		const char *word = json_as_string(&item), *wrong = wanted(word);

		if (wrong != NULL)
			json_fail(&item, "\"%.40s\" is not right; write %s", word, wrong);
		if (i == SEGMENT_CHOICES_MAX) {
			json_fail(&list, "has more than %d words", SEGMENT_CHOICES_MAX);
			return;
		}
		out->words[out->count] = talloc_strdup(ctx, word);
		must(out->words[out->count] != NULL);
		out->count++;
	}
}

static void read_parties(struct json_at *when, struct segment *s)
{
	struct json_at list = json_may_array(when, "party");
	const char *words[PARTIES];

	for (int i = 0; i < PARTIES; i++)
		words[i] = party_name((enum party)i);
	if (list.value != NULL && json_length(&list) == 0)
		json_fail(&list, "is empty; name at least one, or leave \"party\" out");
	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);

		s->parties |= 1u << json_as_word(&item, words, PARTIES);
	}
}

static void read_segment(struct segments *all, struct json_at *at)
{
	struct segment *s = &all->list[all->count];
	struct json_at when;

	read_name(at, "name", s->name);
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->list[i].name, s->name) == 0)
			json_fail(at, "a segment \"%s\" stands above already", s->name);
	read_name(at, "schedule", s->schedule);
	when = json_want_object(at, "when");
	read_words(all, &when, "creditor", wanted_text, &s->creditor);
	read_words(all, &when, "country", wanted_country, &s->country);
	read_words(all, &when, "currency", wanted_currency, &s->currency);
	read_words(all, &when, "lang", wanted_lang, &s->lang);
	read_words(all, &when, "segment", wanted_text, &s->segment);
	read_parties(&when, s);
	json_close(&when);
	json_close(at);
	all->count++;
}

struct segments *segments_parse(void *ctx, const char *name, const char *text, size_t len,
    struct err *err)
{
	struct segments *all = talloc_zero(ctx, struct segments);
	struct json_at root, list;
	struct json_doc doc;

	must(all != NULL);
	if (!json_doc_parse(&doc, name, text, len, err)) {
		talloc_free(all);
		return NULL;
	}
	root = json_doc_root(&doc);
	(void)json_may_string(&root, "description", "");
	list = json_want_array(&root, "segments");
	if (json_length(&list) > SEGMENTS_MAX)
		json_fail(&list, "has more than %d segments", SEGMENTS_MAX);
	for (size_t i = 0; i < json_length(&list) && i < SEGMENTS_MAX; i++) {
		struct json_at item = json_item(&list, i);

		read_segment(all, &item);
	}
	json_close(&root);
	json_doc_release(&doc);
	if (err_is_set(err)) {
		talloc_free(all);
		return NULL;
	}
	return all;
}

static bool has_word(const struct segment_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->words[i], word) == 0)
			return true;
	return words->count == 0;
}

const struct segment *segments_find(const struct segments *all, const struct segment_question *q)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct segment *s = &all->list[i];

		if (has_word(&s->creditor, q->creditor) && has_word(&s->country, q->country) &&
		    has_word(&s->currency, q->currency) && has_word(&s->lang, q->lang) &&
		    has_word(&s->segment, q->segment) &&
		    (s->parties == 0 || (s->parties >> q->party & 1) != 0))
			return s;
	}
	return NULL;
}
