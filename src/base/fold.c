/* fold.c - see fold.h. */
#include "base/fold.h"

#include <string.h>

#include <talloc.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/must.h"

#define FOLDED_MAX (4 * FOLD_NAME_BYTES_MAX)
#define WORDS_MAX (4 * FOLD_WORDS_BYTES_MAX)
#define WORDS_UTF8_MAX (4 * WORDS_MAX + 1)
#define COMPOSED_BYTES_MAX (16 * 1024 * 1024)
#define RIGHT_QUOTE 0x2019

/* --- names ------------------------------------------------------------------------- */

/* The length in UTF-16 units; -1: it cannot be folded. */
static int32_t fold(const char *name, UChar out[FOLDED_MAX])
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&code);
	UChar plain[FOLDED_MAX], folded[FOLDED_MAX];
	int32_t len = 0, n = 0;

	if (strlen(name) > FOLD_NAME_BYTES_MAX)
		return -1;
	u_strFromUTF8(plain, FOLDED_MAX, &len, name, -1, &code);
	len = unorm2_normalize(normalizer, plain, len, folded, FOLDED_MAX, &code);
	if (U_FAILURE(code))
		return -1;
	for (int32_t i = 0; i < len; i++) {
		if (!u_isUWhiteSpace(folded[i]))
			out[n++] = folded[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return n > 0 && out[n - 1] == ' ' ? n - 1 : n;
}

bool fold_same_name(const char *a, const char *b)
{
	UChar x[FOLDED_MAX], y[FOLDED_MAX];
	const int32_t n = fold(a, x), m = fold(b, y);

	if (n < 0 || m < 0)
		return strcmp(a, b) == 0;
	return n == m && memcmp(x, y, sizeof(x[0]) * (size_t)n) == 0;
}

/* --- words ------------------------------------------------------------------------- */

/* Case folded and taken apart; how many characters, 0 where that is not possible. */
static int32_t take_apart(const char *text, UChar32 out[WORDS_MAX])
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *folding = unorm2_getNFKCCasefoldInstance(&code);
	const UNormalizer2 *decomposing = unorm2_getNFDInstance(&code);
	UChar a[WORDS_MAX], b[WORDS_MAX];
	int32_t len = 0;

	if (strnlen(text, FOLD_WORDS_BYTES_MAX + 1) > FOLD_WORDS_BYTES_MAX)
		return 0;
	u_strFromUTF8(a, WORDS_MAX, &len, text, -1, &code);
	len = unorm2_normalize(folding, a, len, b, WORDS_MAX, &code);
	len = unorm2_normalize(decomposing, b, len, a, WORDS_MAX, &code);
	u_strToUTF32(out, WORDS_MAX, &len, a, len, &code);
	return U_FAILURE(code) ? 0 : len;
}

static bool counts_for_nothing(UChar32 c)
{
	return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 || c == '\'' || c == RIGHT_QUOTE;
}

char *fold_words(void *ctx, const char *text)
{
	UChar32 in[WORDS_MAX], out[WORDS_MAX];
	const int32_t len = take_apart(text, in);
	UErrorCode code = U_ZERO_ERROR;
	UChar wide[2 * WORDS_MAX];
	char *words = talloc_zero_size(ctx, WORDS_UTF8_MAX);
	int32_t n = 0, units = 0;
	bool gap = false;

	must(words != NULL);
	for (int32_t i = 0; i < len; i++) {
		if (counts_for_nothing(in[i]))
			continue;
		if (!u_isalnum(in[i])) {
			gap = n > 0;
			continue;
		}
		if (gap)
			out[n++] = ' ';
		gap = false;
		out[n++] = in[i];
	}
	u_strFromUTF32(wide, 2 * WORDS_MAX, &units, out, n, &code);
	u_strToUTF8(words, WORDS_UTF8_MAX, NULL, wide, units, &code);
	must(U_SUCCESS(code));
	return words;
}

bool fold_in_capitals(const char *text)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar wide[FOLD_WORDS_BYTES_MAX];
	UChar32 in[FOLD_WORDS_BYTES_MAX];
	int32_t len = 0, i = 0;

	u_strFromUTF8(wide, FOLD_WORDS_BYTES_MAX, &len, text, -1, &code);
	u_strToUTF32(in, FOLD_WORDS_BYTES_MAX, &len, wide, len, &code);
	while (U_SUCCESS(code) && i < len && !u_hasBinaryProperty(in[i], UCHAR_LOWERCASE))
		i++;
	return U_SUCCESS(code) && i == len;
}

/* --- composed ---------------------------------------------------------------------- */

char *fold_composed(void *ctx, const char *text)
{
	const size_t bytes = strlen(text);
	const unsigned wide = (unsigned)bytes + 1, room = 3 * wide;	/* UAX 15: no more than three times */
	UErrorCode code = U_ZERO_ERROR;
	UChar *plain = talloc_array(ctx, UChar, wide), *composed = talloc_array(ctx, UChar, room);
	char *out = talloc_array(ctx, char, 3 * room);
	int32_t len = 0;

	must(bytes < COMPOSED_BYTES_MAX && plain != NULL && composed != NULL && out != NULL);
	u_strFromUTF8(plain, (int32_t)wide, &len, text, (int32_t)bytes, &code);
	len = unorm2_normalize(unorm2_getNFCInstance(&code), plain, len, composed, (int32_t)room, &code);
	u_strToUTF8(out, (int32_t)(3 * room), NULL, composed, len, &code);
	must(U_SUCCESS(code));
	talloc_free(plain);
	talloc_free(composed);
	return out;
}
