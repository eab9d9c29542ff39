/* stop.c - see stop.h. */
#include "inbound/stop.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"

#define WORD_BYTES_MAX 24

/* In capitals; CTIA Messaging Principles 5.1.3 (2023), and what the Nordic and German
 * operators' own texts tell people to write. */
static const char *const stop_words[] = {
	"STOP", "STOPP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE",
	"OPTOUT", "OPT OUT",
	"STOP SMS", "STOPP SMS", "AFMELD", "FRAMELD", "AFMELD SMS",	/* da */
	"AVSLUTT", "AVMELD", "MELD AV",					/* nb */
	"AVSLUTA", "AVREGISTRERA", "SLUTA",				/* sv */
	"LOPETA", "PERUUTA", "SEIS", "POISTA",				/* fi */
	"ABMELDEN", "STOPPEN", "AUFHÖREN",				/* de */
};

/* Two bytes of UTF-8 that have a capital within reach: the letters of our languages. */
static void put_capital(struct str *s, const char *at, size_t bytes)
{
	const unsigned char *u = (const unsigned char *)at;

	if (bytes == 1) {
		str_putc(s, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
	} else if (bytes == 2 && u[0] == 0xc3 && u[1] >= 0xa0 && u[1] != 0xb7 && u[1] != 0xbf) {
		str_putc(s, at[0]);
		str_putc(s, (char)(u[1] - 0x20));
	} else {
		str_putn(s, at, bytes);
	}
}

/* Marks around and doubled spaces count for nothing: "  stop!! " is "STOP". */
static bool is_mark(char c)
{
	return strchr(" \t\r\n.,;:!?\"'()*-", c) != NULL;
}

bool stop_is_all(const char *text)
{
	void *ctx = talloc_new(NULL);
	struct str word;
	bool gap = false, found = false;

	must(ctx != NULL);
	str_init(&word, ctx, WORD_BYTES_MAX);
	for (const char *at = text; *at != '\0';) {
		const unsigned char lead = (unsigned char)*at;
		const size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

		if (*at != '\0' && is_mark(*at)) {
			gap = word.len > 0;
			at++;
			continue;
		}
		if (gap)
			str_putc(&word, ' ');
		gap = false;
		put_capital(&word, at, strnlen(at, bytes));
		at += strnlen(at, bytes);
	}
	for (size_t i = 0; str_ok(&word) && i < sizeof(stop_words) / sizeof(stop_words[0]); i++)
		found |= word.len > 0 && strcmp(word.at, stop_words[i]) == 0;
	talloc_free(ctx);
	return found;
}
