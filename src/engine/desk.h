/* desk.h - the engine's side of the private link: model/pay_desk.h answered
 * out of a workspace.
 *
 * look_up() uses statements of role READ only, so that it works on a store
 * opened for reading; act() is one write transaction, and the receipt of an
 * action is kept under its key: the same key gets the same receipt again.
 *
 *   promise       today to today + PROMISE_DAYS_MAX; quiet until the promised
 *                 day + PROMISE_BANK_DAYS; PROMISES_MAX within
 *                 PROMISE_MEMORY_DAYS, then help is offered instead
 *   paid          quiet for the schedule's claim_days; see settle_run.h
 *   dispute       quiet until a person has answered ("not mine": wrong person)
 *   parts, help   quiet for DESK_ANSWER_DAYS, and until a person has answered; a task
 *   unsubscribe   the address that the link was sent to; works on a link that
 *                 has run out, too
 *
 * All holds are on the debtor: somebody who has asked for something is not
 * chased for another invoice meanwhile.  The same wish again, while its hold
 * is in force, gives the same receipt number and no second hold; what was
 * written goes to a person all the same.
 *
 * A claim that was handed over is no longer ours to settle: the page tells how much it is,
 * since when, and who has it (the creditor's setting `collector`), and takes no wish about it.
 *
 * Receipt numbers are the hold's: P-000123 ('purr release' takes them).
 *
 * Memory:  a desk is a talloc child of `ctx` and borrows the engine.
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "engine/engine.h"
#include "model/pay_desk.h"

struct err;

#define DESK_ANSWER_DAYS 14		/* quiet while a person has not answered */

const struct pay_desk	*desk_open(void *ctx, struct engine *);

#endif
