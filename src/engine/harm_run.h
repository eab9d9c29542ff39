/* harm_run.h - a tone that does harm is stopped.
 *
 * Once a day each running experiment is looked at: an arm whose disputes, opt-outs, calls
 * for help or complaints lie above the reference's by more than the margin, by limits
 * that hold at every look (measure/tone_report.h), is stopped.  Whoever is in a stopped
 * arm stays in it and is written to in the reference's ways; while an arm is stopped the
 * experiment takes in nobody.  A person may stop an arm, too, and let one go on: what the
 * engine has stopped once it never stops again.
 *
 * Errors:  ERR_REFUSED: no such experiment or arm, the reference, nothing to change, or a
 *          person who signs as the engine does.
 */
#ifndef ENGINE_HARM_RUN_H
#define ENGINE_HARM_RUN_H

#include "engine/engine.h"

struct experiment;

/* Its own transactions: it reads in one, and writes in another, short one. */
bool	harm_run(struct engine *, instant_t now, struct err *);

/* A person's word.  `stop` false: the arm goes on. */
bool	harm_decide(struct engine *, const char *experiment, const char *arm, bool stop,
	    const char *who, const char *reason, instant_t now, struct err *);

/* A bit for each arm of the experiment that is stopped. */
bool	harm_stopped_arms(struct engine *, const struct experiment *, unsigned *, struct err *);

#endif
