/* reference.h - references of payments: are their check digits right, and how they are
 * written in full.
 *
 * Source:  Norwegian KID, modulus 10 and 11 (Mastercard Payment Services' OCR manual);
 *          Swedish OCR and Danish FIK, modulus 10 (H. P. Luhn, US 2950048); Finnish viite,
 *          weights 7, 3, 1 (Finance Finland); ISO 11649 (RF) and ISO 13616 (IBAN),
 *          modulus 97 of ISO 7064.
 * Memory:  none; outputs are the caller's.
 * Threads: pure.
 */
#ifndef PAY_REFERENCE_H
#define PAY_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#define REFERENCE_BYTES 40		/* the longest written form and NUL */

/* Digits alone, the last of which makes modulus 10. */
bool	reference_luhn(const char *digits);
/* The check digit that modulus 10 wants behind them. */
char	reference_luhn_digit(const char *digits);

bool	reference_kid(const char *);		/* 2 to 25 digits; the last may be '-' */
bool	reference_norwegian_account(const char *);	/* 11 digits */
bool	reference_ocr(const char *);		/* 2 to 25 digits */
bool	reference_viite(const char *);		/* 4 to 20 digits */
bool	reference_rf(const char *);		/* as it is written: blanks do not count */
bool	reference_iban(const char *);

/* Without blanks, letters large; false: longer than there is room for. */
bool	reference_compact(const char *, char out[REFERENCE_BYTES]);
/* Digits alone, with zeros in front up to the width; false: too many, or none. */
bool	reference_pad(const char *digits, size_t width, char out[REFERENCE_BYTES]);

#endif
