/* fault.c - see fault.h. */
#include "intake/fault.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "intake/charset.h"

#define FAULTS_FIRST 16

void fault_list_init(struct fault_list *list, void *ctx)
{
	*list = (struct fault_list){ .ctx = ctx };
}

static struct row_fault *fault_room(struct fault_list *list)
{
	if (list->count == FAULTS_MAX) {
		list->over = true;
		return NULL;
	}
	if (list->count == list->room) {
		list->room = list->room == 0 ? FAULTS_FIRST : list->room * 2;
		list->at = talloc_realloc(list->ctx, list->at, struct row_fault,
		    (unsigned)list->room);
		must(list->at != NULL);
	}
	return &list->at[list->count++];
}

static struct row_fault *fault_at(struct fault_list *list, int line, struct view column)
{
	struct row_fault *fault = fault_room(list);
	size_t len;

	if (fault == NULL)
		return NULL;
	*fault = (struct row_fault){ .line = line };
	len = utf8_cut(column, sizeof(fault->column) - 1);
	if (len > 0)
		memcpy(fault->column, column.at, len);
	return fault;
}

void fault_note(struct fault_list *list, int line, struct view column,
    const char *value_class, const char *reason)
{
	struct row_fault *fault = fault_at(list, line, column);

	if (fault == NULL)
		return;
	(void)snprintf(fault->value_class, sizeof(fault->value_class), "%s", value_class);
	(void)snprintf(fault->reason, sizeof(fault->reason), "%s", reason);
}

void fault_add(struct fault_list *list, int line, struct view column,
    const struct view *value, const char *fmt, va_list ap)
{
	struct row_fault *fault = fault_at(list, line, column);

	if (fault == NULL)
		return;
	if (value != NULL)
		value_class_put(*value, fault->value_class, sizeof(fault->value_class));
	(void)vsnprintf(fault->reason, sizeof(fault->reason), fmt, ap);
}

struct row_fault *fault_merge(void *ctx, const struct row_fault *a, size_t a_count,
    const struct row_fault *b, size_t b_count)
{
	const size_t total = a_count + b_count;
	struct row_fault *all = talloc_array(ctx, struct row_fault, (unsigned)total);
	size_t i = 0, k = 0;

	must(all != NULL);
	for (size_t n = 0; n < total; n++) {
		const bool first = k == b_count || (i < a_count && a[i].line <= b[k].line);

		all[n] = first ? a[i++] : b[k++];
	}
	return all;
}

struct shape {
	size_t	digits, marks, others;	/* marks: what numbers and dates hold */
	bool	minus;
};

static struct shape shape_of(struct view v)
{
	struct shape s = { .minus = v.at[0] == '-' || v.at[v.len - 1] == '-' };

	for (size_t i = 0; i < v.len; i++) {
		if (v.at[i] >= '0' && v.at[i] <= '9')
			s.digits++;
		else if (v.at[i] != '\0' && strchr(".,-/ '", v.at[i]) != NULL)
			s.marks++;
		else
			s.others++;
	}
	return s;
}

void value_class_put(struct view value, char *out, size_t room)
{
	const struct view v = view_trim(value);
	const size_t count = utf8_count(v);
	struct shape s;

	if (v.len == 0) {
		(void)snprintf(out, room, "%s", value.len == 0 ? "empty" : "only spaces");
		return;
	}
	s = shape_of(v);
	if (utf8_has_control(v, true))
		(void)snprintf(out, room, "%zu characters, some control", count);
	else if (s.digits == 0 || s.others > 0)
		(void)snprintf(out, room, "text of %zu character%s", count,
		    count == 1 ? "" : "s");
	else if (s.marks == 0)
		(void)snprintf(out, room, "digits of %zu", s.digits);
	else if (s.minus)
		(void)snprintf(out, room, "negative number");
	else
		(void)snprintf(out, room, "digits and marks of %zu", count);
}
