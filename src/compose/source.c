/* source.c - see source.h. */
#include "compose/source.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "compose/library.h"

#define ROOT "templates/"
#define SUFFIX ".mustache"
#define SHARED "shared"
#define HTML_BYTES_MAX (8 * TEMPLATE_FILE_BYTES_MAX)	/* every byte an entity, and tags */

/* Takes the part up to the first `mark` off the front of *v. */
static bool cut(struct view *v, char mark, struct view *front)
{
	const char *at = v->len > 0 ? memchr(v->at, mark, v->len) : NULL;

	if (at == NULL)
		return false;
	*front = (struct view){ v->at, (size_t)(at - v->at) };
	v->len -= front->len + 1;
	v->at = at + 1;
	return true;
}

static bool name_is_wellformed(struct view name)
{
	if (name.len == 0 || name.len > SOURCE_NAME_BYTES_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_.", name.at[i]) == NULL)
			return false;
	return true;
}

static const char *copy(void *ctx, struct view v)
{
	char *text = talloc_strndup(ctx, v.at, v.len);

	must(text != NULL);
	return text;
}

/* "_name.form" or "step.tone": parted at the last point. */
static bool read_file_name(struct source *s, struct view file, struct err *err)
{
	size_t point = file.len;
	struct view name, end;

	while (point > 0 && file.at[point - 1] != '.')
		point--;
	name = (struct view){ file.at, point > 0 ? point - 1 : 0 };
	end = (struct view){ file.at + point, file.len - point };
	if (!name_is_wellformed(name))
		return err_set(err, ERR_INPUT, "%s: the file's name must be STEP.TONE" SUFFIX
		    " or _PARTIAL.FORM" SUFFIX ", in a-z, 0-9 and _", s->path);
	s->name = copy(s, name);
	s->partial = s->name[0] == '_';
	if (s->partial) {
		s->form = view_is(end, "html") ? FORM_HTML : FORM_TEXT;
		if (s->form == FORM_TEXT && !view_is(end, "text"))
			return err_set(err, ERR_INPUT, "%s: a partial ends in .text" SUFFIX
			    " or .html" SUFFIX, s->path);
		return true;
	}
	if (strchr(s->name, '.') != NULL || !tone_parse(copy(s, end), &s->tone))
		return err_set(err, ERR_INPUT, "%s: a text ends in .warm, .neutral or .firm "
		    "and " SUFFIX, s->path);
	return true;
}

static bool read_path(struct source *s, struct err *err)
{
	struct view v = view_of(s->path), folder, lang;

	if (v.len < strlen(ROOT SUFFIX) || strncmp(v.at, ROOT, strlen(ROOT)) != 0 ||
	    strcmp(v.at + v.len - strlen(SUFFIX), SUFFIX) != 0)
		return err_set(err, ERR_INPUT, "%s: not " ROOT "..." SUFFIX, s->path);
	v.at += strlen(ROOT);
	v.len -= strlen(ROOT SUFFIX);
	if (!cut(&v, '/', &folder) || !cut(&v, '/', &lang))
		return err_set(err, ERR_INPUT, "%s: must lie in " ROOT "CHANNEL/LANGUAGE/",
		    s->path);
	s->shared = view_is(folder, SHARED);
	if (!s->shared && (!channel_parse(copy(s, folder), &s->channel) ||
	    s->channel == CHANNEL_CALL))
		return err_set(err, ERR_INPUT, "%s: the first folder must be email, sms, "
		    "letter or shared", s->path);
	s->lang = copy(s, lang);
	if (locale_find(s->lang, err) == NULL) {
		err_prefix(err, "%s", s->path);
		return false;
	}
	if (!read_file_name(s, v, err))
		return false;
	if (s->shared && !s->partial)
		return err_set(err, ERR_INPUT, "%s: only partials may lie in shared/", s->path);
	return true;
}

static bool read_requires(struct source *s, struct view value, int line, struct err *err)
{
	struct view name;

	while (value.len > 0) {
		if (!cut(&value, ' ', &name)) {
			name = value;
			value.len = 0;
		}
		if (name.len == 0)
			continue;
		if (s->require_count == SOURCE_REQUIRES_MAX)
			return err_set(err, ERR_INPUT, "%s:%d: more than %d required names",
			    s->path, line, SOURCE_REQUIRES_MAX);
		s->requires[s->require_count++] = name;
	}
	return true;
}

static bool read_setting(struct source *s, struct view text, int line, struct err *err)
{
	struct view key, value = text;

	if (!cut(&value, ':', &key))
		return err_set(err, ERR_INPUT, "%s:%d: write 'key: value', or end the front "
		    "matter with ---", s->path, line);
	key = view_trim(key);
	value = view_trim(value);
	if (view_is(key, "subject")) {
		s->subject = value;
		s->subject_line = line;
		return true;
	}
	if (view_is(key, "requires"))
		return read_requires(s, value, line, err);
	if (view_is(key, "legal_notice")) {
		s->legal_notice = view_is(value, "yes");
		return s->legal_notice || view_is(value, "no") ||
		    err_set(err, ERR_INPUT, "%s:%d: legal_notice is yes or no", s->path, line);
	}
	return err_set(err, ERR_INPUT, "%s:%d: unknown key '%.*s'; there are subject, requires "
	    "and legal_notice", s->path, line, key.len > 40 ? 40 : (int)key.len, key.at);
}

static bool read_front_matter(struct source *s, struct err *err)
{
	struct view rest = { s->text, s->len }, text;
	int line = 1;

	if (!cut(&rest, '\n', &text) || !view_is(text, "---"))
		return err_set(err, ERR_INPUT, "%s:1: must begin with its front matter, a line "
		    "of ---", s->path);
	for (;;) {
		line++;
		if (!cut(&rest, '\n', &text))
			return err_set(err, ERR_INPUT, "%s:%d: the front matter has no end; "
			    "write a line of ---", s->path, line);
		if (view_is(text, "---"))
			break;
		if (view_trim(text).len > 0 && !read_setting(s, text, line, err))
			return false;
	}
	s->body = rest;
	s->body_line = line + 1;
	if (s->channel == CHANNEL_SMS && s->subject.len > 0)
		return err_set(err, ERR_INPUT, "%s:%d: an SMS has no subject", s->path,
		    s->subject_line);
	if (s->channel != CHANNEL_SMS && s->subject.len == 0)
		return err_set(err, ERR_INPUT, "%s:1: the subject is missing", s->path);
	return true;
}

struct source *source_parse(void *ctx, const char *path, const char *text, size_t len,
    struct err *err)
{
	struct source *s = talloc_zero(ctx, struct source);
	bool ok;

	must(s != NULL);
	s->path = talloc_strdup(s, path);
	s->text = talloc_strndup(s, text, len);
	must(s->path != NULL && s->text != NULL);
	s->len = len;
	ok = read_path(s, err);
	if (ok && len > TEMPLATE_FILE_BYTES_MAX)
		ok = err_set(err, ERR_INPUT, "%s: longer than %d bytes", path,
		    TEMPLATE_FILE_BYTES_MAX);
	if (ok && (strlen(s->text) != len || !utf8_is_valid(s->text, len) ||
	    memchr(s->text, '\r', len) != NULL))
		ok = err_set(err, ERR_INPUT, "%s: must be UTF-8 with plain line ends", path);
	if (ok && strstr(s->text, "{{=") != NULL)
		ok = err_set(err, ERR_INPUT, "%s: stored texts keep {{ and }}", path);
	if (ok && s->partial) {
		s->body = (struct view){ s->text, s->len };
		s->body_line = 1;
	} else if (ok) {
		ok = read_front_matter(s, err);
	}
	if (ok)
		return s;
	talloc_free(s);
	return NULL;
}

/* One tag that shapes the text, and nothing else. */
static bool stands_alone(struct view line)
{
	const char *end;

	line = view_trim(line);
	if (line.len < 5 || strncmp(line.at, "{{", 2) != 0 ||
	    strchr("#^/>!", line.at[2]) == NULL)
		return false;
	end = memmem(line.at, line.len, "}}", 2);
	return end != NULL && end + 2 == line.at + line.len;
}

/* Text outside of tags in HTML's spelling; tags as they are. */
static void put_escaped(struct str *out, struct view line)
{
	bool in_tag = false;

	for (size_t i = 0; i < line.len; i++) {
		if (line.len - i >= 2 && strncmp(line.at + i, in_tag ? "}}" : "{{", 2) == 0)
			in_tag = !in_tag;
		if (!in_tag && line.at[i] == '&')
			str_put(out, "&amp;");
		else if (!in_tag && line.at[i] == '<')
			str_put(out, "&lt;");
		else if (!in_tag && line.at[i] == '>')
			str_put(out, "&gt;");
		else
			str_putc(out, line.at[i]);
	}
}

static bool next_line(struct view *rest, struct view *line)
{
	if (rest->len == 0)
		return false;
	if (!cut(rest, '\n', line)) {
		*line = *rest;
		rest->len = 0;
	}
	return true;
}

static bool is_prose(struct view line)
{
	return view_trim(line).len > 0 && !stands_alone(line);
}

/* Whether the next line belongs to the same paragraph. */
static bool goes_on(struct view rest)
{
	struct view line;

	return next_line(&rest, &line) && is_prose(line);
}

char *source_html(void *ctx, const struct source *s)
{
	struct view rest = s->body, line;
	struct str out;
	bool open = false;

	str_init(&out, ctx, HTML_BYTES_MAX);
	while (next_line(&rest, &line)) {
		if (is_prose(line)) {
			str_put(&out, open ? "" : "<p>");
			put_escaped(&out, line);
			open = goes_on(rest);
			str_put(&out, open ? "<br>" : "</p>");
		} else {
			str_putn(&out, line.at, line.len);
		}
		str_putc(&out, '\n');
	}
	must(str_ok(&out));
	return str_take(&out);
}

char *source_html_subject(void *ctx, const struct source *s)
{
	struct str out;

	str_init(&out, ctx, HTML_BYTES_MAX);
	put_escaped(&out, s->subject);
	must(str_ok(&out));
	return str_take(&out);
}
