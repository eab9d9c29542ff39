/* frozen.h - the inputs of a decision as one short text, and back.
 *
 * What is stored with each decision is this text and the hashes of the rules;
 * the words of a trace are made by thawing it and deciding again, which must
 * give the same answer: `purr explain --replay` compares.
 *
 * Form:    compact JSON, keys of one or two letters (frozen.c lists them).
 * Memory:  thawed facts are children of the context given.
 */
#ifndef DECIDE_FROZEN_H
#define DECIDE_FROZEN_H

#include "decide/decide.h"

struct err;

/* Finds a schedule version by hash; NULL when it is gone. */
typedef const struct schedule *frozen_schedule_fn(void *arg, const char *hash);

/* The answer as text: two decisions are the same when their texts are. */
char	*decision_freeze(void *ctx, const struct decide_facts *, const struct decision *);

char	*facts_freeze(void *ctx, const struct decide_facts *);
struct decide_facts	*facts_thaw(void *ctx, const char *text,
			    frozen_schedule_fn *, void *arg, struct err *);

#endif
