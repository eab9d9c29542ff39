/* err.c - see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	char *text;

	if (err == NULL || (err->kind != ERR_NONE &&
	    (err->later == NULL || err->later->count == ERR_LATER_MAX)))
		return false;
	text = err->kind == ERR_NONE ? err->text : err->later->text[err->later->count++];
	if (err->kind == ERR_NONE)
		err->kind = kind;
	va_start(ap, fmt);
	(void)vsnprintf(text, ERR_TEXT_BYTES_MAX, fmt, ap);
	va_end(ap);
	return false;
}

void err_prefix(struct err *err, const char *fmt, ...)
{
	char old[ERR_TEXT_BYTES_MAX];
	size_t used;
	va_list ap;

	if (err == NULL || err->kind == ERR_NONE)
		return;
	memcpy(old, err->text, sizeof(old));
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %.*s",
	    (int)(sizeof(old) - 1), old);
}

void err_clear(struct err *err)
{
	err->kind = ERR_NONE;
	err->text[0] = '\0';
}

bool err_is_set(const struct err *err)
{
	return err->kind != ERR_NONE;
}
