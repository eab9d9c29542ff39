/* charset.c - see charset.h. */
#include "intake/charset.h"

#include <stdint.h>
#include <string.h>

/* Bytes 80 to 9F; 0 is undefined.  All others are the character of their own
 * number (ISO 8859-1). */
static const uint16_t upper_controls[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
	0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static size_t utf8_put(char *out, unsigned code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

bool windows_1252_decode(struct view v, char *out, size_t *out_len)
{
	size_t len = 0;

	for (size_t i = 0; i < v.len; i++) {
		const unsigned char byte = (unsigned char)v.at[i];
		unsigned code = byte;

		if (byte >= 0x80 && byte <= 0x9f) {
			code = upper_controls[byte - 0x80];
			if (code == 0)
				return false;
		}
		len += utf8_put(out + len, code);
	}
	*out_len = len;
	return true;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t utf8_count(struct view v)
{
	size_t count = 0;

	for (size_t i = 0; i < v.len; i++)
		count += !is_continuation(v.at[i]);
	return count;
}

size_t utf8_cut(struct view v, size_t bytes_max)
{
	size_t len = v.len < bytes_max ? v.len : bytes_max;

	while (len > 0 && len < v.len && is_continuation(v.at[len]))
		len--;
	return len;
}

/* U+2028, U+2029 and U+202A..U+202E are E2 80 A8..AE; the isolates
 * U+2066..U+2069 are E2 81 A6..A9. */
static bool is_unseen(const unsigned char *s, size_t left)
{
	if (left < 3 || s[0] != 0xe2)
		return false;
	if (s[1] == 0x80)
		return s[2] >= 0xa8 && s[2] <= 0xae;
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

bool utf8_has_control(struct view v, bool breaks)
{
	const unsigned char *s = (const unsigned char *)v.at;

	for (size_t i = 0; i < v.len; i++) {
		if (s[i] >= 0x20 && s[i] < 0x7f)
			continue;
		if (s[i] < 0x20 && !(breaks && strchr("\t\r\n", s[i]) != NULL && s[i] != 0))
			return true;
		if (s[i] == 0x7f || is_unseen(s + i, v.len - i))
			return true;
		if (s[i] == 0xc2 && v.len - i >= 2 && s[i + 1] >= 0x80 && s[i + 1] <= 0x9f)
			return true;
	}
	return false;
}
