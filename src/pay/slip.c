/* slip.c - see slip.h. */
#include "pay/slip.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "pay/reference.h"

#define CENTS 100
#define FIK_CREDITOR_DIGITS 8
#define BARCODE_MINOR_MAX INT64_C(99999999)	/* 999,999.99 */
#define EPC_MINOR_MAX INT64_C(99999999999)	/* 999,999,999.99 */
#define EPC_NAME_CHARS_MAX 70

static bool is_in(const struct slip_ask *ask, const char *currency)
{
	return strcmp(ask->currency, currency) == 0;
}

/* The digits of an account's number, without what makes it readable. */
static bool digits_of(const char *text, char out[REFERENCE_BYTES])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (strchr(" .-", *text) != NULL)
			continue;
		if (*text < '0' || *text > '9' || n + 1 == REFERENCE_BYTES)
			return false;
		out[n++] = *text;
	}
	out[n] = '\0';
	return n > 0;
}

/* --- Denmark ------------------------------------------------------------------------- */

/* "71 81234567", and how long the card's reference is; 0: it has none. */
static bool fik_read(const char *text, char kind[3], char creditor[REFERENCE_BYTES], size_t *width)
{
	static const struct { const char *kind; size_t width; } kinds[] = {
		{ "71", 15 }, { "75", 16 }, { "73", 0 } };

	if (strlen(text) < 4 || text[2] != ' ' || !digits_of(text + 3, creditor) ||
	    strlen(creditor) != FIK_CREDITOR_DIGITS || creditor[0] != '8')
		return false;
	memcpy(kind, text, 2);
	kind[2] = '\0';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, kind) == 0) {
			*width = kinds[i].width;
			return true;
		}
	return false;
}

/* A ledger may hold the reference alone, or the line up to it: "+71<000000000000018". */
static char *fik_line(void *ctx, const struct slip_account *a, const char *reference)
{
	char kind[3], creditor[REFERENCE_BYTES], id[REFERENCE_BYTES] = "";
	size_t width;

	if (!fik_read(a->fik, kind, creditor, &width))
		return NULL;
	if (reference[0] == '+' && strncmp(reference + 1, kind, 2) == 0 && reference[3] == '<')
		reference += 4;
	if (width > 0 && (!reference_luhn(reference) || !reference_pad(reference, width, id)))
		return NULL;
	return talloc_asprintf(ctx, "+%s<%s+%s<", kind, id, creditor);
}

/* --- Sweden, Norway -------------------------------------------------------------------- */

static char *ocr_line(void *ctx, const struct slip_account *a, const struct slip_ask *ask)
{
	char giro[REFERENCE_BYTES], amount[24];

	if (!digits_of(a->bankgiro, giro) || !reference_ocr(ask->reference))
		return NULL;
	(void)snprintf(amount, sizeof(amount), "%" PRId64, ask->minor);
	return talloc_asprintf(ctx, "# %s # %" PRId64 " %02" PRId64 " %c > %s#41#", ask->reference,
	    ask->minor / CENTS, ask->minor % CENTS, reference_luhn_digit(amount), giro);
}

static char *kid_line(void *ctx, const struct slip_account *a, const char *reference)
{
	char account[REFERENCE_BYTES];

	if (!digits_of(a->kid_account, account) || !reference_kid(reference))
		return NULL;
	return talloc_asprintf(ctx, "KID %s, konto %s", reference, account);
}

/* --- Finland, SEPA ------------------------------------------------------------------------ */

/* YYMMDD, or zeros. */
static int barcode_day(day_t day)
{
	const struct ymd d = day == DAY_NONE ? (struct ymd){ 0, 0, 0 } : day_ymd(day);

	return d.year % 100 * 10000 + d.month * 100 + d.day;
}

/* Version 4 for a Finnish reference, 5 for RF. */
static char *barcode_line(void *ctx, const char *iban, const struct slip_ask *ask)
{
	char id[REFERENCE_BYTES], padded[REFERENCE_BYTES];
	const bool rf = reference_rf(ask->reference) && reference_compact(ask->reference, id) &&
	    reference_viite(id + 4);

	if (!rf && (!reference_compact(ask->reference, id) || !reference_viite(id)))
		return NULL;
	if (ask->minor > BARCODE_MINOR_MAX || !reference_pad(rf ? id + 4 : id, rf ? 21 : 20, padded))
		return NULL;
	return talloc_asprintf(ctx, "%c%s%06" PRId64 "%02" PRId64 "%.*s%s%06d", rf ? '5' : '4', iban + 2,
	    ask->minor / CENTS, ask->minor % CENTS, rf ? 2 : 3, rf ? id + 2 : "000", padded,
	    barcode_day(ask->due_on));
}

/* In fours, as ISO 13616 prints it. */
static char *iban_print(void *ctx, const char *iban)
{
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < strlen(iban); i += 4)
		out = talloc_asprintf_append(out, "%s%.4s", i > 0 ? " " : "", &iban[i]);
	must(out != NULL);
	return out;
}

static char *sepa_line(void *ctx, const char *iban, const char *reference)
{
	char rf[REFERENCE_BYTES], *print = iban_print(ctx, iban);

	return reference_rf(reference) && reference_compact(reference, rf) ?
	    talloc_asprintf(ctx, "IBAN %s, %s", print, rf) : talloc_asprintf(ctx, "IBAN %s", print);
}

static size_t name_bytes(const char *name)
{
	size_t chars = 0, i = 0;

	for (; name[i] != '\0'; i++) {
		chars += ((unsigned char)name[i] & 0xc0) != 0x80;
		if (chars > EPC_NAME_CHARS_MAX)
			break;
	}
	return i;
}

/* Service tag, version, UTF-8, transfer, then one field to a line; the reference is
 * structured where it is RF. */
static char *epc_code(void *ctx, const struct slip_account *a, const char *iban,
    const struct slip_ask *ask)
{
	char rf[REFERENCE_BYTES] = "";
	const bool structured = reference_rf(ask->reference) &&
	    reference_compact(ask->reference, rf);

	if (ask->minor > EPC_MINOR_MAX)
		return NULL;
	return talloc_asprintf(ctx, "BCD\n002\n1\nSCT\n%s\n%.*s\n%s\nEUR%" PRId64 ".%02" PRId64
	    "\n\n%s\n%s", a->bic, (int)name_bytes(a->name), a->name, iban, ask->minor / CENTS,
	    ask->minor % CENTS, structured ? rf : "", structured ? "" : ask->reference);
}

/* --- the whole --------------------------------------------------------------------------------- */

struct slip slip_make(void *ctx, const struct slip_account *a, const struct slip_ask *ask)
{
	char iban[REFERENCE_BYTES];
	const bool sepa = is_in(ask, "EUR") && reference_iban(a->iban) &&
	    reference_compact(a->iban, iban);
	const char *line = NULL, *code = NULL;

	must(ask->minor > 0);
	if (is_in(ask, "DKK"))
		line = fik_line(ctx, a, ask->reference);
	else if (is_in(ask, "SEK"))
		line = ocr_line(ctx, a, ask);
	else if (is_in(ask, "NOK"))
		line = kid_line(ctx, a, ask->reference);
	else if (sepa && strncmp(iban, "FI", 2) == 0)
		line = barcode_line(ctx, iban, ask);
	if (sepa && line == NULL)
		line = sepa_line(ctx, iban, ask->reference);
	if (sepa)
		code = epc_code(ctx, a, iban, ask);
	return (struct slip){ line != NULL ? line : "", code != NULL ? code : "" };
}

const char *slip_account_fault(const struct slip_account *a)
{
	char kind[3], digits[REFERENCE_BYTES];
	size_t width;

	if (a->fik[0] != '\0' && !fik_read(a->fik, kind, digits, &width))
		return "fik: write the kind of card and your creditor number, as 71 81234567";
	if (a->bankgiro[0] != '\0' && (!digits_of(a->bankgiro, digits) || !reference_luhn(digits) ||
	    strlen(digits) < 7 || strlen(digits) > 8))
		return "bankgiro: a number like 5050-1055, whose last digit does not fit";
	if (a->kid_account[0] != '\0' && (!digits_of(a->kid_account, digits) ||
	    !reference_norwegian_account(digits)))
		return "kid_account: 11 digits like 1503.04.12343, whose last one does not fit";
	if (a->iban[0] != '\0' && !reference_iban(a->iban))
		return "iban: its check digits do not fit";
	return NULL;
}
