/* reference.c - see reference.h. */
#include "pay/reference.h"

#include <string.h>

static bool is_digits(const char *text, size_t least, size_t most)
{
	const size_t len = strlen(text);

	return len >= least && len <= most && strspn(text, "0123456789") == len;
}

/* Digits times 2, 1, 2, ... or 1, 2, 1, ... from the right, and their digits added. */
static int luhn_sum(const char *digits, size_t len, int weight)
{
	int sum = 0;

	for (size_t i = len; i-- > 0; weight = 3 - weight) {
		const int product = (digits[i] - '0') * weight;

		sum += product / 10 + product % 10;
	}
	return sum;
}

bool reference_luhn(const char *digits)
{
	return is_digits(digits, 1, REFERENCE_BYTES) &&
	    luhn_sum(digits, strlen(digits), 1) % 10 == 0;
}

char reference_luhn_digit(const char *digits)
{
	return (char)('0' + (10 - luhn_sum(digits, strlen(digits), 2) % 10) % 10);
}

static bool is_modulus_11(const char *text)
{
	const size_t len = strlen(text);
	int sum = 0, weight = 2, check;

	for (size_t i = len - 1; i-- > 0; weight = weight == 7 ? 2 : weight + 1)
		sum += (text[i] - '0') * weight;
	check = (11 - sum % 11) % 11;
	return check == 10 ? text[len - 1] == '-' : text[len - 1] == '0' + check;
}

bool reference_kid(const char *text)
{
	const size_t len = strlen(text), digits = strspn(text, "0123456789");

	if (len < 2 || len > 25 || (digits != len && (digits + 1 != len || text[digits] != '-')))
		return false;
	return is_modulus_11(text) || reference_luhn(text);
}

bool reference_norwegian_account(const char *digits)
{
	return is_digits(digits, 11, 11) && is_modulus_11(digits);
}

bool reference_ocr(const char *text)
{
	return is_digits(text, 2, 25) && reference_luhn(text);
}

bool reference_viite(const char *text)
{
	static const int weights[] = { 7, 3, 1 };
	const size_t len = strlen(text);
	int sum = 0;

	if (!is_digits(text, 4, 20))
		return false;
	for (size_t i = 0; i + 1 < len; i++)
		sum += (text[len - 2 - i] - '0') * weights[i % 3];
	return text[len - 1] == '0' + (10 - sum % 10) % 10;
}

bool reference_compact(const char *text, char out[REFERENCE_BYTES])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ')
			continue;
		if (n + 1 == REFERENCE_BYTES)
			return false;
		out[n++] = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
	}
	out[n] = '\0';
	return true;
}

/* Modulus 97 with the first four characters at the end, letters as 10 to 35; -1: there is
 * something else in it. */
static int modulus_97(const char *text)
{
	const size_t len = strlen(text);
	int rest = 0;

	for (size_t i = 0; i < len; i++) {
		const char c = text[(i + 4) % len];

		if (c >= '0' && c <= '9')
			rest = (rest * 10 + (c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			rest = (rest * 100 + (c - 'A' + 10)) % 97;
		else
			return -1;
	}
	return rest;
}

bool reference_rf(const char *given)
{
	char text[REFERENCE_BYTES];

	return reference_compact(given, text) && strncmp(text, "RF", 2) == 0 && strlen(text) >= 5 &&
	    strlen(text) <= 25 && strspn(text + 2, "0123456789") >= 2 && modulus_97(text) == 1;
}

bool reference_iban(const char *given)
{
	char text[REFERENCE_BYTES];

	return reference_compact(given, text) && strlen(text) >= 15 && strlen(text) <= 34 &&
	    text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z' &&
	    strspn(text + 2, "0123456789") >= 2 && modulus_97(text) == 1;
}

bool reference_pad(const char *digits, size_t width, char out[REFERENCE_BYTES])
{
	const size_t len = strlen(digits);

	if (!is_digits(digits, 1, width) || width >= REFERENCE_BYTES)
		return false;
	memset(out, '0', width - len);
	memcpy(out + width - len, digits, len + 1);
	return true;
}
