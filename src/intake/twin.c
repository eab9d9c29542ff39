/* twin.c - rows of one file that bear the same external id (reading.h). */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "intake/reading.h"

/* Sorted by hash, since comparing numbers is faster than comparing texts that
 * lie all over the memory; the texts decide where hashes are equal. */
struct key {
	uint64_t	 hash;
	const char	*id;
	size_t		 row;
};

static uint64_t hash_of(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);	/* FNV-1a */

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash;
}

static int key_order(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = strcmp(x->id, y->id);
	return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row;
}

static void *row_at(const struct reading *r, size_t i)
{
	return r->rows + i * r->kind->bytes;
}

static bool same_id(const struct key *a, const struct key *b)
{
	return a->hash == b->hash && strcmp(a->id, b->id) == 0;
}

/* Line of another row with the same id, 0 when there is none, per row. */
static int *twin_lines(struct reading *r, size_t *found)
{
	struct key *keys = talloc_array(r->work, struct key, (unsigned)r->count);
	int *lines = talloc_zero_array(r->work, int, (unsigned)r->count);

	must(keys != NULL && lines != NULL);
	for (size_t i = 0; i < r->count; i++) {
		const char *id = r->kind->id(row_at(r, i));

		keys[i] = (struct key){ hash_of(id), id, i };
	}
	qsort(keys, r->count, sizeof(keys[0]), key_order);
	for (size_t i = 1; i < r->count; i++) {
		const size_t here = keys[i].row, before = keys[i - 1].row;

		if (!same_id(&keys[i - 1], &keys[i]))
			continue;
		*found += (lines[before] == 0) + 1u;
		lines[here] = r->kind->line(row_at(r, before));
		if (lines[before] == 0)
			lines[before] = r->kind->line(row_at(r, here));
	}
	talloc_free(keys);
	return lines;
}

__attribute__((__format__(__printf__, 5, 6)))
static void twin_fault(struct fault_list *list, int line, struct view column,
    const char *id, const char *fmt, ...)
{
	const struct view value = view_of(id);
	va_list ap;

	va_start(ap, fmt);
	fault_add(list, line, column, &value, fmt, ap);
	va_end(ap);
}

static void faults_take(struct reading *r, const struct fault_list *twins)
{
	struct fault_list *own = &r->sheet.faults;
	struct row_fault *all = fault_merge(r->keep, own->at, own->count, twins->at,
	    twins->count);

	talloc_free(own->at);
	own->at = all;
	own->count += twins->count;
	own->room = own->count;
	own->over |= twins->over;
}

void reading_reject_twins(struct reading *r)
{
	const struct profile_source *from = &r->sheet.profile->fields[FIELD_EXTERNAL_ID];
	const struct view column = view_of(from->column != NULL ? from->column :
	    intake_field_name(FIELD_EXTERNAL_ID));
	struct fault_list twins;
	size_t found = 0, left = 0;
	int *lines;

	if (r->count < 2)
		return;
	lines = twin_lines(r, &found);
	if (found == 0) {
		talloc_free(lines);
		return;
	}
	fault_list_init(&twins, r->work);
	for (size_t i = 0; i < r->count; i++) {
		if (lines[i] != 0) {
			twin_fault(&twins, r->kind->line(row_at(r, i)), column,
			    r->kind->id(row_at(r, i)), "the same id stands on line %d", lines[i]);
		} else {
			if (left != i)
				memcpy(row_at(r, left), row_at(r, i), r->kind->bytes);
			left++;
		}
	}
	r->rejected += r->count - left;
	r->count = left;
	faults_take(r, &twins);
	talloc_free(lines);
}
