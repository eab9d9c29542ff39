/* sms.h - how many parts a text takes as SMS, and in which alphabet.
 *
 * One character outside the GSM alphabet turns the whole message into UCS-2
 * and more than halves what fits, so the text's maker, the lint and the driver
 * all ask here and cannot disagree.
 *
 * Source:  3GPP TS 23.038 section 6.2.1 (default alphabet and its extension
 *          table; no national shift tables), TS 23.040 section 9.2.3.24.1
 *          (concatenation with an 8-bit reference: 6 octets of header).
 * Units:   septets for GSM-7 (an extension character takes two), UTF-16 code
 *          units for UCS-2.
 * Threads: pure.
 */
#ifndef MODEL_SMS_H
#define MODEL_SMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMS_GSM7_UNITS_MAX 160		/* one part alone */
#define SMS_GSM7_PART_UNITS_MAX 153	/* each part of several */
#define SMS_UCS2_UNITS_MAX 70
#define SMS_UCS2_PART_UNITS_MAX 67

enum sms_alphabet { SMS_GSM7, SMS_UCS2 };

struct sms_size {
	enum sms_alphabet	alphabet;
	int			units;		/* septets or UTF-16 units */
	int			parts;		/* 0 for an empty text */
};

/* Septets of one character: 1, 2 (extension table), 0 when it is not there. */
int	sms_septets(uint32_t codepoint);

/* Measures UTF-8 text.  An extension pair or a surrogate pair never lies in
 * two parts: the part before it stays one unit short.  False (and *out zeroed)
 * when the text is not valid UTF-8. */
bool	sms_measure(const char *text, size_t len, struct sms_size *out);

/* The same text as it is sent: letters composed with their marks (NFC; not where that takes
 * more parts), and where it takes fewer parts, typographic marks (curly quotes, dashes, wide
 * and hard spaces, an ellipsis) as the GSM alphabet has them and without what is not seen
 * between Latin letters.  Letters are never changed, a name stays a name, and what joins
 * emoji stays.  Valid UTF-8; a talloc child of ctx. */
char	*sms_plain(void *ctx, const char *text);

/* The first character that forces UCS-2: its code point and byte offset.
 * False when there is none (or the text is not valid UTF-8). */
bool	sms_outsider(const char *text, size_t len, uint32_t *codepoint,
	    size_t *offset);

const char	*sms_alphabet_name(enum sms_alphabet);	/* "gsm7", "ucs2" */

#endif
