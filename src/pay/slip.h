/* slip.h - the line of a payment slip, as the creditor's banks read it, and the code that
 * a bank's app reads.
 *
 *   DK  FIK         +71<000000000000018+81234567<          DKK, settings `fik`
 *   SE  OCR         # 12345678903 # 1249 00 2 > 50501055#41#    SEK, `bankgiro`
 *   NO  KID         KID 12345674, konto 15030412343        NOK, `kid_account`
 *   FI  bar code    54 digits, versions 4 and 5            EUR, `iban` of Finland
 *   any of SEPA     IBAN and, where there is one, RF; a code of EPC069-12      EUR, `iban`
 *
 * A line stands for one invoice and its amount: where more than one is asked for, or the
 * reference's check digit is wrong, there is none, and the letter's other words say how
 * to pay.  Great Britain and the United States have no such line.
 *
 * Source:  Danish banks' FI cards; Bankgirot's OCR manual; Finance Finland's bank bar code
 *          guide 5.3; European Payments Council, EPC069-12 v2.1.
 * Units:   minor units; days.
 * Memory:  texts live on ctx; "" where there is none.
 * Threads: pure.
 */
#ifndef PAY_SLIP_H
#define PAY_SLIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"

struct slip_account {
	const char	*name;		/* whose it is, as the bank knows it */
	const char	*fik;		/* "71 81234567": kind of card, creditor's number */
	const char	*bankgiro;	/* "5050-1055" */
	const char	*kid_account;	/* "1503.04.12343" */
	const char	*iban, *bic;
};

struct slip_ask {
	const char	*reference;
	char		 currency[CURRENCY_BYTES];
	int64_t		 minor;		/* > 0 */
	day_t		 due_on;	/* DAY_NONE: none */
};

struct slip {
	const char	*line;
	const char	*code;		/* what a QR code is to say */
};

struct slip	slip_make(void *ctx, const struct slip_account *, const struct slip_ask *);

/* NULL: the settings of an account are sound; else what is wrong with them. */
const char	*slip_account_fault(const struct slip_account *);

#endif
