/* agenda.c - see agenda.h. */
#include "sim/agenda.h"

#include <talloc.h>

#include "base/must.h"

#define ROOM_FIRST 1024

struct agenda {
	struct act	*acts;		/* a heap: the soonest first */
	size_t		 count, room;
	int64_t		 given;
};

struct agenda *agenda_new(void *ctx)
{
	struct agenda *a = talloc_zero(ctx, struct agenda);

	must(a != NULL);
	a->room = ROOM_FIRST;
	a->acts = talloc_array(a, struct act, ROOM_FIRST);
	must(a->acts != NULL);
	return a;
}

static bool comes_before(const struct act *a, const struct act *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void agenda_put(struct agenda *a, const struct act *act)
{
	struct act new = *act;
	size_t at = a->count;

	if (a->count == a->room) {
		a->room *= 2;
		a->acts = talloc_realloc(a, a->acts, struct act, (unsigned)a->room);
		must(a->acts != NULL);
	}
	new.order = a->given++;
	a->count++;
	while (at > 0 && comes_before(&new, &a->acts[(at - 1) / 2])) {
		a->acts[at] = a->acts[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	a->acts[at] = new;
}

bool agenda_take(struct agenda *a, instant_t until, struct act *out)
{
	struct act last;
	size_t at = 0, child;

	if (a->count == 0 || a->acts[0].at > until)
		return false;
	*out = a->acts[0];
	last = a->acts[--a->count];
	while ((child = 2 * at + 1) < a->count) {
		if (child + 1 < a->count && comes_before(&a->acts[child + 1], &a->acts[child]))
			child++;
		if (!comes_before(&a->acts[child], &last))
			break;
		a->acts[at] = a->acts[child];
		at = child;
	}
	a->acts[at] = last;
	return true;
}

const char *act_name(enum act_kind kind)
{
	static const char *const names[ACTS] = { "import", "import_again", "credit", "pay", "book",
	    "link", "release" };

	must(kind < ACTS);
	return names[kind];
}
