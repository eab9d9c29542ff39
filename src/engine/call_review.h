/* call_review.h - calls that wait for an operator and must not be made any more.
 *
 * A message is looked at once more right before it leaves; what leaves of a call is the
 * task.  So the task is taken back as soon as the claim is paid, in part or whole, the
 * debtor or the creditor is held, or the number is closed.  The call counts as not made,
 * and its step is free again.
 */
#ifndef ENGINE_CALL_REVIEW_H
#define ENGINE_CALL_REVIEW_H

#include "engine/engine.h"

/* Inside the caller's transaction; after whatever may have overtaken a call. */
bool	call_review(struct engine *, instant_t now, struct err *);

#endif
