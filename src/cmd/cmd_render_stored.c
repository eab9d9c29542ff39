/* cmd_render_stored.c - purr render TEMPLATE: one of the stored texts, as a
 * debtor would get it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/json.h"
#include "base/must.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "compose/compose.h"
#include "compose/facts_read.h"
#include "compose/library.h"
#include "compose/sample.h"

struct wish {
	const char	*template, *lang, *law, *data;
	enum tone	 tone;
	enum channel	 channel;
};

static bool wish_read(struct cmd *cmd, struct wish *w, struct err *err)
{
	const char *tone = cmd_option(cmd, "--tone");
	const char *channel = cmd_option(cmd, "--channel");

	w->lang = cmd_option(cmd, "--lang");
	w->law = cmd_option(cmd, "--law");
	w->data = cmd_option(cmd, "--data");
	w->tone = TONE_NEUTRAL;
	w->channel = CHANNEL_EMAIL;
	if (w->lang == NULL)
		w->lang = "da";
	if (tone != NULL && !tone_parse(tone, &w->tone))
		return err_set(err, ERR_INPUT, "--tone is warm, neutral or firm");
	if (channel != NULL && !channel_parse(channel, &w->channel))
		return err_set(err, ERR_INPUT, "--channel is email, sms or letter");
	return true;
}

static bool data_read(void *ctx, const char *path, struct message_facts *facts,
    struct err *err)
{
	const bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	char *text;
	size_t len;
	bool ok;

	if (in == NULL)
		return err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	text = talloc_array(ctx, char, JSON_FILE_BYTES_MAX + 1);
	must(text != NULL);
	len = fread(text, 1, JSON_FILE_BYTES_MAX + 1, in);
	ok = ferror(in) == 0 && len <= JSON_FILE_BYTES_MAX;
	if (!standard)
		(void)fclose(in);
	if (!ok)
		return err_set(err, ERR_INPUT, "%s: cannot be read, or is larger than %d bytes",
		    path, JSON_FILE_BYTES_MAX);
	return facts_read(ctx, path, text, len, facts, err);
}

static bool message_print(const struct cmd *cmd, const struct message *m, bool html)
{
	json_t *answer;
	bool ok;

	if (!cmd->json) {
		if (html)
			return fputs(m->html, stdout) != EOF;
		if (m->subject[0] != '\0')
			printf("Subject: %s\n\n", m->subject);
		return fputs(m->text, stdout) != EOF &&
		    (m->channel != CHANNEL_SMS || fputc('\n', stdout) != EOF);
	}
	answer = json_pack("{s:s, s:s, s:s, s:s, s:s}",
	    "channel", channel_name(m->channel), "lang", m->lang, "subject", m->subject,
	    "text", m->text, "html", m->html);
	must(answer != NULL);
	ok = json_dumpf(answer, stdout, JSON_COMPACT) == 0 && fputc('\n', stdout) != EOF;
	json_decref(answer);
	return ok;
}

int cmd_render_stored(struct cmd *cmd)
{
	struct wish w = { 0 };
	struct err err = { 0 };
	struct message_facts facts;
	struct message message = { 0 };
	struct library *lib;
	const bool html = cmd_flag(cmd, "--html");

	if (!wish_read(cmd, &w, &err))
		return cmd_usage(cmd, "%s", err.text);
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	w.template = cmd->argv[0];
	lib = library_open(cmd->ctx, cmd->workspace, &err);
	if (lib == NULL)
		return cmd_fail(cmd, &err);
	facts = sample_facts(w.channel, w.lang, w.template, w.tone, SAMPLE_ORDINARY);
	if (w.law != NULL)
		facts.law = facts.country = w.law;
	if (w.data != NULL && !data_read(cmd->ctx, w.data, &facts, &err))
		return cmd_fail(cmd, &err);
	if (!compose_message(lib, cmd->ctx, &facts, &message, &err))
		return cmd_fail(cmd, &err);
	if (!message_print(cmd, &message, html) || fflush(stdout) != 0) {
		err_set(&err, ERR_SYSTEM, "standard output: %s", strerror(errno));
		return cmd_fail(cmd, &err);
	}
	return EXIT_DONE;
}
