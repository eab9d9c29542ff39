/* fold.c - see fold.h. */
#include "base/fold.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define FOLDED_MAX (4 * FOLD_NAME_BYTES_MAX)

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
