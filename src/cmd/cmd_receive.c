/* cmd_receive.c - purr receive: e-mail that came in. */
#include <inttypes.h>
#include <stdio.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/must.h"
#include "cmd/desk.h"
#include "engine/mail_run.h"
#include "engine/reply_run.h"
#include "net/mail_read.h"

#define EX_TEMPFAIL 75			/* sysexits.h: the mail server tries again */

static const char help[] =
"usage: purr receive [-C DIR] [--at TIME] [--json] < MESSAGE\n"
"       purr receive --maildir FOLDER [-C DIR] [--at TIME] [--json]\n"
"       purr receive --strange [-C DIR] [--json]\n"
"\n"
"Takes one e-mail from its standard input, as a mail server pipes it, or every\n"
"new one of a Maildir: reports of messages that came back, and what debtors\n"
"write.  The same message again changes nothing.  'purr work' does the second by\n"
"itself where [email] of purr.conf names a maildir.\n"
"\n"
"  report     a message came back: its step is free again, a dead address is\n"
"             closed\n"
"  stop       no more e-mail to that address; the debt stays\n"
"  words      a task for a person; the debtor is left in peace meanwhile\n"
"  automatic  out of office and the like: left alone\n"
"  strange    from nobody whom the ledger knows, and it answers no message of ours:\n"
"             kept, and listed by --strange (an SMS of that kind, too), newest\n"
"             first\n"
"\n"
"Ends with 75 where the mail server should try again later.\n";

static int one(struct cmd *cmd, struct engine *e)
{
	char *bytes = talloc_size(cmd->ctx, MAIL_READ_BYTES_MAX + 1);
	struct err err = { 0 };
	enum mail_what what;
	size_t len;

	must(bytes != NULL);
	len = fread(bytes, 1, MAIL_READ_BYTES_MAX + 1, stdin);
	if (!mail_take(e, bytes, len, cmd->now, &what, &err)) {
		(void)cmd_fail(cmd, &err);
		return err.kind == ERR_INPUT ? EXIT_REFUSED : EX_TEMPFAIL;
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:s}", "taken", mail_what_name(what)));
	else
		printf("%s\n", mail_what_name(what));
	return EXIT_DONE;
}

static int folder(struct cmd *cmd, struct engine *e, const char *maildir)
{
	struct mail_summary sum;
	struct err err = { 0 };
	json_t *out = json_object();

	if (!mail_take_folder(e, maildir, cmd->now, &sum, &err)) {
		json_decref(out);
		return cmd_fail(cmd, &err);
	}
	for (int i = 0; i < MAIL_WHATS; i++)
		json_object_set_new(out, mail_what_name((enum mail_what)i), json_integer(sum.taken[i]));
	json_object_set_new(out, "unreadable", json_integer(sum.unreadable));
	if (cmd->json) {
		cmd_print_json(out);
		return EXIT_DONE;
	}
	json_decref(out);
	for (int i = 0; i < MAIL_WHATS; i++)
		printf("%s%" PRId64 " %s", i > 0 ? ", " : "", sum.taken[i], mail_what_name((enum mail_what)i));
	printf(", %" PRId64 " unreadable\n", sum.unreadable);
	return EXIT_DONE;
}

static void print_strange(const struct stranger_record *r)
{
	char at[INSTANT_TEXT_BYTES];

	printf("%s  %s  %s\n    ", instant_text(r->taken_at, at), channel_name(r->channel), r->sender);
	for (const char *c = r->text; *c != '\0'; c++)
		putchar(*c == '\n' ? ' ' : *c);
	putchar('\n');
}

static json_t *strange_json(const struct stranger_record *r)
{
	char at[INSTANT_TEXT_BYTES];

	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)r->id, "taken_at",
	    instant_text(r->taken_at, at), "channel", channel_name(r->channel), "sender", r->sender,
	    "recipient", r->recipient, "text", r->text);
}

static int strange(struct cmd *cmd, struct engine *e)
{
	json_t *rows = json_array();
	struct stranger_record *list;
	struct err err = { 0 };
	size_t n;

	if (!reply_strangers(e, cmd->ctx, &list, &n, &err)) {
		json_decref(rows);
		return cmd_fail(cmd, &err);
	}
	for (size_t i = 0; i < n; i++)
		if (cmd->json)
			json_push(rows, strange_json(&list[i]));
		else
			print_strange(&list[i]);
	if (cmd->json)
		cmd_print_json(json_pack("{s:o}", "strange", rows));
	else
		json_decref(rows);
	return EXIT_DONE;
}

int cmd_receive(struct cmd *cmd)
{
	const char *maildir;
	struct engine *e;
	bool lists;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	maildir = cmd_option(cmd, "--maildir");
	lists = cmd_flag(cmd, "--strange");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (lists) {
		e = cmd_engine(cmd, STORE_READ);
		return e == NULL ? EXIT_REFUSED : strange(cmd, e);
	}
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return maildir == NULL ? EX_TEMPFAIL : EXIT_REFUSED;
	return maildir == NULL ? one(cmd, e) : folder(cmd, e, maildir);
}
