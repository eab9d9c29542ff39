/* email.c - see email.h. */
#include "intake/email.h"

#include <stdbool.h>
#include <string.h>

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 5322 atext and the point between atoms. */
static const char *local_fault(struct view v)
{
	if (v.len == 0)
		return "nothing before the @";
	if (v.len > EMAIL_LOCAL_BYTES_MAX)
		return "longer than 64 bytes before the @";
	for (size_t i = 0; i < v.len; i++) {
		const char c = v.at[i];

		if (c == '.' && (i == 0 || i + 1 == v.len || v.at[i - 1] == '.'))
			return "a point in the wrong place before the @";
		if (c != '.' && !is_letter_or_digit(c) &&
		    (c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL))
			return "not one plain e-mail address";
	}
	return NULL;
}

static const char *label_fault(struct view v)
{
	if (v.len == 0)
		return "a point in the wrong place behind the @";
	if (v.len > EMAIL_LABEL_BYTES_MAX)
		return "a part behind the @ is longer than 63 bytes";
	if (v.at[0] == '-' || v.at[v.len - 1] == '-')
		return "a hyphen in the wrong place behind the @";
	for (size_t i = 0; i < v.len; i++)
		if (!is_letter_or_digit(v.at[i]) && v.at[i] != '-' &&
		    (unsigned char)v.at[i] < 0x80)
			return "not one plain e-mail address";
	return NULL;
}

static const char *domain_fault(struct view v)
{
	size_t labels = 0;

	for (;;) {
		const char *point = v.len == 0 ? NULL : memchr(v.at, '.', v.len);
		const struct view label = { v.at, point == NULL ? v.len : (size_t)(point - v.at) };
		const char *fault = label_fault(label);

		if (fault != NULL)
			return fault;
		labels++;
		if (point == NULL)
			break;
		v.at += label.len + 1;
		v.len -= label.len + 1;
	}
	return labels < 2 ? "no domain behind the @" : NULL;
}

const char *email_fault(struct view v)
{
	const char *at = v.len == 0 ? NULL : memchr(v.at, '@', v.len);
	struct view local, domain;
	const char *fault;

	if (at == NULL)
		return "no @, so not an e-mail address";
	if (v.len > EMAIL_BYTES_MAX)
		return "longer than 254 bytes";
	local = (struct view){ v.at, (size_t)(at - v.at) };
	domain = (struct view){ at + 1, v.len - local.len - 1 };
	fault = local_fault(local);
	return fault != NULL ? fault : domain_fault(domain);
}
