/* tone_words.h - what a difference between two tones is called.
 *
 * Verdicts: better, worse, borderline, equivalent, no_worse,
 * no_difference_shown, withheld:REASON.  "better" and "worse" need both the interval of the
 * comparison to exclude 0 and Holm's p below 5 %; "borderline" says that the
 * two, or Agresti and Caffo's interval, do not agree; "equivalent" needs the
 * simultaneous interval to lie inside the margin; "no_worse" (non-inferiority)
 * the lower limit at 90 %, one-sided 5 %, to lie above minus the margin.
 *
 * Units:   fractions in, debtors per hundred in the words.
 * Memory:  constant texts, or written into `out`.
 * Threads: pure.
 */
#ifndef MEASURE_TONE_WORDS_H
#define MEASURE_TONE_WORDS_H

#include "measure/tone_look.h"
#include "measure/tone_tally.h"

/* One tone against the reference. */
struct tone_contrast {
	const char	*arm, *reference;
	struct figure	 difference;	/* p_adjusted: Holm */
	struct limits	 simultaneous, agresti_caffo;
	struct limits	 ninety;	/* Newcombe at TONE_INFERIOR_LEVEL */
	struct limits	 final;		/* of the one analysis at the planned size */
	double		 final_level;
	const struct tone_looks *looks;	/* of a planned experiment */
};

#define TONE_INFERIOR_LEVEL 0.90

/* Is it shown to be no worse than the reference by more than the margin? */
bool		 tone_is_no_worse(const struct tone_contrast *, const struct tone_plan *);

/* `guards`: no guardrail fails or is open. */
const char	*tone_verdict(const struct tone_contrast *, const struct tone_plan *,
		    const struct tone_tally *, bool guards);
void		 tone_sentence(struct str *out, const struct tone_contrast *,
		    const struct tone_tally *);

/* "collecting", "running", "stopped early", "finished" or "invalid", and a line that
 * says what that means.  `looks`: one per arm. */
const char	*tone_status(const struct tone_plan *, const struct tone_tally *,
		    const struct tone_looks *looks);
void		 tone_status_line(struct str *out, const struct tone_plan *,
		    const struct tone_tally *, const struct tone_looks *looks);

/* What a reader must know about a replayed ledger. */
extern const char tone_replay_note[];

#endif
