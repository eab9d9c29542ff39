/* cmd_allocate.c - purr allocate: money that fitted nothing finds its invoice. */
#include <stdio.h>

#include <jansson.h>

#include "base/money.h"
#include "cmd/desk.h"
#include "engine/allocate_run.h"

static const char help[] =
"usage: purr allocate PAYMENT [INVOICE [--as AMOUNT]] [--creditor ID] [--by NAME]\n"
"                     [-C DIR] [--at TIME] [--json]\n"
"       purr allocate PAYMENT --returned [--creditor ID] [--by NAME] ...\n"
"\n"
"Says what a payment is for that named no known invoice, or paid more than it\n"
"named.  Without INVOICE it goes to the debtor's oldest open ones.  Until this\n"
"is said, the debtor is not reminded.  PAYMENT is its id in the payment file.\n"
"Money of another currency pays INVOICE by what the bank made of it: --as 100.00, in\n"
"the invoice's.\n"
"With --returned what is left of it was paid back, or was booked by mistake: it\n"
"stops nobody's reminders any more.\n";

int cmd_allocate(struct cmd *cmd)
{
	struct allocate_request ask = { .creditor = "", .who = "operator" };
	struct allocate_summary sum;
	const char *creditor, *who;
	struct err err = { 0 };
	struct str text;
	struct engine *e;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	creditor = cmd_option(cmd, "--creditor");
	who = cmd_option(cmd, "--by");
	ask.returned = cmd_flag(cmd, "--returned");
	ask.as = cmd_option(cmd, "--as");
	if (!cmd_operands(cmd, ask.as != NULL ? 2 : 1, ask.returned ? 1 : 2))
		return EXIT_USAGE;
	ask.creditor = creditor != NULL ? creditor : ask.creditor;
	ask.who = who != NULL ? who : ask.who;
	ask.payment = cmd->argv[0];
	ask.invoice = cmd->argc == 2 ? cmd->argv[1] : NULL;
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!allocate_run(e, &ask, cmd->now, &sum, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		cmd_print_json(json_pack("{s:I, s:I, s:s}", "moved_minor",
		    (json_int_t)sum.moved_minor, "left_minor", (json_int_t)sum.left_minor,
		    "currency", sum.currency));
		return EXIT_DONE;
	}
	str_init(&text, cmd->ctx, 200);
	money_put(&text, sum.moved_minor, currency_exponent(sum.currency));
	str_printf(&text, " %s %s, ", sum.currency,
	    ask.returned ? "returned" : "allocated");
	money_put(&text, sum.left_minor, currency_exponent(sum.currency));
	printf("%s left\n", text.at);
	return EXIT_DONE;
}
