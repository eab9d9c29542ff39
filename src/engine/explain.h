/* explain.h - why, why not, when next: everything that decided about an
 * invoice, a case or one message, as one JSON object, and that as text.
 *
 * Reads only.  The decision of now is made as the worker would make it right
 * before the wire; the decision of a message is the stored one, made again
 * with the rules of its day (decided.h).  Days are civil days in the
 * creditor's zone; instants are RFC 3339 in UTC, in the text they are told in
 * the debtor's zone.  Amounts are texts in main units ("1249.00").
 *
 *   asked       "invoice 2026-1001", "case 3", "contact 7"
 *   at          now, or the --at given
 *   creditor    { id, name, zone }
 *   debtor      { id, name, party, country, language, zone, prefers|null }
 *
 * of an invoice or a case:
 *   invoice     { number, due_on, balance, currency, state, says }
 *               (of an invoice) state: open, paid, handed_over, closed, credit
 *   cases       [{ id, currency, schedule, schedule_hash, held: HOLD|null,
 *                  invoices: [{ number, due_on, balance, last_step|null,
 *                  last_sent_on|null, last_deadline_on|null, next_step|null,
 *                  next_due_on|null, held: HOLD|null }] }]    HOLD { type, until|null }
 *   addresses   [{ channel, address, opted_out, bad }], those that the register
 *               holds today
 *   decision    { at, result, reason, next_check_at|null, and for a contact
 *                 step, channel, tone, ripe_at, deadline_on|null,
 *                 fees: [{ currency, amount }]; trace }
 *   contacts    [{ id, step, channel, tone, state, planned_at, ripe_at,
 *                  sent_at|null, deadline_on|null, reason }], oldest first
 *   holds       [{ id, scope, type, owner, reason, from, until|null,
 *                  released_at|null, in_force }]
 *   next        one sentence
 *
 * of a contact:
 *   contact     as above, and its template, language, attempts,
 *               listed: [{ number, balance, counts }]
 *   decision    the stored one made again: as above, and id, zone_data,
 *               rules: { pack_hash, calendar_hash, experiment_hash },
 *               same (bool), differences: [texts]
 *   next        one sentence: what became of it
 *
 *   trace       [{ rule, answer: pass|wait|stop|note, text, source, confidence }]
 *
 * Memory:  *out is a new reference.
 * Errors:  ERR_INPUT: there is no such thing, or the number is not unique.
 */
#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

#include <jansson.h>

#include "base/str.h"
#include "engine/engine.h"

#define EXPLAIN_TEXT_BYTES_MAX (1024 * 1024)

/* `what`: an invoice's number, "case:ID" or "contact:ID"; creditor NULL: any. */
bool	explain(struct engine *, void *ctx, const char *what, const char *creditor,
	    instant_t now, json_t **out, struct err *);

/* Makes stored decisions again: the one of a contact, or all of the debtor.
 *   { asked, decisions, same, different: [{ decision, at, differences }] } */
bool	explain_replay(struct engine *, void *ctx, const char *what, const char *creditor,
	    json_t **out, struct err *);

/* The same of every decision in the store; asked: "all decisions". */
bool	explain_replay_all(struct engine *, json_t **out, struct err *);

/* The object of explain() for a person to read; decides nothing. */
void	explain_text(const json_t *, struct str *out);

#endif
