/* explain_json.h - the parts of an explanation as JSON.  For explain*.c only. */
#ifndef ENGINE_EXPLAIN_JSON_H
#define ENGINE_EXPLAIN_JSON_H

#include <jansson.h>

#include "base/json_make.h"
#include "engine/decided.h"
#include "engine/dossier.h"

json_t	*instant_json(instant_t);		/* null for 0 and INSTANT_MAX */
json_t	*money_json(int64_t minor, const char *currency);

json_t	*people_json(const struct creditor_record *, const struct debtor_record *);
json_t	*place_json(const struct decide_facts *);	/* zones asked, and the region */
json_t	*cases_json(const struct dossier *);
json_t	*addresses_json(const struct dossier *);
json_t	*holds_json(const struct dossier *);
/* Ids of invoices in the trace become their numbers. */
json_t	*decision_json(struct engine *, void *ctx, const struct decide_facts *,
	    const struct decision *, const struct trace *);
json_t	*contact_json(const struct contact_record *);

#endif
