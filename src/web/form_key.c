/* form_key.c - see form_key.h. */
#include "web/form_key.h"

#include <string.h>

#define NUMBER_CHARS (TOKEN_TEXT_BYTES - 1)

_Static_assert(PAY_KEY_BYTES == TOKEN_TEXT_BYTES, "the number is the key");
_Static_assert(FORM_KEY_BYTES == 2 * NUMBER_CHARS + 1, "number and hash");

/* Pieces end with their NUL, so that no two inputs run into the same bytes. */
static void hash_text(const struct key *key, const char *purpose, const char *token,
    const char *act, const char *number, char out[TOKEN_TEXT_BYTES])
{
	const struct piece pieces[] = {
		{ purpose, strlen(purpose) + 1 },
		{ token, strlen(token) + 1 },
		{ act, strlen(act) + 1 },
		{ number, strlen(number) + 1 },
	};
	uint8_t hash[HASH_BYTES];

	hmac_sha256(key, pieces, sizeof(pieces) / sizeof(pieces[0]), hash);
	token_text(hash, out);
}

void form_key_make(const struct key *key, const char *token, enum pay_act act,
    char out[FORM_KEY_BYTES])
{
	uint8_t number[TOKEN_BYTES];

	secret_random(number, sizeof(number));
	token_text(number, out);
	hash_text(key, "purr form 1", token, pay_act_name(act), out, out + NUMBER_CHARS);
}

void form_key_follow(const struct key *key, const char *token, enum pay_act act,
    const char before[PAY_KEY_BYTES], char out[FORM_KEY_BYTES])
{
	hash_text(key, "purr form after form 1", token, pay_act_name(act), before, out);
	hash_text(key, "purr form 1", token, pay_act_name(act), out, out + NUMBER_CHARS);
}

bool form_key_check(const struct key *key, const char *token, enum pay_act act,
    const char *text, char out[PAY_KEY_BYTES])
{
	char hash[TOKEN_TEXT_BYTES];

	if (!token_is_wellformed(text, strnlen(text, NUMBER_CHARS)) ||
	    strlen(text) != FORM_KEY_BYTES - 1)
		return false;
	memcpy(out, text, NUMBER_CHARS);
	out[NUMBER_CHARS] = '\0';
	hash_text(key, "purr form 1", token, pay_act_name(act), out, hash);
	return secret_equal(hash, text + NUMBER_CHARS, NUMBER_CHARS);
}

void form_key_one_click(const struct key *key, const char *token, char out[PAY_KEY_BYTES])
{
	hash_text(key, "purr one-click 1", token, pay_act_name(PAY_ACT_UNSUBSCRIBE), "", out);
}
