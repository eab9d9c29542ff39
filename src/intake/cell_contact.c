/* cell_contact.c - cell.h's e-mail addresses and telephone numbers.
 *
 * Reading a telephone number takes ten microseconds, a hundred times what all
 * other cells of a row take together, and a debtor with ten invoices stands
 * in ten rows.  So numbers read lately are remembered. */
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/phone.h"
#include "intake/cell.h"
#include "intake/email.h"
#include "intake/sheet.h"

#define PHONE_MEMO_SLOTS 16384

struct phone_memo {
	struct {
		char		text[PHONE_TEXT_BYTES_MAX + 1];
		char		country[COUNTRY_BYTES];
		struct phone	phone;
	} slot[PHONE_MEMO_SLOTS];
};

const char *cell_email(struct sheet *s)
{
	struct view v;
	const char *fault;

	if (!sheet_value(s, FIELD_EMAIL, &v) || v.len == 0)
		return "";
	if (s->last[FIELD_EMAIL] != NULL && view_is(v, s->last[FIELD_EMAIL]))
		return s->last[FIELD_EMAIL];
	fault = utf8_has_control(v, false) ? "holds a control character" : email_fault(v);
	if (fault != NULL) {
		sheet_fault(s, FIELD_EMAIL, &v, "%s", fault);
		return "";
	}
	s->last[FIELD_EMAIL] = arena_copy(&s->texts, v);
	return s->last[FIELD_EMAIL];
}

static size_t slot_of(struct view v)
{
	size_t hash = 5381;

	for (size_t i = 0; i < v.len; i++)
		hash = hash * 33 + (unsigned char)v.at[i];
	return (hash ^ hash >> 15) % PHONE_MEMO_SLOTS;
}

/* A number that cannot be read is not remembered: its fault is told anew. */
static bool phone_find(struct sheet *s, struct view v, const char *country,
    struct phone *out, struct err *err)
{
	const size_t slot = slot_of(v);

	if (s->phones == NULL) {
		s->phones = talloc_zero(s->scratch.ctx, struct phone_memo);
		must(s->phones != NULL);
	}
	if (v.len > 0 && view_is(v, s->phones->slot[slot].text) &&
	    strcmp(country, s->phones->slot[slot].country) == 0) {
		*out = s->phones->slot[slot].phone;
		return true;
	}
	if (!phone_parse(v, country, out, err))
		return false;
	must(v.len <= PHONE_TEXT_BYTES_MAX && strlen(country) < COUNTRY_BYTES);
	memcpy(s->phones->slot[slot].text, v.at, v.len);
	s->phones->slot[slot].text[v.len] = '\0';
	memcpy(s->phones->slot[slot].country, country, strlen(country) + 1);
	s->phones->slot[slot].phone = *out;
	return true;
}

const char *cell_phone(struct sheet *s, const char *country)
{
	struct err err = { 0 };
	struct phone phone;
	struct view v;

	if (!sheet_value(s, FIELD_PHONE, &v) || v.len == 0)
		return "";
	if (!phone_find(s, v, country, &phone, &err)) {
		sheet_fault(s, FIELD_PHONE, &v, "%.180s", err.text);
		return "";
	}
	s->phone_doubt_count += !phone.valid;
	if (s->last[FIELD_PHONE] == NULL || strcmp(s->last[FIELD_PHONE], phone.e164) != 0)
		s->last[FIELD_PHONE] = arena_copy(&s->texts, view_of(phone.e164));
	return s->last[FIELD_PHONE];
}
