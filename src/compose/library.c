/* library.c - see library.h.
 *
 * Closing goes through the files twice: partials are compiled first, then each
 * text is wrapped in its channel's _layout and bound to the record of slots.h.
 * The layout names the text as {{> _body}} and its subject as {{> _subject}}.
 */
#include "compose/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "compose/slots.h"
#include "compose/text.h"

#define LIBRARY_FILES_MAX 4096
#define PAGES "templates/page/"
#define NAMED_BYTES_MAX 200		/* channel, language, step and tone as a path */

const char *const template_names[] = {
	"heads_up", "friendly_reminder", "fee_reminder", "formal_notice", NULL
};

struct library {
	struct source	**sources;	/* sorted by path once closed */
	struct tmpl	**partials;	/* beside sources; NULL for texts */
	size_t		 source_count;
	struct text	**texts;	/* sorted by path, too */
	size_t		 text_count;
	char		 hash[HASH_HEX_BYTES];
	bool		 closed;
};

struct library *library_new(void *ctx)
{
	struct library *lib = talloc_zero(ctx, struct library);

	must(lib != NULL);
	return lib;
}

bool library_add(struct library *lib, const char *path, const char *text, size_t len,
    struct err *err)
{
	struct source *source;

	must(!lib->closed);
	if (strncmp(path, PAGES, strlen(PAGES)) == 0)
		return true;	/* the debtor's pages are web/'s */
	if (lib->source_count == LIBRARY_FILES_MAX)
		return err_set(err, ERR_INPUT, "more than %d templates", LIBRARY_FILES_MAX);
	source = source_parse(lib, path, text, len, err);
	if (source == NULL)
		return false;
	lib->sources = talloc_realloc(lib, lib->sources, struct source *,
	    (unsigned)lib->source_count + 1);
	must(lib->sources != NULL);
	lib->sources[lib->source_count++] = source;
	return true;
}

bool library_add_assets(struct library *lib, struct err *err)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		if (strncmp(a->path, "templates/", 10) != 0)
			continue;
		if (!library_add(lib, a->path, a->at, (size_t)(a->end - a->at), err))
			return false;
	}
	return true;
}

/* --- finding ------------------------------------------------------------------ */

static int compare_sources(const void *a, const void *b)
{
	const struct source *const *left = a, *const *right = b;

	return strcmp((*left)->path, (*right)->path);
}

static int compare_text_path(const void *path, const void *text)
{
	const struct text *const *t = text;

	return strcmp(path, (*t)->source->path);
}

const struct text *library_find(const struct library *lib, enum channel channel,
    const char *lang, const char *name, enum tone tone)
{
	char path[NAMED_BYTES_MAX];
	struct text **found;
	int n = snprintf(path, sizeof(path), "templates/%s/%s/%s.%s.mustache",
	    channel_name(channel), lang, name, tone_name(tone));

	must(lib->closed);
	if (n < 0 || (size_t)n >= sizeof(path) || lib->text_count == 0)
		return NULL;
	found = bsearch(path, lib->texts, lib->text_count, sizeof(lib->texts[0]),
	    compare_text_path);
	return found != NULL ? *found : NULL;
}

bool library_speaks(const struct library *lib, const char *lang)
{
	for (size_t i = 0; i < lib->text_count; i++)
		if (strcmp(lib->texts[i]->source->lang, lang) == 0)
			return true;
	return false;
}

bool library_has(const struct library *lib, enum channel channel, const char *lang,
    const char *template, enum tone tone)
{
	return library_find(lib, channel, lang, template, tone) != NULL;
}

bool library_names(const struct library *lib, enum channel channel, const char *lang,
    const char *template, enum tone tone, const char *variable)
{
	const struct text *text = library_find(lib, channel, lang, template, tone);

	for (size_t i = 0; text != NULL && i < text->name_count; i++)
		if (!text->names[i].partial && strcmp(text->names[i].name, variable) == 0)
			return true;
	return false;
}

const char *library_hash(const struct library *lib)
{
	must(lib->closed);
	return lib->hash;
}

char *library_content(const struct library *lib, void *ctx)
{
	json_t *all = json_object();
	char *dump, *text;

	must(lib->closed && all != NULL);
	for (size_t i = 0; i < lib->source_count; i++)
		must(json_object_set_new(all, lib->sources[i]->path,
		    json_stringn(lib->sources[i]->text, lib->sources[i]->len)) == 0);
	dump = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	must(dump != NULL);
	text = talloc_strdup(ctx, dump);
	must(text != NULL);
	free(dump);
	json_decref(all);
	return text;
}

size_t library_text_count(const struct library *lib)
{
	return lib->text_count;
}

const struct text *library_text(const struct library *lib, size_t i)
{
	return lib->texts[i];
}

size_t library_source_count(const struct library *lib)
{
	return lib->source_count;
}

const struct source *library_source(const struct library *lib, size_t i)
{
	return lib->sources[i];
}

/* --- compiling ---------------------------------------------------------------- */

static struct tmpl *compile(void *ctx, const struct source *s, struct view text,
    int first_line, enum tmpl_kind kind, struct err *err)
{
	const struct tmpl_text what = {
		.name = s->path, .text = text, .first_line = first_line, .kind = kind,
	};

	return tmpl_compile(ctx, &what, err);
}

/* Where the partials of one text, in one form, come from. */
struct nest {
	const struct library	*lib;
	const struct source	*source;
	enum source_form	 form;
	const struct tmpl	*body, *subject;
};

/* A partial of the channel itself is preferred to a shared one. */
static const struct tmpl *find_partial(void *arg, struct view name, struct err *err)
{
	const struct nest *nest = arg;
	const struct tmpl *shared = NULL;

	(void)err;
	if (view_is(name, "_body"))
		return nest->body;
	if (view_is(name, "_subject"))
		return nest->subject;
	for (size_t i = 0; i < nest->lib->source_count; i++) {
		const struct source *s = nest->lib->sources[i];

		if (!s->partial || s->form != nest->form || !view_is(name, s->name) ||
		    strcmp(s->lang, nest->source->lang) != 0)
			continue;
		if (s->shared)
			shared = nest->lib->partials[i];
		else if (s->channel == nest->source->channel)
			return nest->lib->partials[i];
	}
	return shared;
}

static enum fact_place place_of(enum channel channel)
{
	switch (channel) {
	case CHANNEL_SMS:	return FACT_SMS;
	case CHANNEL_LETTER:	return FACT_LETTER;
	case CHANNEL_EMAIL:
	case CHANNEL_CALL:
	case CHANNELS:		break;
	}
	return FACT_EMAIL;
}

/* What tmpl_names() is asked for: to keep the names, and to refuse one that
 * may not stand in this place. */
struct naming {
	struct text	*text;
	enum fact_place	 place;
	bool		 keep;
	int		 links;
	struct err	*err;
};

static struct text_name *name_slot(struct text *text, struct view name)
{
	for (size_t i = 0; i < text->name_count; i++)
		if (view_is(name, text->names[i].name))
			return &text->names[i];
	if (text->name_count == TEXT_NAMES_MAX)
		return NULL;
	text->names[text->name_count] = (struct text_name){
		.name = talloc_strndup(text, name.at, name.len)
	};
	return &text->names[text->name_count++];
}

static bool take_name(void *arg, const struct tmpl_name_used *used)
{
	struct naming *naming = arg;
	const struct slot *slot = slot_find(used->name);
	struct text_name *kept;

	if (slot != NULL && (slot->where & naming->place) == 0)
		return err_set(naming->err, ERR_INPUT, "%s:%d: %s may not stand in %s: it shows "
		    "on a locked telephone", used->template, used->line, slot->name,
		    naming->place == FACT_SUBJECT ? "a subject" : "this channel");
	if (slot != NULL && used->use == TMPL_USE_VALUE && view_is(used->name, "link_url"))
		naming->links++;
	if (!naming->keep)
		return true;
	kept = name_slot(naming->text, used->name);
	if (kept == NULL)
		return err_set(naming->err, ERR_INPUT, "%s:%d: more than %d different names",
		    used->template, used->line, TEXT_NAMES_MAX);
	if (kept->uses++ == 0) {
		kept->template = talloc_strdup(naming->text, used->template);
		kept->line = used->line;
		kept->partial = used->use == TMPL_USE_PARTIAL;
	}
	return true;
}

static bool take_names(struct naming *naming, const struct tmpl *tmpl,
    struct nest *nest)
{
	const struct tmpl_partials partials = { find_partial, nest };

	return tmpl_names(tmpl, nest != NULL ? &partials : NULL, take_name, naming,
	    naming->err);
}

/* Wraps `body` in the layout and binds it to the record. */
static struct tmpl_bound *bind_part(struct text *text, struct nest *nest,
    struct naming *naming)
{
	const struct tmpl_partials partials = { find_partial, nest };
	const struct tmpl *layout = find_partial(nest, view_of("_layout"), naming->err);

	if (layout == NULL) {
		err_set(naming->err, ERR_INPUT, "%s: there is no _layout.%s.mustache beside it",
		    nest->source->path, nest->form == FORM_HTML ? "html" : "text");
		return NULL;
	}
	if (!take_names(naming, layout, nest))
		return NULL;
	return tmpl_bind(text, layout, &slots_layout, &partials, naming->err);
}

static bool close_subject(struct text *text, struct err *err)
{
	const struct source *s = text->source;
	struct naming naming = { text, FACT_SUBJECT, true, 0, err };
	struct tmpl *tmpl;

	if (s->subject.len == 0)
		return true;
	tmpl = compile(text, s, s->subject, s->subject_line, TMPL_LINE, err);
	if (tmpl == NULL || !take_names(&naming, tmpl, NULL))
		return false;
	text->subject = tmpl_bind(text, tmpl, &slots_layout, NULL, err);
	return text->subject != NULL;
}

static bool close_html(struct library *lib, struct text *text, struct err *err)
{
	const struct source *s = text->source;
	struct nest nest = { .lib = lib, .source = s, .form = FORM_HTML };
	struct naming naming = { text, FACT_EMAIL, false, 0, err };

	if (s->channel != CHANNEL_EMAIL)
		return true;
	nest.body = compile(text, s, view_of(source_html(text, s)), s->body_line,
	    TMPL_HTML, err);
	nest.subject = compile(text, s, view_of(source_html_subject(text, s)), s->subject_line,
	    TMPL_HTML, err);
	if (nest.body == NULL || nest.subject == NULL)
		return false;
	text->html = bind_part(text, &nest, &naming);
	text->html_links = naming.links;
	return text->html != NULL;
}

static bool close_text(struct library *lib, struct text *text, struct err *err)
{
	const struct source *s = text->source;
	struct nest nest = { .lib = lib, .source = s, .form = FORM_TEXT };
	struct naming naming = { text, place_of(s->channel), true, 0, err };

	for (size_t i = 0; i < s->require_count; i++) {
		const struct slot *slot = slot_find(s->requires[i]);

		if (slot == NULL || slot->rows[0] != '\0')
			return err_set(err, ERR_INPUT, "%s: requires the unknown name %.*s",
			    s->path, (int)s->requires[i].len, s->requires[i].at);
	}
	nest.body = compile(text, s, s->body, s->body_line, TMPL_TEXT, err);
	if (nest.body == NULL || !close_subject(text, err))
		return false;
	text->body = bind_part(text, &nest, &naming);
	return text->body != NULL && close_html(lib, text, err);
}

/* --- closing ------------------------------------------------------------------ */

static bool sort_sources(struct library *lib, struct err *err)
{
	struct str all;

	if (lib->source_count > 0)
		qsort(lib->sources, lib->source_count, sizeof(lib->sources[0]), compare_sources);
	str_init(&all, lib, (size_t)LIBRARY_FILES_MAX * 2 * TEMPLATE_FILE_BYTES_MAX);
	for (size_t i = 0; i < lib->source_count; i++) {
		const struct source *s = lib->sources[i];

		if (i > 0 && strcmp(lib->sources[i - 1]->path, s->path) == 0)
			return err_set(err, ERR_INPUT, "%s: given twice", s->path);
		str_printf(&all, "%s %zu\n", s->path, s->len);
		str_putn(&all, s->text, s->len);
	}
	sha256_hex(all.at, all.len, lib->hash);
	str_release(&all);
	return true;
}

static bool close_partials(struct library *lib, struct err *err)
{
	lib->partials = talloc_zero_array(lib, struct tmpl *, (unsigned)lib->source_count + 1);
	must(lib->partials != NULL);
	for (size_t i = 0; i < lib->source_count; i++) {
		const struct source *s = lib->sources[i];

		if (!s->partial)
			continue;
		lib->partials[i] = compile(lib, s, s->body, s->body_line,
		    s->form == FORM_HTML ? TMPL_HTML : TMPL_TEXT, err);
		if (lib->partials[i] == NULL)
			return false;
	}
	return true;
}

static bool close_texts(struct library *lib, struct err *err)
{
	lib->texts = talloc_zero_array(lib, struct text *, (unsigned)lib->source_count + 1);
	must(lib->texts != NULL);
	for (size_t i = 0; i < lib->source_count; i++) {
		struct text *text;

		if (lib->sources[i]->partial)
			continue;
		text = talloc_zero(lib, struct text);
		must(text != NULL);
		text->source = lib->sources[i];
		if (!close_text(lib, text, err))
			return false;
		lib->texts[lib->text_count++] = text;
	}
	return true;
}

/* A formal notice has no place in an SMS: it must hold the whole claim. */
static bool must_have(enum channel channel, const char *name)
{
	return channel != CHANNEL_SMS || strcmp(name, "formal_notice") != 0;
}

static bool has_tones(const struct library *lib, enum channel channel, const char *lang,
    const char *name, struct err *err)
{
	for (int tone = 0; tone < TONES; tone++)
		if (!library_has(lib, channel, lang, name, (enum tone)tone))
			return err_set(err, ERR_INPUT, "templates/%s/%s/%s.%s.mustache: is "
			    "missing; a step needs every tone, and a language every step",
			    channel_name(channel), lang, name, tone_name((enum tone)tone));
	return true;
}

/* What a channel has in one language must be whole. */
static bool is_complete(const struct library *lib, struct err *err)
{
	for (size_t i = 0; i < lib->text_count; i++) {
		const struct source *s = lib->texts[i]->source;

		if (!has_tones(lib, s->channel, s->lang, s->name, err))
			return false;
		for (size_t n = 0; template_names[n] != NULL; n++)
			if (must_have(s->channel, template_names[n]) &&
			    !has_tones(lib, s->channel, s->lang, template_names[n], err))
				return false;
	}
	return lib->text_count > 0 || err_set(err, ERR_INPUT, "there are no templates");
}

bool library_close(struct library *lib, struct err *err)
{
	must(!lib->closed);
	if (!sort_sources(lib, err) || !close_partials(lib, err) || !close_texts(lib, err))
		return false;
	lib->closed = true;
	return is_complete(lib, err);
}
