/* habit.h - which way a debtor is used to react on, for the choice of the channel.
 *
 * A message has been reacted to when its link was used, when it was answered, or when
 * money came within 14 days and before the next message.  A receipt that it arrived is
 * not enough: every SMS has one, and an e-mail has none.
 *
 * The hour at which a debtor acts (uses a link, writes) is the middle one of at least
 * HABIT_ACTS_MIN acts, by his own clock.
 *
 * A debtor's few messages are seen against those of all debtors of the kind (consumers,
 * businesses): the share of HABIT_NEWEST messages that was reacted to, by channel, taken
 * once a day and process.
 *
 * Source:  the share is shrunken as a beta prior of HABIT_WEIGHT messages would have it;
 *          Morris 1983 JASA 78:47.
 * Errors:  as store.h.
 */
#ifndef ENGINE_HABIT_H
#define ENGINE_HABIT_H

#include "engine/dossier.h"

#define HABIT_NEWEST 5000
#define HABIT_ACTS_MIN 3

/* Fills facts.habit, facts.replied and facts.acts_hour; leaves them empty for who was never written to
 * or never reacted. */
bool	habit_fill(struct engine *, struct dossier *, instant_t now, struct err *);

#endif
