/* cmd_render.c - purr render: a template and data become text.
 *
 * --file renders any Mustache text as the specification says; it knows nothing
 * of reminders.  The other form is in cmd_render_stored.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "base/str.h"
#include "base/tmpl.h"
#include "cmd/cmd.h"

static const char help[] =
"usage: purr render TEMPLATE [--lang L] [--tone T] [--channel C]\n"
"                   [--law COUNTRY] [--data FILE]\n"
"       purr render --file TEMPLATE [--data FILE] [--partials DIR]\n"
"\n"
"The first form shows a text of the workspace (of the program, where there is\n"
"no workspace) as a debtor would get it.  TEMPLATE is a step, heads_up say.\n"
"\n"
"  --lang L          da (default), en, nb, sv, fi or de\n"
"  --law COUNTRY     whose rules the text speaks of: DK NO SE FI DE GB US (default:\n"
"                    the home of the language); --data may say otherwise\n"
"  --tone T          warm, neutral (default) or firm\n"
"  --channel C       email (default), sms or letter\n"
"  --data FILE       facts as JSON (docs/templates.md); - reads standard input;\n"
"                    without it: those of an invented debtor\n"
"  --html            an e-mail's HTML part instead of its text\n"
"  --json            {\"channel\", \"lang\", \"subject\", \"text\", \"html\"}\n"
"\n"
"The second form renders a Mustache template (the whole specification but\n"
"lambdas).  {{x}} is escaped for HTML.\n"
"\n"
"  --file TEMPLATE   the template; - reads standard input\n"
"  --data FILE       a JSON value; - reads standard input; without it: {}\n"
"  --partials DIR    {{>NAME}} and {{<NAME}} are DIR/NAME.mustache\n"
"                    (without it, and where a file is missing: empty)\n"
"  --json            writes {\"text\": ...} instead\n";

#define DATA_BYTES_MAX (64 * 1024 * 1024)
#define READ_BYTES 65536

/* --- files ------------------------------------------------------------------- */

static bool stream_read(FILE *in, const char *path, struct str *out, struct err *err)
{
	char buffer[READ_BYTES];
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0 && str_ok(out))
		str_putn(out, buffer, n);
	if (ferror(in))
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (!str_ok(out))
		return err_set(err, ERR_INPUT, "%s: larger than %zu bytes", path, out->bytes_max);
	return true;
}

static bool file_read(const char *path, struct str *out, struct err *err)
{
	const bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	bool ok;

	if (in == NULL)
		return err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	ok = stream_read(in, path, out, err);
	if (!standard)
		(void)fclose(in);
	return ok;
}

static struct tmpl *template_read(void *ctx, const char *path, struct err *err)
{
	struct tmpl *t = NULL;
	struct str text;

	str_init(&text, ctx, TMPL_TEXT_BYTES_MAX);
	if (file_read(path, &text, err)) {
		const struct tmpl_text what = {
			.name = path,
			.text = { .at = text.at, .len = text.len },
			.kind = TMPL_HTML,
			.raw = true,
		};

		t = tmpl_compile(ctx, &what, err);
	}
	str_release(&text);
	return t;
}

static json_t *data_read(void *ctx, const char *path, struct err *err)
{
	json_t *data = NULL;
	json_error_t at;
	struct str text;

	if (path == NULL)
		return json_object();
	str_init(&text, ctx, DATA_BYTES_MAX);
	if (file_read(path, &text, err)) {
		data = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
		if (data == NULL)
			err_set(err, ERR_INPUT, "%s:%d:%d: %s", path, at.line, at.column, at.text);
	}
	str_release(&text);
	return data;
}

/* --- partials ---------------------------------------------------------------- */

/* Each file is read once; a list, since templates have few partials. */
struct partial {
	const char	*name;
	struct tmpl	*tmpl;		/* NULL: there is no such file */
	struct partial	*next;
};

struct partial_dir {
	void		*ctx;
	const char	*dir;
	struct partial	*first;
};

/* Names come from data too ({{>*x}}): they must not lead out of the folder. */
static bool name_is_inside(const char *name, size_t len)
{
	return strlen(name) == len && name[0] != '/' && strstr(name, "..") == NULL;
}

static const struct tmpl *partial_find(void *arg, struct view name, struct err *err)
{
	struct partial_dir *d = arg;
	struct partial *p;
	const char *path;

	for (p = d->first; p != NULL; p = p->next)
		if (view_is(name, p->name))
			return p->tmpl;
	p = talloc_zero(d->ctx, struct partial);
	must(p != NULL);
	p->name = talloc_strndup(p, name.at, name.len);
	if (!name_is_inside(p->name, name.len)) {
		err_set(err, ERR_INPUT, "a partial's name may not hold '..' or begin with '/': %s",
		    p->name);
		return NULL;
	}
	path = talloc_asprintf(p, "%s/%s.mustache", d->dir, p->name);
	if (access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
		p->tmpl = template_read(d->ctx, path, err);
	p->next = d->first;
	d->first = p;
	return p->tmpl;
}

/* --- the command -------------------------------------------------------------- */

static bool text_write(const struct cmd *cmd, const struct str *text, struct err *err)
{
	bool ok;

	if (cmd->json) {
		json_t *answer = json_pack("{s:s%}", "text", text->at, text->len);

		if (answer == NULL)
			return err_set(err, ERR_INPUT, "the text cannot be written as JSON");
		ok = json_dumpf(answer, stdout, JSON_COMPACT) == 0 && fputc('\n', stdout) != EOF;
		json_decref(answer);
	} else {
		ok = fwrite(text->at, 1, text->len, stdout) == text->len;
	}
	ok = fflush(stdout) == 0 && ok;
	return ok || err_set(err, ERR_SYSTEM, "standard output: %s", strerror(errno));
}

static int file_render(struct cmd *cmd, const char *file)
{
	const char *data_path = cmd_option(cmd, "--data");
	struct partial_dir dir = { .ctx = cmd->ctx, .dir = cmd_option(cmd, "--partials") };
	const struct tmpl_partials partials = { .find = partial_find, .arg = &dir };
	const struct tmpl *t;
	struct err err = { 0 };
	json_t *data = NULL;
	struct str text;

	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (data_path != NULL && strcmp(data_path, "-") == 0 && strcmp(file, "-") == 0)
		return cmd_usage(cmd, "only one of --file and --data can be standard input");
	str_init(&text, cmd->ctx, TMPL_OUTPUT_BYTES_MAX);
	t = template_read(cmd->ctx, file, &err);
	if (t != NULL)
		data = data_read(cmd->ctx, data_path, &err);
	if (data != NULL && tmpl_render_json(t, data, dir.dir != NULL ? &partials : NULL, &text, &err))
		(void)text_write(cmd, &text, &err);
	json_decref(data);
	return err_is_set(&err) ? cmd_fail(cmd, &err) : EXIT_DONE;
}

int cmd_render(struct cmd *cmd)
{
	const char *file;

	cmd->help = help;
	if (cmd_flag(cmd, "--help")) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	file = cmd_option(cmd, "--file");
	return file != NULL ? file_render(cmd, file) : cmd_render_stored(cmd);
}
