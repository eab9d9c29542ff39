/* soften_run.c - see soften_run.h. */
#include "engine/soften_run.h"

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "store/register.h"

bool soften_run(struct engine *e, int64_t debtor_id, bool soften, const char *who,
    const char *reason, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct debtor_record debtor;
	bool ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err);

	if (ok && debtor.softened == soften)
		ok = err_set(err, ERR_REFUSED, soften ? "%s is written to warmly already" :
		    "nobody has softened the tone for %s", debtor.external_id);
	ok = ok && register_soften(e->store, debtor_id, soften, who, reason, now, err) &&
	    book_event(e, now, soften ? "debtor.softened" : "debtor.unsoftened", who, &debtor,
	    0, 0, err, "{}");
	talloc_free(tmp);
	return ok;
}
