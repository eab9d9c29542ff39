/* lint.c - see lint.h.  Files are judged line by line as they were written;
 * texts as the sample debtor would get them. */
#include "compose/lint.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "compose/compose.h"
#include "compose/library.h"
#include "compose/lint_words.h"
#include "compose/lix.h"
#include "compose/sample.h"
#include "compose/slots.h"
#include "compose/text.h"
#include "model/sms.h"

#define PROBLEM_BYTES_MAX 300
#define CAPITALS_MIN 3		/* letters of a word that would shout */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct lint {
	const struct library	*lib;
	void			*ctx;
	const struct lint_sink	*sink;
};

static void report(const struct lint *, const char *path, int line, const char *fmt, ...)
    __attribute__((__format__(__printf__, 4, 5)));

static void report(const struct lint *lint, const char *path, int line,
    const char *fmt, ...)
{
	char text[PROBLEM_BYTES_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	lint->sink->problem(lint->sink->arg,
	    &(struct lint_problem){ .path = path, .line = line, .text = text });
}

/* --- lines as they were written ------------------------------------------------ */

/* Lower case, tags and declarations blanked out; the length stays.  Letters
 * beyond ASCII: U+00C0 to U+00DE, which is where the Nordic ones are. */
static char *plain_line(void *ctx, struct view line, bool lower)
{
	char *text = talloc_strndup(ctx, line.at, line.len);
	const char *close = NULL;
	size_t i;

	must(text != NULL);
	for (i = 0; i < line.len; i++) {
		const unsigned char c = (unsigned char)text[i];
		const unsigned char before = i > 0 ? (unsigned char)text[i - 1] : 0;

		if (close == NULL && strncmp(line.at + i, "{{", 2) == 0 && i + 1 < line.len)
			close = "}}";
		else if (close == NULL && c == '<')
			close = ">";
		if (close != NULL) {
			const bool ends = strncmp(line.at + i, close, strlen(close)) == 0;

			text[i] = ' ';
			if (ends && close[1] == '}')
				text[++i] = ' ';
			if (ends)
				close = NULL;
		} else if (lower && before == 0xc3 && c >= 0x80 && c <= 0x9e) {
			text[i] = (char)(c + 0x20);
		} else if (lower && c < 0x80) {
			text[i] = (char)tolower(c);
		}
	}
	return text;
}

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool has_word(const char *line, const struct lint_word *w)
{
	const size_t len = strlen(w->word);

	for (const char *at = strstr(line, w->word); at != NULL; at = strstr(at + 1, w->word))
		if ((at == line || !is_letter(at[-1])) && (!w->whole || !is_letter(at[len])))
			return true;
	return false;
}

static void lint_line_words(const struct lint *lint, const struct source *s,
    const char *line, int number, bool is_subject)
{
	const bool notice = s->legal_notice || strstr(s->name, "formal_notice") != NULL;

	for (size_t i = 0; i < COUNT(lint_words); i++) {
		const struct lint_word *w = &lint_words[i];

		if (strcmp(w->lang, s->lang) != 0 || !has_word(line, w) ||
		    (w->in_notice && notice && !is_subject))
			continue;
		report(lint, s->path, number, "\"%s\" is %s%s", w->word,
		    w->in_notice ? "not for here: " : "", w->why);
	}
}

static bool is_known_capital(const char *word, size_t len)
{
	for (size_t i = 0; i < COUNT(lint_capitals); i++)
		if (strlen(lint_capitals[i]) == len && strncmp(lint_capitals[i], word, len) == 0)
			return true;
	return false;
}

static void lint_line_capitals(const struct lint *lint, const struct source *s,
    const char *line, int number)
{
	for (const char *at = line; *at != '\0';) {
		size_t len = 0, letters = 0;
		bool capitals = true;

		for (; is_letter(at[len]); len++) {
			const unsigned char c = (unsigned char)at[len];
			const bool second = len > 0 && (unsigned char)at[len - 1] == 0xc3;

			letters += c < 0x80 || second;
			capitals = capitals && (c == 0xc3 || (second ? c <= 0x9e : isupper(c)));
		}
		if (letters >= CAPITALS_MIN && capitals && !is_known_capital(at, len))
			report(lint, s->path, number, "\"%.*s\": capitals shout", (int)len, at);
		at += len > 0 ? len : 1;
	}
}

static void lint_line(const struct lint *lint, const struct source *s, struct view line,
    int number, bool is_subject)
{
	const char *lower = plain_line(lint->ctx, line, true);
	const char *plain = plain_line(lint->ctx, line, false);

	if (strchr(plain, '!') != NULL)
		report(lint, s->path, number, "an exclamation mark shouts; end with a full stop");
	lint_line_words(lint, s, lower, number, is_subject);
	lint_line_capitals(lint, s, plain, number);
	for (size_t i = 0; s->partial && s->form == FORM_HTML && i < COUNT(lint_loads); i++)
		if (memmem(line.at, line.len, lint_loads[i], strlen(lint_loads[i])) != NULL)
			report(lint, s->path, number, "\"%s\": a mail loads nothing and "
			    "runs nothing", lint_loads[i]);
}

static void lint_source(const struct lint *lint, const struct source *s)
{
	struct view rest = s->body;
	int number = s->body_line;

	if (s->subject.len > 0)
		lint_line(lint, s, s->subject, s->subject_line, true);
	for (; rest.len > 0; number++) {
		const char *end = memchr(rest.at, '\n', rest.len);
		const size_t len = end != NULL ? (size_t)(end - rest.at) : rest.len;

		lint_line(lint, s, (struct view){ rest.at, len }, number, false);
		rest.at += len + (end != NULL);
		rest.len -= len + (end != NULL);
	}
}

/* --- texts -------------------------------------------------------------------- */

static const struct text_name *name_in(const struct text *text, const char *name)
{
	for (size_t i = 0; i < text->name_count; i++)
		if (strcmp(text->names[i].name, name) == 0)
			return &text->names[i];
	return NULL;
}

/* What `text` uses and the neutral tone does not, or the other way round. */
static void lint_missing(const struct lint *lint, const struct text *text,
    const struct text *other)
{
	for (size_t i = 0; i < text->name_count; i++) {
		const struct text_name *n = &text->names[i];

		if (name_in(other, n->name) == NULL)
			report(lint, n->template, n->line, "%s is used here, and not in %s: the "
			    "tone may change the voice, not the facts", n->name,
			    other->source->path);
	}
}

static void lint_tone(const struct lint *lint, const struct text *text)
{
	const struct source *s = text->source;
	const struct text *neutral = library_find(lint->lib, s->channel, s->lang, s->name,
	    TONE_NEUTRAL);

	must(neutral != NULL);
	if (neutral != text) {
		lint_missing(lint, text, neutral);
		lint_missing(lint, neutral, text);
		if (s->legal_notice != neutral->source->legal_notice)
			report(lint, s->path, 1, "legal_notice differs from the neutral tone");
	}
}

static void lint_link(const struct lint *lint, const struct text *text)
{
	const struct text_name *link = name_in(text, "link_url");

	if (link == NULL || link->uses != 1)
		report(lint, text->source->path, 1, "link_url must stand exactly once, it "
		    "stands %d times", link != NULL ? link->uses : 0);
	if (text->html != NULL && text->html_links != 1)
		report(lint, text->source->path, 1, "link_url must stand exactly once in the "
		    "HTML part, it stands %d times", text->html_links);
}

static bool is_required(const struct source *s, const char *name)
{
	for (size_t i = 0; i < s->require_count; i++)
		if (view_is(s->requires[i], name))
			return true;
	return false;
}

static void lint_notice(const struct lint *lint, const struct text *text)
{
	const struct source *s = text->source;

	if (!s->legal_notice && strcmp(s->name, "formal_notice") == 0)
		report(lint, s->path, 1, "a formal notice says 'legal_notice: yes'");
	if (!s->legal_notice)
		return;
	if (s->channel == CHANNEL_SMS)
		report(lint, s->path, 1, "a legal notice names the whole claim, and an SMS may "
		    "not: use e-mail or letter");
	for (size_t i = 0; i < COUNT(lint_notice_names); i++)
		if (name_in(text, lint_notice_names[i]) == NULL)
			report(lint, s->path, 1, "a legal notice must name %s",
			    lint_notice_names[i]);
	for (size_t i = 0; i < COUNT(lint_notice_requires); i++)
		if (!is_required(s, lint_notice_requires[i]))
			report(lint, s->path, 1, "a legal notice must have %s under requires",
			    lint_notice_requires[i]);
}

static bool sample_message(const struct lint *lint, const struct source *s,
    enum sample_size size, const char *law, struct message *out)
{
	struct err err = { 0 };
	struct message_facts facts = sample_facts(s->channel, s->lang, s->name, s->tone, size);

	facts.legal_notice = s->legal_notice;
	facts.law = law;
	if (compose_message(lint->lib, lint->ctx, &facts, out, &err))
		return true;
	report(lint, s->path, 1, "cannot be made with the sample facts: %s", err.text);
	return false;
}

/* One part more where a second link stands in it: the way out. */
static int asks_way_out(const struct message *m)
{
	const char *link = strstr(m->text, "https://");

	return link != NULL && strstr(link + 1, "https://") != NULL;
}

/* Parts of the longest: a law may ask for words of its own. */
static int lint_sms(const struct lint *lint, const struct source *s)
{
	int most = 0;

	for (size_t i = 0; slots_law(i) != NULL; i++) {
		struct message m = { 0 };
		struct sms_size size;
		uint32_t outsider = 0;
		size_t offset;

		if (!sample_message(lint, s, SAMPLE_LONG, slots_law(i), &m) ||
		    !sms_measure(m.text, strlen(m.text), &size))
			return most;
		if (sms_outsider(m.text, strlen(m.text), &outsider, &offset))
			report(lint, s->path, 1, "U+%04X is not in the SMS alphabet: the whole "
			    "message would take more than twice the room", (unsigned)outsider);
		if (size.parts > SMS_PARTS_MAX + asks_way_out(&m))
			report(lint, s->path, 1, "%d SMS parts with long names under the rules "
			    "of %s; at most %d", size.parts, slots_law(i),
			    SMS_PARTS_MAX + asks_way_out(&m));
		if (size.parts > most)
			most = size.parts;
	}
	return most;
}

static int lix_max(const char *lang)
{
	for (size_t i = 0; i < COUNT(lix_limits); i++)
		if (strcmp(lix_limits[i].lang, lang) == 0)
			return lix_limits[i].most;
	return LIX_MAX;
}

/* The whole under one law: how large it is, and how easily it reads; 0 where
 * there are too few words to tell. */
static int lint_law(const struct lint *lint, const struct source *s, const char *law,
    struct lint_figures *figures)
{
	struct message m = { 0 };
	struct lix lix;

	if (!sample_message(lint, s, SAMPLE_ORDINARY, law, &m))
		return 0;
	lix = lix_measure(m.text);
	if (lix.value > figures->lix)
		figures->lix = lix.value;
	if (strlen(m.text) > figures->text_bytes)
		figures->text_bytes = strlen(m.text);
	if (strlen(m.html) > figures->html_bytes)
		figures->html_bytes = strlen(m.html);
	return lix.words >= LIX_WORDS_MIN ? lix.value : 0;
}

static void lint_rendered(const struct lint *lint, const struct text *text)
{
	const struct source *s = text->source;
	struct lint_figures figures = { .path = s->path, .channel = s->channel };

	int hardest = 0;

	for (size_t i = 0; slots_law(i) != NULL; i++) {
		const int lix = lint_law(lint, s, slots_law(i), &figures);

		hardest = lix > hardest ? lix : hardest;
	}
	if (hardest > lix_max(s->lang))
		report(lint, s->path, 1, "LIX %d, at most %d: shorter sentences, shorter words",
		    hardest, lix_max(s->lang));
	if (figures.html_bytes > MAIL_HTML_BYTES_MAX)
		report(lint, s->path, 1, "an HTML part of %zu bytes; at most %d",
		    figures.html_bytes, MAIL_HTML_BYTES_MAX);
	if (s->channel == CHANNEL_SMS)
		figures.sms_parts = lint_sms(lint, s);
	lint->sink->figures(lint->sink->arg, &figures);
}

void lint_library(const struct library *lib, void *ctx, const struct lint_sink *sink)
{
	struct lint lint = { .lib = lib, .ctx = talloc_new(ctx), .sink = sink };

	must(lint.ctx != NULL);
	for (size_t i = 0; i < library_source_count(lib); i++)
		lint_source(&lint, library_source(lib, i));
	for (size_t i = 0; i < library_text_count(lib); i++) {
		const struct text *text = library_text(lib, i);

		lint_tone(&lint, text);
		lint_link(&lint, text);
		lint_notice(&lint, text);
		lint_rendered(&lint, text);
	}
	talloc_free(lint.ctx);
}
