/* pay_desk.c - see pay_desk.h. */
#include "model/pay_desk.h"

#include <string.h>

#include "base/must.h"

static const char *const act_names[PAY_ACTS] = {
	[PAY_ACT_PAID_CLAIMED] = "paid_claimed",
	[PAY_ACT_PROMISE] = "promise",
	[PAY_ACT_DISPUTE] = "dispute",
	[PAY_ACT_PARTS] = "parts",
	[PAY_ACT_HELP] = "help",
	[PAY_ACT_UNSUBSCRIBE] = "unsubscribe",
	[PAY_ACT_RATE] = "rate",
};

static const char *const reason_names[PAY_REASONS] = {
	[PAY_REASON_NONE] = "none",
	[PAY_REASON_NOT_MINE] = "not_mine",
	[PAY_REASON_AMOUNT] = "amount",
	[PAY_REASON_GOODS] = "goods",
	[PAY_REASON_CANCELLED] = "cancelled",
	[PAY_REASON_TWICE] = "twice",
	[PAY_REASON_OTHER] = "other",
};

const char *pay_act_name(enum pay_act act)
{
	must((unsigned)act < PAY_ACTS);
	return act_names[act];
}

const char *pay_reason_name(enum pay_reason reason)
{
	must((unsigned)reason < PAY_REASONS);
	return reason_names[reason];
}

bool pay_reason_parse(const char *text, enum pay_reason *out)
{
	for (unsigned i = 0; i < PAY_REASONS; i++) {
		if (strcmp(reason_names[i], text) == 0) {
			*out = (enum pay_reason)i;
			return true;
		}
	}
	return false;
}
