/* word.h - the closed sets of words that the domain uses, and their texts.
 *
 * Each enum has a name function (never NULL) and a parser (false when the
 * word is not one of the set).  The texts are what stands in the database, in
 * files and in reports.
 *
 * Threads: pure.
 */
#ifndef MODEL_WORD_H
#define MODEL_WORD_H

#include <stdbool.h>

enum channel { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_LETTER, CHANNEL_CALL, CHANNELS };

enum tone { TONE_WARM, TONE_NEUTRAL, TONE_FIRM, TONES };

/* Who the debtor is, for the law. */
enum party { PARTY_CONSUMER, PARTY_BUSINESS, PARTY_PUBLIC, PARTIES };

/* Whose claim it is: the creditor collecting its own, or a third party. */
enum role { ROLE_OWN, ROLE_THIRD_PARTY, ROLES };

/* Why nobody is chased for the time being (DESIGN, "hold"). */
enum hold_type {
	HOLD_DISPUTE, HOLD_PAID_CLAIMED, HOLD_PROMISE, HOLD_PLAN, HOLD_HARDSHIP,
	HOLD_WRONG_PERSON, HOLD_LEGAL, HOLD_MANUAL, HOLD_BANK_STALE, HOLD_TYPES
};

/* What a hold is on. */
enum hold_scope { SCOPE_INVOICE, SCOPE_CASE, SCOPE_DEBTOR, SCOPE_CREDITOR, SCOPES };

/* What changes the balance of an invoice; the balance is their sum. */
enum entry_type {
	ENTRY_PRINCIPAL, ENTRY_CREDIT, ENTRY_ALLOCATION, ENTRY_FEE,
	ENTRY_INTEREST, ENTRY_WAIVER, ENTRY_WRITE_OFF, ENTRY_TYPES
};

const char *channel_name(enum channel);
const char *tone_name(enum tone);
const char *party_name(enum party);
const char *role_name(enum role);
const char *hold_type_name(enum hold_type);
const char *hold_scope_name(enum hold_scope);
const char *entry_type_name(enum entry_type);

bool channel_parse(const char *, enum channel *);
bool tone_parse(const char *, enum tone *);
bool party_parse(const char *, enum party *);
bool role_parse(const char *, enum role *);
bool hold_type_parse(const char *, enum hold_type *);
bool hold_scope_parse(const char *, enum hold_scope *);
bool entry_type_parse(const char *, enum entry_type *);

#endif
