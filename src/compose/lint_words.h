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
};

/* Short names that are written in capitals and shout at nobody. */
static const char *const lint_capitals[] = {
	"CVR", "SMS", "IBAN", "BIC", "SEPA", "PDF", "FIK", "OCR", "KID", "DOCTYPE", "HTML",
	"DKK", "EUR", "NOK", "SEK", "GBP", "USD",
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
