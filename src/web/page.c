/* page.c - see page.h. */
#include "web/page.h"

#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "base/must.h"
#include "base/secret.h"
#include "base/tmpl.h"
#include "web/page_facts.h"

#define PAGE_FOLDER "templates/page/"
#define PAGE_SUFFIX ".mustache"
#define FILES_PER_LANG_MAX 64
#define STYLE_BYTES_MAX (20 * 1024)
#define VERSION_DIGITS 8

static const char *const page_names[PAGES] = {
	"pay", "later", "parts", "paid", "wrong", "wrong_check", "help", "done", "rate",
	"rated", "settled", "passed", "unsubscribe", "unsubscribed", "gone", "trouble"
};

struct file {
	struct view	 name;			/* "pay", "_layout" */
	struct tmpl	*tmpl;
};

struct lang {
	char			 code[3];
	struct file		 files[FILES_PER_LANG_MAX];
	size_t			 file_count;
	struct tmpl_bound	*pages[PAGES];
};

struct page_library {
	struct lang	 langs[PAGE_LANGS_MAX];
	size_t		 lang_count;
	struct view	 style;
	const char	*style_url;
};

struct page_library *page_library_new(void *ctx)
{
	struct page_library *lib = talloc_zero(ctx, struct page_library);

	must(lib != NULL);
	return lib;
}

static const struct lang *lang_find(const struct page_library *lib, const char *code)
{
	for (size_t i = 0; i < lib->lang_count; i++) {
		if (strcmp(lib->langs[i].code, code) == 0)
			return &lib->langs[i];
	}
	return NULL;
}

static struct lang *lang_want(struct page_library *lib, const char *code)
{
	for (size_t i = 0; i < lib->lang_count; i++) {
		if (memcmp(lib->langs[i].code, code, 2) == 0)
			return &lib->langs[i];
	}
	if (lib->lang_count == PAGE_LANGS_MAX)
		return NULL;
	memcpy(lib->langs[lib->lang_count].code, code, 2);
	return &lib->langs[lib->lang_count++];
}

static const struct tmpl *file_find(const struct lang *lang, struct view name)
{
	for (size_t i = 0; i < lang->file_count; i++) {
		const struct file *f = &lang->files[i];

		if (f->name.len == name.len && memcmp(f->name.at, name.at, name.len) == 0)
			return f->tmpl;
	}
	return NULL;
}

static bool add_style(struct page_library *lib, const char *text, size_t len, struct err *err)
{
	char hash[HASH_HEX_BYTES];

	if (len > STYLE_BYTES_MAX)
		return err_set(err, ERR_INPUT, "%s: larger than %d bytes",
		    PAGE_STYLE_PATH, STYLE_BYTES_MAX);
	sha256_hex(text, len, hash);
	lib->style = (struct view){ talloc_memdup(lib, text, len), len };
	lib->style_url = talloc_asprintf(lib, "/static/purr.css?v=%.*s", VERSION_DIGITS, hash);
	must(lib->style.at != NULL && lib->style_url != NULL);
	return true;
}

bool page_library_add(struct page_library *lib, const char *path, const char *text,
    size_t len, struct err *err)
{
	const size_t folder = strlen(PAGE_FOLDER), suffix = strlen(PAGE_SUFFIX);
	const size_t path_len = strlen(path);
	struct tmpl_text source = { .text = { text, len }, .kind = TMPL_HTML };
	struct lang *lang;
	struct file *file;

	if (strcmp(path, PAGE_STYLE_PATH) == 0)
		return add_style(lib, text, len, err);
	if (path_len < folder + suffix + 4 || strncmp(path, PAGE_FOLDER, folder) != 0 ||
	    path[folder + 2] != '/' || strcmp(path + path_len - suffix, PAGE_SUFFIX) != 0)
		return err_set(err, ERR_INPUT, "%s: not " PAGE_FOLDER "LANG/NAME"
		    PAGE_SUFFIX, path);
	lang = lang_want(lib, path + folder);
	if (lang == NULL || lang->file_count == FILES_PER_LANG_MAX)
		return err_set(err, ERR_INPUT, "%s: too many files or languages", path);
	source.name = talloc_strdup(lib, path);
	must(source.name != NULL);
	file = &lang->files[lang->file_count];
	file->name = (struct view){ source.name + folder + 3,
	    path_len - folder - 3 - suffix };
	if (file_find(lang, file->name) != NULL)
		return err_set(err, ERR_INPUT, "%s: is there twice", path);
	file->tmpl = tmpl_compile(lib, &source, err);
	if (file->tmpl == NULL)
		return false;
	lang->file_count++;
	return true;
}

bool page_library_add_assets(struct page_library *lib, struct err *err)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		if (strncmp(a->path, PAGE_FOLDER, strlen(PAGE_FOLDER)) == 0 &&
		    !page_library_add(lib, a->path, a->at, (size_t)(a->end - a->at), err))
			return false;
	}
	return true;
}

static const struct tmpl *partial_find(void *arg, struct view name, struct err *err)
{
	(void)err;
	return file_find(arg, name);
}

static bool lang_close(struct page_library *lib, struct lang *lang, struct err *err)
{
	const struct tmpl_partials partials = { partial_find, lang };

	for (size_t i = 0; i < PAGES; i++) {
		const struct tmpl *tmpl = file_find(lang, view_of(page_names[i]));

		if (tmpl == NULL)
			return err_set(err, ERR_INPUT, PAGE_FOLDER "%s/%s" PAGE_SUFFIX
			    ": is missing", lang->code, page_names[i]);
		lang->pages[i] = tmpl_bind(lib, tmpl, &page_layout, &partials, err);
		if (lang->pages[i] == NULL)
			return false;
	}
	return true;
}

bool page_library_close(struct page_library *lib, struct err *err)
{
	if (lib->lang_count == 0 || lib->style_url == NULL)
		return err_set(err, ERR_INPUT, PAGE_FOLDER ": no pages, or no purr.css");
	for (size_t i = 0; i < lib->lang_count; i++) {
		if (!lang_close(lib, &lib->langs[i], err))
			return false;
	}
	return true;
}

bool page_has_lang(const struct page_library *lib, const char *lang)
{
	return lang_find(lib, lang) != NULL;
}

struct view page_style(const struct page_library *lib)
{
	return lib->style;
}

const char *page_style_url(const struct page_library *lib)
{
	return lib->style_url;
}

bool page_render(const struct page_library *lib, enum page_name name, const char *code,
    const struct page_facts *facts, struct str *out, struct err *err)
{
	const struct lang *lang = lang_find(lib, code);

	must(lang != NULL && (unsigned)name < PAGES);
	return tmpl_bound_render(lang->pages[name], facts, out, err);
}
