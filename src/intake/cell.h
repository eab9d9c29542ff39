/* cell.h - one value of a row, read as what its field means.
 *
 * Each reader records a fault in the sheet when the value is wrong and then
 * returns something harmless: a row's reader asks for all its cells and looks
 * at sheet->row_bad once.
 *
 * Memory:  texts are in the sheet's arena.
 */
#ifndef INTAKE_CELL_H
#define INTAKE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"
#include "intake/country.h"
#include "intake/profile.h"
#include "model/word.h"

#define ID_BYTES_MAX 64
#define REFERENCE_BYTES_MAX 64
#define SEGMENT_BYTES_MAX 31		/* of a segment or schedule */
#define NAME_BYTES_MAX 200
#define STREET_BYTES_MAX 200
#define POSTCODE_BYTES_MAX 16
#define REGION_BYTES_MAX 8
#define CITY_BYTES_MAX 100
#define SUBJECT_BYTES_MAX 200

struct sheet;

enum need { MAY_BE_EMPTY, MUST_BE_THERE };

/* One line of text.  A control character, a line break or too many bytes is
 * a fault; `cell_prose` turns line breaks into spaces first. */
const char	*cell_text(struct sheet *, enum intake_field, size_t bytes_max, enum need);
const char	*cell_prose(struct sheet *, enum intake_field, size_t bytes_max);

/* A number of a row, debtor or invoice: a text, but not one that a spreadsheet
 * has turned into "1,23E+11". */
const char	*cell_id(struct sheet *, enum intake_field, enum need);

day_t		 cell_day(struct sheet *, enum intake_field, enum need);
bool		 cell_bool(struct sheet *, enum intake_field);

/* The exponent, or -1 and a fault. */
int		 cell_currency(struct sheet *, char out[CURRENCY_BYTES]);

/* False when empty (a fault only if needed) or wrong. */
bool		 cell_amount(struct sheet *, enum intake_field, int exponent, enum need,
		    int64_t *minor);

/* A word of a closed set; false when empty or wrong. */
bool		 cell_word(struct sheet *, enum intake_field, char out[16]);

const char	*cell_country(struct sheet *);
const char	*cell_lang(struct sheet *);
const char	*cell_zone(struct sheet *);
const char	*cell_email(struct sheet *);
const char	*cell_phone(struct sheet *, const char *country);

#endif
