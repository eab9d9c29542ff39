/* summary.h - what happened in a workspace, as counts that finance people read.
 *
 * One JSON object; the text of `purr replay` and of `make demo` is made from it.
 *   ledger    debtors, invoices, open, paid_late, handed_over
 *   contacts  [{step, channel, tone, sent, other}]   other: not (yet) sent
 *   holds     [{type, holds, debtors}]
 *   paid      {before_any_message, after_1, after_2, after_3_or_more}
 *   deferred  [{rule, says, decisions}]   a contact that a rule moved or held
 *   dropped   [{reason, contacts}]        planned, and not sent after all
 *   tasks     [{kind, tasks}]             what needs a person
 */
#ifndef ENGINE_SUMMARY_H
#define ENGINE_SUMMARY_H

#include <jansson.h>

#include "base/str.h"
#include "engine/engine.h"

#define SUMMARY_TEXT_BYTES_MAX (64 * 1024)

/* What a decision's reason means, "" where only its name tells. */
const char	*summary_says(struct engine *, const char *reason);

bool	summary_make(struct engine *, json_t **out, struct err *);
void	summary_text(const json_t *summary, struct str *out);

#endif
