/* tone_merged.c - see tone_merged.h. */
#include "engine/tone_merged.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"

static int by_id(const void *key, const void *element)
{
	const int64_t id = *(const int64_t *)key;
	const struct assignment_record *a = element;

	return (id > a->id) - (id < a->id);
}

static size_t index_of(const struct assignment_record *list, size_t count, int64_t id)
{
	const struct assignment_record *found = bsearch(&id, list, count, sizeof(list[0]), by_id);

	must(found != NULL);
	return (size_t)(found - list);
}

/* The earliest of those that are one with it. */
static size_t first_of(size_t *parent, size_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

static void join(size_t *parent, size_t a, size_t b)
{
	a = first_of(parent, a);
	b = first_of(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

bool tone_merged_find(struct store *store, void *ctx, const char *experiment,
    const struct assignment_record *list, size_t count, bool **out, struct err *err)
{
	size_t *parent = talloc_array(ctx, size_t, (unsigned)count + 1), n;
	bool *merged = talloc_zero_array(ctx, bool, (unsigned)count + 1);
	struct assignment_twins *twins;

	must(parent != NULL && merged != NULL);
	*out = merged;
	if (!history_assignment_twins(store, ctx, experiment, &twins, &n, err))
		return false;
	for (size_t i = 0; i < count; i++)
		parent[i] = i;
	for (size_t i = 0; i < n; i++)
		join(parent, index_of(list, count, twins[i].id),
		    index_of(list, count, twins[i].other_id));
	for (size_t i = 0; i < count; i++) {
		const size_t first = first_of(parent, i);

		merged[i] |= first != i;
		merged[first] |= strcmp(list[i].arm, list[first].arm) != 0;
	}
	talloc_free(parent);
	return true;
}
