/* books.c - see books.h. */
#include "measure/books.h"

#include <string.h>

size_t books_currencies(const struct books *b, const char *out[BOOKS_CURRENCIES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < b->invoice_count; i++) {
		size_t at = 0;

		while (at < count && strcmp(out[at], b->invoices[i].currency) < 0)
			at++;
		if ((at < count && strcmp(out[at], b->invoices[i].currency) == 0) ||
		    count == BOOKS_CURRENCIES_MAX)
			continue;
		memmove(out + at + 1, out + at, (count - at) * sizeof(out[0]));
		out[at] = b->invoices[i].currency;
		count++;
	}
	return count;
}
