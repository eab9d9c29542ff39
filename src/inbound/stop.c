/* stop.c - see stop.h. */
#include "inbound/stop.h"

#include <ctype.h>
#include <string.h>

#include <talloc.h>

#include "base/fold.h"
#include "base/must.h"

#define SHORT_CODE_DIGITS_MAX 7
#define SIGNATURE_WORDS_MAX 5		/* after what it begins with */

/* All tables: as fold_words() writes them. */
static const char *const stop_words[] = {
	"stop", "stopp", "stopall", "stop all", "unsubscribe", "unsubscribe me", "cancel", "end",
	"quit", "revoke", "optout", "opt out", "opt me out", "remove", "remove me", "no thanks",
	"no thank you",
	"afmeld", "afmeld mig", "frameld", "frameld mig", "meld mig af", "meld mig fra", "nej tak",
	"avslutt", "avmeld", "meld av", "meld meg av", "nei takk",
	"avsluta", "avregistrera", "avregistrera mig", "avanmal", "avanmal mig", "sluta", "nej tack",
	"lopeta", "lopettakaa", "peruuta", "seis", "poista", "ei kiitos",
	"abmelden", "abmeldung", "melden sie mich ab", "stoppen", "aufhoren", "aufhoeren", "ende",
	"beenden", "abbestellen", "nein danke",
	"baja", "parar", "cancelar", "no gracias",
	"arret", "arreter", "desabonner", "non merci",
	"afmelden", "uitschrijven",
	"стоп",
};

/* Those of them that mean nothing else, whatever word stands before. */
static const char *const plain_stop_words[] = {
	"stop", "stopp", "stopall", "unsubscribe", "optout", "afmeld", "frameld", "avmeld",
	"avregistrera", "abmelden", "стоп",
};

/* What is said along with it and asks for nothing. */
static const char *const courtesies[] = {
	"hi", "hello", "hey", "ok", "okay", "please", "pls", "plz", "thanks", "thank you", "now",
	"send", "reply", "text", "texts", "message", "messages", "sms", "smser",
	"hej", "tak", "mange tak", "pa forhand tak", "venligst", "vær venlig", "vær sa venlig", "nu",
	"straks", "nej", "svar", "beskeder",
	"hei", "takk", "tusen takk", "pa forhand takk", "vennligst", "vær sa snill", "na", "nei",
	"meldinger",
	"tack", "tack pa forhand", "snalla", "vanligen", "genast", "meddelanden",
	"moi", "kiitos", "kiitti", "nyt", "heti", "ole hyva", "olkaa hyva", "viestit",
	"hallo", "bitte", "danke", "jetzt", "sofort", "nein", "nachrichten",
	"por favor", "gracias", "ya", "merci", "svp", "sil vous plait", "aub", "bedankt",
};

/* What a person's signature begins with. */
static const char *const closings[] = {
	"regards", "best regards", "kind regards", "br",
	"mvh", "vh", "hilsen", "venlig hilsen", "med venlig hilsen", "vennlig hilsen",
	"med vennlig hilsen",
	"halsningar", "vanliga halsningar", "vanlig halsning", "med vanlig halsning",
	"med vanliga halsningar",
	"terveisin", "ystavallisin terveisin", "terv",
	"mfg", "lg", "gruss", "viele grusse", "freundliche grusse", "mit freundlichen grussen",
	"saludos", "cordialement",
};

/* What a telephone writes below, on a line of its own. */
static const char *const footers[] = {
	"sent from", "get outlook", "sendt fra", "hent outlook",
	"skickat fran", "skaffa outlook", "hamta outlook",
	"lahetetty iphonesta", "lahetetty ipadista", "lahetetty androidista", "lahetetty puhelimesta",
	"lahetetty samsung", "lahetetty outlook", "hanki outlook",
	"von meinem iphone", "von meinem ipad", "von meinem samsung", "von meinem handy",
	"gesendet von", "gesendet mit", "outlook fur",
	"enviado desde", "envoye de", "verzonden vanaf",
};

/* No keyword of a service: with one of these the stop is denied, or is another one. */
static const char *const no_keywords[] = {
	"not", "no", "never", "dont", "cant", "cannot", "wont", "without", "non", "i",
	"ikke", "ikkje", "aldrig", "aldri", "uden", "uten", "inte", "ej", "ei", "utan", "ala", "alkaa",
	"nicht", "nie", "niemals", "kein", "ohne", "nunca", "sin", "pas", "ne", "sans", "niet", "geen",
	"не", "bus", "buss", "full", "pit", "tram", "the",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The length of the longest of them that the words begin with; 0: none. */
static size_t begins(const char *words, const char *const table[], size_t count)
{
	size_t longest = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t len = strlen(table[i]);

		if (len > longest && strncmp(words, table[i], len) == 0 &&
		    (words[len] == ' ' || words[len] == '\0'))
			longest = len;
	}
	return longest;
}

/* A telephone number is no word. */
static size_t words_in(const char *words)
{
	size_t n = 0;

	for (const char *at = words; *at != '\0'; at++)
		n += (at == words || at[-1] == ' ') && *at != ' ' && !isdigit((unsigned char)*at);
	return n;
}

static bool says_stop(const char *words)
{
	bool found = false;

	while (*words != '\0') {
		const size_t stop = begins(words, stop_words, COUNT(stop_words));
		const size_t courtesy = begins(words, courtesies, COUNT(courtesies));
		const size_t closing = begins(words, closings, COUNT(closings));
		const size_t len = stop > courtesy ? stop : courtesy;

		if (found && closing > len)
			return words_in(words + closing) <= SIGNATURE_WORDS_MAX;
		if (len == 0)
			return false;
		found |= len == stop;
		words += len + (words[len] == ' ');
	}
	return found;
}

static bool is_short_code(const char *to)
{
	const char *digits = to[0] == '+' ? to + 1 : to;
	const size_t len = strspn(digits, "0123456789");

	return len > 0 && len <= SHORT_CODE_DIGITS_MAX && digits[len] == '\0';
}

static bool follows_keyword(const char *words, bool short_code, bool capitals)
{
	const char *rest = strchr(words, ' ');
	size_t stop;

	if (rest == NULL || begins(words, no_keywords, COUNT(no_keywords)) > 0)
		return false;
	rest++;
	stop = begins(rest, plain_stop_words, COUNT(plain_stop_words));
	return stop > 0 && ((short_code && says_stop(rest)) || (capitals && rest[stop] == '\0'));
}

/* "s t o p" is one word, and so is what stood with full stops between. */
static void join_letters(char *words)
{
	char *to = words;
	bool alone = false;		/* the word before has one letter */

	for (const char *at = words; *at != '\0';) {
		const size_t len = strcspn(at, " ");

		if (to > words && !(alone && len == 1))
			*to++ = ' ';
		memmove(to, at, len);
		to += len;
		alone = len == 1;
		at += len + (at[len] == ' ');
	}
	*to = '\0';
}

/* Two hyphens alone on a line begin a signature (RFC 3676, 4.3). */
static bool is_delimiter(const char *line)
{
	const size_t len = strncmp(line, "--", 2) == 0 ? 2 + strspn(line + 2, " \r") : 0;

	return len > 0 && (line[len] == '\n' || line[len] == '\0');
}

static bool is_footer(void *ctx, const char *line)
{
	const bool is_short = strnlen(line, FOLD_WORDS_BYTES_MAX + 1) <= FOLD_WORDS_BYTES_MAX;
	const char *words = is_short ? fold_words(ctx, line) : "";
	const size_t len = begins(words, footers, COUNT(footers));

	return len > 0 && words_in(words + len) <= SIGNATURE_WORDS_MAX;
}

/* Without what a program put below it; a text that goes on says more than stop. */
static char *own_text(void *ctx, const char *text)
{
	const char *end = strchr(text, '\n');
	char *own;

	while (end != NULL && end - text < FOLD_WORDS_BYTES_MAX && !is_delimiter(end + 1) &&
	    !is_footer(ctx, end + 1))
		end = strchr(end + 1, '\n');
	own = talloc_strndup(ctx, text, end != NULL ? (size_t)(end - text) : strlen(text));
	must(own != NULL);
	return own;
}

bool stop_is_all(const char *text, const char *to)
{
	void *ctx = talloc_new(NULL);
	char *own, *words;
	bool stop;

	must(ctx != NULL);
	own = own_text(ctx, text);
	words = fold_words(ctx, own);
	join_letters(words);
	stop = says_stop(words) || follows_keyword(words, is_short_code(to), fold_in_capitals(own));
	talloc_free(ctx);
	return stop;
}
