/* letter_page.c - see letter_page.h. */
#include "compose/letter_page.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "draw/letter_sheet.h"

/* The address ends in the country's code, which stands there for abroad only. */
static char *recipient_of(void *ctx, const struct message *m)
{
	const char *last = strrchr(m->to, '\n');
	const bool home = last != NULL && strcmp(last + 1, m->country) == 0;
	char *out = talloc_asprintf(ctx, "%s\n%.*s", m->to_name,
	    (int)(home ? (size_t)(last - m->to) : strlen(m->to)), m->to);

	must(out != NULL);
	return out;
}

bool letter_page_draw(void *ctx, struct message *m, int left_mm, int top_mm, struct err *err)
{
	const struct letter_sheet sheet = { .title = m->subject, .author = m->from_name,
	    .return_line = m->return_line, .recipient = recipient_of(ctx, m), .text = m->text,
	    .link = m->link_url, .payment = m->payment_code != NULL ? m->payment_code : "",
	    .window_left = left_mm, .window_top = top_mm, .made_at = m->date };

	m->pdf = letter_sheet_pdf(ctx, &sheet, &m->pdf_len, err);
	return m->pdf != NULL;
}
