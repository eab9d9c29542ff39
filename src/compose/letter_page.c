/* letter_page.c - see letter_page.h. */
#include "compose/letter_page.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "base/str.h"
#include "draw/letter_sheet.h"

#define LINK_NAME_BYTES_MAX 60
#define RECIPIENT_BYTES_MAX 4096

/* The address ends in the country's code: nothing stands there at home, its name abroad. */
static char *recipient_of(void *ctx, const struct message *m)
{
	const char *last = strrchr(m->to, '\n');
	struct str out;

	str_init(&out, ctx, RECIPIENT_BYTES_MAX);
	str_printf(&out, "%s\n%.*s", m->to_name, last == NULL ? (int)strlen(m->to) :
	    (int)(last - m->to), m->to);
	if (last != NULL && strcmp(last + 1, m->country) != 0) {
		str_putc(&out, '\n');
		locale_put_country(&out, last + 1);
	}
	must(str_ok(&out));
	return str_take(&out);
}

/* What the text calls the link, in "Your payment page: https://...": it stands below the code,
 * too.  "" where the text says it otherwise. */
static const char *link_name(void *ctx, const struct message *m)
{
	const char *at = m->link_url[0] == '\0' ? NULL : strstr(m->text, m->link_url), *from = at;
	char *out;

	while (from != NULL && from > m->text && from[-1] != '\n')
		from--;
	if (from == NULL || at - from < 3 || at - from > LINK_NAME_BYTES_MAX ||
	    strncmp(at - 2, ": ", 2) != 0)
		return "";
	out = talloc_strndup(ctx, from, (size_t)(at - from - 2));
	must(out != NULL);
	return out;
}

bool letter_page_window(int left_mm, int top_mm, struct err *err)
{
	return letter_window_is_sound(left_mm, top_mm) || err_set(err, ERR_INPUT,
	    "a window stands %d to %d mm from the left and %d to %d mm from the top",
	    LETTER_WINDOW_LEFT_MIN, LETTER_WINDOW_LEFT_MAX, LETTER_WINDOW_TOP_MIN,
	    LETTER_WINDOW_TOP_MAX);
}

bool letter_page_draw(void *ctx, struct message *m, int left_mm, int top_mm, struct err *err)
{
	const struct letter_sheet sheet = { .title = m->subject, .author = m->from_name,
	    .return_line = m->return_line, .recipient = recipient_of(ctx, m), .text = m->text,
	    .link = m->link_url,
	    .link_name = link_name(ctx, m), .payment = m->payment_code != NULL ? m->payment_code : "",
	    .window_left = left_mm, .window_top = top_mm, .made_at = m->date };

	m->pdf = letter_sheet_pdf(ctx, &sheet, &m->pdf_len, err);
	return m->pdf != NULL;
}
