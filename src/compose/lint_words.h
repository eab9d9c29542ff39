/* lint_words.h - words that a reminder does without.
 *
 * Matched without regard to case at the start of a word: "advokat" finds
 * "advokatsalær" too; with `whole` only the word itself.
 *
 * Source:  Inkassoloven section 9 with its preparatory works (empty threats of
 *          court, police, bankruptcy, credit registers); the rest is ours:
 *          hurry and blame do not bring money, and cost trust.
 */
#ifndef COMPOSE_LINT_WORDS_H
#define COMPOSE_LINT_WORDS_H

#include <stdbool.h>

struct lint_word {
	const char	*lang;
	const char	*word;
	bool		 whole;
	bool		 in_notice;	/* allowed in a formal notice's body */
	const char	*why;
};

static const struct lint_word lint_words[] = {
	{ "da", "straks", false, false, "hurry" },
	{ "da", "omgående", false, false, "hurry" },
	{ "da", "øjeblikkelig", false, false, "hurry" },
	{ "da", "snarest", false, false, "hurry" },
	{ "da", "sidste chance", false, false, "a threat" },
	{ "da", "sidste varsel", false, false, "a threat" },
	{ "da", "advarsel", false, false, "a threat" },
	{ "da", "advarer", false, false, "a threat" },
	{ "da", "konsekvens", false, false, "a threat" },
	{ "da", "retsskridt", false, false, "a threat of court" },
	{ "da", "retssag", false, false, "a threat of court" },
	{ "da", "fogedret", false, false, "a threat of court" },
	{ "da", "stævn", false, false, "a threat of court" },
	{ "da", "advokat", false, false, "a threat of court" },
	{ "da", "politi", true, false, "a threat" },
	{ "da", "politiet", false, false, "a threat" },
	{ "da", "konkurs", false, false, "a threat" },
	{ "da", "rki", true, false, "a threat of a credit register" },
	{ "da", "debitorregist", false, false, "a threat of a credit register" },
	{ "da", "dårlig betaler", false, false, "blame" },
	{ "da", "misligholde", false, false, "blame" },
	{ "da", "forsømt", false, false, "blame" },
	{ "da", "inkasso", false, true, "debt collection belongs in a formal notice" },
	{ "en", "immediate", false, false, "hurry" },
	{ "en", "at once", true, false, "hurry" },
	{ "en", "urgent", false, false, "hurry" },
	{ "en", "act now", true, false, "hurry" },
	{ "en", "last chance", false, false, "a threat" },
	{ "en", "final warning", false, false, "a threat" },
	{ "en", "final demand", false, false, "a threat" },
	{ "en", "warning", false, false, "a threat" },
	{ "en", "consequence", false, false, "a threat" },
	{ "en", "legal action", false, false, "a threat of court" },
	{ "en", "lawsuit", false, false, "a threat of court" },
	{ "en", "court", true, false, "a threat of court" },
	{ "en", "lawyer", false, false, "a threat of court" },
	{ "en", "attorney", false, false, "a threat of court" },
	{ "en", "solicitor", false, false, "a threat of court" },
	{ "en", "police", true, false, "a threat" },
	{ "en", "bankrupt", false, false, "a threat" },
	{ "en", "credit register", false, false, "a threat of a credit register" },
	{ "en", "credit bureau", false, false, "a threat of a credit register" },
	{ "en", "failed to pay", false, false, "blame" },
	{ "en", "failure to pay", false, false, "blame" },
	{ "en", "neglect", false, false, "blame" },
	{ "en", "debt collect", false, true, "debt collection belongs in a formal notice" },
	{ "nb", "straks", false, false, "hurry" },
	{ "nb", "umiddelbart", false, false, "hurry" },
	{ "nb", "omgående", false, false, "hurry" },
	{ "nb", "øyeblikkelig", false, false, "hurry" },
	{ "nb", "snarest", false, false, "hurry" },
	{ "nb", "siste sjanse", false, false, "a threat" },
	{ "nb", "siste advarsel", false, false, "a threat" },
	{ "nb", "advarsel", false, false, "a threat" },
	{ "nb", "advarer", false, false, "a threat" },
	{ "nb", "konsekvens", false, false, "a threat" },
	{ "nb", "rettslig", false, false, "a threat of court" },
	{ "nb", "rettssak", false, false, "a threat of court" },
	{ "nb", "namsmann", false, false, "a threat of court" },
	{ "nb", "forliksråd", false, false, "a threat of court" },
	{ "nb", "stevn", false, false, "a threat of court" },
	{ "nb", "advokat", false, false, "a threat of court" },
	{ "nb", "politi", true, false, "a threat" },
	{ "nb", "politiet", false, false, "a threat" },
	{ "nb", "konkurs", false, false, "a threat" },
	{ "nb", "betalingsanmerkning", false, false, "a threat of a credit register" },
	{ "nb", "dårlig betaler", false, false, "blame" },
	{ "nb", "mislighold", false, false, "blame" },
	{ "nb", "forsømt", false, false, "blame" },
	{ "nb", "inkasso", false, true, "debt collection belongs in a formal notice" },
	{ "sv", "omedelbart", false, false, "hurry" },
	{ "sv", "omgående", false, false, "hurry" },
	{ "sv", "genast", false, false, "hurry" },
	{ "sv", "snarast", false, false, "hurry" },
	{ "sv", "sista chans", false, false, "a threat" },
	{ "sv", "sista varning", false, false, "a threat" },
	{ "sv", "varning", false, false, "a threat" },
	{ "sv", "varnar", false, false, "a threat" },
	{ "sv", "konsekvens", false, false, "a threat" },
	{ "sv", "rättsliga åtgärd", false, false, "a threat of court" },
	{ "sv", "rättegång", false, false, "a threat of court" },
	{ "sv", "domstol", false, true, "a threat of court" },
	{ "sv", "kronofogd", false, false, "a threat of court" },
	{ "sv", "stämning", false, false, "a threat of court" },
	{ "sv", "advokat", false, false, "a threat of court" },
	{ "sv", "polis", true, false, "a threat" },
	{ "sv", "polisen", false, false, "a threat" },
	{ "sv", "konkurs", false, false, "a threat" },
	{ "sv", "betalningsanmärkning", false, false, "a threat of a credit register" },
	{ "sv", "dålig betalare", false, false, "blame" },
	{ "sv", "misskött", false, false, "blame" },
	{ "sv", "försummat", false, false, "blame" },
	{ "sv", "inkasso", false, true, "debt collection belongs in a formal notice" },
	{ "fi", "välittömästi", false, false, "hurry" },
	{ "fi", "viipymättä", false, false, "hurry" },
	{ "fi", "heti paikalla", false, false, "hurry" },
	{ "fi", "kiireellisesti", false, false, "hurry" },
	{ "fi", "viimeinen mahdollisuus", false, false, "a threat" },
	{ "fi", "viimeinen varoitus", false, false, "a threat" },
	{ "fi", "varoitus", false, false, "a threat" },
	{ "fi", "varoitamme", false, false, "a threat" },
	{ "fi", "seuraamu", false, false, "a threat" },
	{ "fi", "oikeustoimi", false, false, "a threat of court" },
	{ "fi", "oikeudenkäynti", false, false, "a threat of court" },
	{ "fi", "ulosot", false, false, "a threat of court" },
	{ "fi", "haaste", false, false, "a threat of court" },
	{ "fi", "asianajaj", false, false, "a threat of court" },
	{ "fi", "poliisi", false, false, "a threat" },
	{ "fi", "konkurssi", false, false, "a threat" },
	{ "fi", "maksuhäiriö", false, false, "a threat of a credit register" },
	{ "fi", "luottotie", false, false, "a threat of a credit register" },
	{ "fi", "laiminly", false, false, "blame" },
	{ "fi", "huono maksaja", false, false, "blame" },
	{ "fi", "perintä", false, true, "debt collection belongs in a formal notice" },
	{ "fi", "perintään", false, true, "debt collection belongs in a formal notice" },
	{ "de", "sofort", false, false, "hurry" },
	{ "de", "unverzüglich", false, false, "hurry" },
	{ "de", "umgehend", false, false, "hurry" },
	{ "de", "dringend", false, false, "hurry" },
	{ "de", "letzte chance", false, false, "a threat" },
	{ "de", "letzte warnung", false, false, "a threat" },
	{ "de", "letzte mahnung", false, false, "a threat" },
	{ "de", "warnung", false, false, "a threat" },
	{ "de", "warnen", false, false, "a threat" },
	{ "de", "konsequenz", false, false, "a threat" },
	{ "de", "rechtliche schritte", false, false, "a threat of court" },
	{ "de", "gerichtlich", false, false, "a threat of court" },
	{ "de", "klage", false, false, "a threat of court" },
	{ "de", "mahnbescheid", false, false, "a threat of court" },
	{ "de", "rechtsanwalt", false, false, "a threat of court" },
	{ "de", "anwalt", false, false, "a threat of court" },
	{ "de", "gerichtsvollzieher", false, false, "a threat of court" },
	{ "de", "polizei", false, false, "a threat" },
	{ "de", "insolvenz", false, false, "a threat" },
	{ "de", "schufa", false, false, "a threat of a credit register" },
	{ "de", "auskunftei", false, false, "a threat of a credit register" },
	{ "de", "säumig", false, false, "blame" },
	{ "de", "versäum", false, false, "blame" },
	{ "de", "zahlungsmoral", false, false, "blame" },
	{ "de", "inkasso", false, true, "debt collection belongs in a formal notice" },
};

/* Languages build words of unlike length, and LIX counts letters: what is
 * light in one looks heavy in another.
 *
 * Source:  C.-H. Björnsson, "Readability of Newspapers in 11 Languages",
 *          Reading Research Quarterly 18(4), 1983, for the order of the
 *          languages; the limits are ours. */
static const struct { const char *lang; int most; } lix_limits[] = {
	{ "de", 42 }, { "fi", 62 },
};

/* Short names that are written in capitals and shout at nobody. */
static const char *const lint_capitals[] = {
	"CVR", "SMS", "IBAN", "BIC", "SEPA", "PDF", "FIK", "OCR", "KID", "DOCTYPE", "HTML",
	"DKK", "EUR", "NOK", "SEK", "GBP", "USD", "BGB",
};

/* What makes a mail load from outside, or run. */
static const char *const lint_loads[] = {
	"<img", "<script", "<link", "<iframe", "<object", "<form", "src=", "@import", "url(",
};

/* What a legal notice must name (Inkassoloven section 10(2)). */
static const char *const lint_notice_names[] = {
	"creditor_name", "creditor_phone", "creditor_email", "debtor_name", "number", "subject",
	"due_on", "principal", "interest", "fees", "balance", "to_pay", "account",
	"account_name", "reference", "deadline", "link_url",
};

/* And without which it is not to be sent. */
static const char *const lint_notice_requires[] = {
	"creditor_name", "debtor_name", "invoices", "totals", "account", "account_name",
	"deadline", "link_url",
};

#endif
