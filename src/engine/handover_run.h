/* handover_run.h - claims that left the ladder, written out for whoever collects
 * them: one CSV of all, one PDF dossier per case.  All is read at one moment,
 * drawn without keeping anybody from writing, and marked at the end.
 *
 * DIR/claims.csv, and DIR/case-N.pdf for each case.  A claim is exported once;
 * `again` takes those that were exported before, too.  Claims are
 * marked when everything is written; where that fails, none is.
 *
 * Errors:  ERR_SYSTEM: DIR cannot be made or written; ERR_REFUSED: DIR has a
 *          claims.csv already.
 */
#ifndef ENGINE_HANDOVER_RUN_H
#define ENGINE_HANDOVER_RUN_H

#include "engine/engine.h"

struct handover_request {
	const char	*dir;
	instant_t	 since;		/* 0: ever */
	bool		 again;
	const char	*who;
	bool		 dry;		/* count only */
};

struct handover_summary {
	int64_t	cases, invoices;
};

bool	handover_run(struct engine *, const struct handover_request *, instant_t now,
	    struct handover_summary *, struct err *);

#endif
