/* decided.h - a decision out of the store, made once more.
 *
 * The stored facts are thawed and judged by the rules that the decision names
 * by hash; nothing else is read, so what the ledger or the files say today
 * cannot change the answer.  The answer must be the stored one, field by field.
 *
 * One thing is outside the store: the system's time zone data.  Its release
 * stands with each decision, and where it is another one today and the answers
 * differ, that is said.
 */
#ifndef ENGINE_DECIDED_H
#define ENGINE_DECIDED_H

#include "decide/decide.h"
#include "engine/engine.h"
#include "engine/policy.h"
#include "model/trace.h"
#include "store/outbox.h"

struct decided {
	struct decision_record	 record;	/* as stored */
	struct decide_facts	*facts;		/* thawed */
	struct policy_rules	 rules;
	struct trace		 trace;		/* of the decision made again */
	struct decision		 again;
	const char		**differences;	/* one line for each field */
	size_t			 difference_count;	/* 0: the same answer */
};

/* All that *out holds are children of `ctx`.  ERR_INPUT when the decision or
 * one of its rules is not in the store. */
bool	decided_again(struct engine *, void *ctx, int64_t decision_id, struct decided *,
	    struct err *);

#endif
