/* task_run.c - see task_run.h. */
#include "engine/task_run.h"

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "store/register.h"

bool tasks_open(struct engine *e, void *ctx, const char *debtor, struct task_record **out,
    size_t *count, struct err *err)
{
	size_t kept = 0;

	if (!store_begin_read(e->store, err) ||
	    !history_open_tasks(e->store, ctx, out, count, err))
		return false;
	for (size_t i = 0; i < *count; i++)
		if (debtor == NULL || strcmp((*out)[i].debtor, debtor) == 0)
			(*out)[kept++] = (*out)[i];
	*count = kept;
	return true;
}

static bool end(struct engine *e, int64_t id, const char *who, instant_t now, struct err *err)
{
	struct task_record task;
	bool ended;

	if (!history_get_task(e->store, id, &task, err))
		return false;
	if (task.id == 0)
		return err_set(err, ERR_INPUT, "there is no task %" PRId64, id);
	if (!history_end_task(e->store, id, who, now, &ended, err))
		return false;
	if (!ended)
		return err_set(err, ERR_REFUSED, "task %" PRId64 " is done already", id);
	return book_event(e, now, "task.done", who, &(struct debtor_record){
	    .creditor_id = task.creditor_id, .id = task.debtor_id }, task.contact_id, 0, err,
	    "{\"task\":%" PRId64 "}", id);
}

bool task_end(struct engine *e, int64_t id, const char *who, instant_t now, struct err *err)
{
	bool ok = store_begin(e->store, err) && end(e, id, who, now, err) &&
	    store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	return ok;
}
