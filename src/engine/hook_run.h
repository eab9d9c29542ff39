/* hook_run.h - calls that providers make: model/hook_desk.h answered out of a workspace.
 *
 *   /hooks/sms/PROVIDER/status?c=CONTACT&t=MAC   given with each message
 *   /hooks/sms/PROVIDER/inbound?t=SECRET         told to the provider once: `purr hooks`
 *   /hooks/letter/PROVIDER/status?t=SECRET       so, too; letter_fate.h
 *
 * Both secrets follow from the workspace's link key.  A provider that is none of
 * purr.conf's two is not listened to.  A provider that signs must have signed, too.
 *
 * What somebody writes is kept, word for word.  "Stop" closes the number for SMS at each
 * creditor who has it, at once, also for what is planned; the debt stays.  Anything else
 * is a task for a person, and until it is answered (DESK_ANSWER_DAYS at most) the debtor
 * is left in peace.
 *
 *   204  taken, or known already          404  no such provider, contact or secret
 *   403  not signed by the provider       400  not as it is documented
 *
 * Memory:  a desk is a talloc child of `ctx` and borrows the engine.
 */
#ifndef ENGINE_HOOK_RUN_H
#define ENGINE_HOOK_RUN_H

#include "engine/engine.h"
#include "model/hook_desk.h"

/* ERR_INPUT: the file of the webhooks' secret cannot be used. */
const struct hook_desk	*hook_desk_open(void *ctx, struct engine *, struct err *);

/* `way`: engine/wire_settings.h.
 * Where a provider reports what became of a contact: "" for the file driver. */
char	*hook_report_url(const struct engine *, void *ctx, int way, int64_t contact_id);
/* Where it hands on what is written; "" for the file driver. */
char	*hook_inbound_url(const struct engine *, void *ctx, int way);
/* Where the print house tells what became of a letter; "" for one that does not. */
char	*hook_letter_url(const struct engine *, void *ctx);

#endif
