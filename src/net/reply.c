/* reply.c - see reply.h. */
#include "net/reply.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_id_char(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    c == '-' || c == '.' || c == '_';
}

/* class "." 1-3 digits "." 1-3 digits, and a blank or the end behind it; the
 * class must be that of the code, or it is some other number. */
static void enhanced_read(const char *at, size_t len, struct reply_line *out)
{
	size_t i = 0;

	if (len == 0 || at[0] - '0' != out->code / 100)
		return;
	i = 1;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (i >= len || at[i] != '.')
			return;
		i++;
		while (i < len && is_digit(at[i]) && digits < 4) {
			digits++;
			i++;
		}
		if (digits < 1 || digits > 3)
			return;
	}
	if ((i < len && at[i] != ' ') || i >= sizeof(out->enhanced))
		return;
	memcpy(out->enhanced, at, i);
	out->enhanced[i] = '\0';
}

/* Mail servers name their queue entry as "queued as X" or "id=X"; anything
 * with an @ in it is no queue id. */
static void queue_id_read(const char *at, size_t len, struct reply_line *out)
{
	static const char *const marks[] = { "queued as ", "id=" };

	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
		size_t mark_len = strlen(marks[m]), n = 0;
		const char *found = memmem(at, len, marks[m], mark_len);

		if (found == NULL)
			continue;
		found += mark_len;
		while (found + n < at + len && is_id_char(found[n]))
			n++;
		if (n == 0 || n >= sizeof(out->queue_id) ||
		    (found + n < at + len && found[n] == '@'))
			continue;
		memcpy(out->queue_id, found, n);
		out->queue_id[n] = '\0';
		return;
	}
}

/* qmail and its kin put the code behind the words. */
static void enhanced_find(const char *at, size_t len, struct reply_line *out)
{
	const char *mark = memmem(at, len, "(#", 2);
	const char *end = mark == NULL ? NULL : memchr(mark, ')', (size_t)(at + len - mark));

	if (end != NULL)
		enhanced_read(mark + 2, (size_t)(end - mark - 2), out);
}

/* What servers say of one recipient.  Whatever else they refuse at RCPT (relaying, a sender,
 * a reputation) is no mailbox's fault, and 550 alone does not tell them apart. */
bool reply_words_blame_mailbox(const char *at, size_t len)
{
	static const char *const words[] = { "user unknown", "unknown user", "no such user",
		"user not found", "user does not exist", "user doesn't exist", "unknown recipient",
		"recipient unknown", "no such recipient", "recipient not found", "invalid recipient",
		"no such mailbox", "no mailbox", "unknown mailbox", "mailbox unknown",
		"mailbox not found", "mailbox unavailable", "mailbox does not exist", "invalid mailbox",
		"mailbox disabled", "no such address", "unknown address", "address unknown",
		"unrouteable address", "address does not exist", "account does not exist",
		"account disabled", "no such person", "no such account", "tried to reach does not exist",
		"user doesn't have a", "no account by that name", "recipient does not exist",
		"email address is invalid" };
	char text[REPLY_WORDS_BYTES_MAX];

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, at, len);
	text[len] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

bool reply_blames_mailbox(const char *enhanced, bool words)
{
	static const char *const sure[] = { "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10",
		"5.2.1", "5.4.1" };
	static const char *const silent[] = { "", "5.0.0", "5.1.0", "5.5.0" };

	for (size_t i = 0; i < sizeof(sure) / sizeof(sure[0]); i++)
		if (strcmp(enhanced, sure[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcmp(enhanced, silent[i]) == 0)
			return words;
	return false;
}

bool reply_line_read(const char *at, size_t len, struct reply_line *out)
{
	memset(out, 0, sizeof(*out));
	while (len > 0 && (at[len - 1] == '\r' || at[len - 1] == '\n'))
		len--;
	if (len < 3 || at[0] < '2' || at[0] > '5' || !is_digit(at[1]) || !is_digit(at[2]))
		return false;
	if (len > 3 && at[3] != ' ' && at[3] != '-')
		return false;
	out->code = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
	out->last = len == 3 || at[3] == ' ';
	if (len > 4) {
		enhanced_read(at + 4, len - 4, out);
		if (out->enhanced[0] == '\0')
			enhanced_find(at + 4, len - 4, out);
		if (out->code < 300)
			queue_id_read(at + 4, len - 4, out);
		else
			out->mailbox = reply_words_blame_mailbox(at + 4, len - 4);
	}
	return true;
}
