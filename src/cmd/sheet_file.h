/* sheet_file.h - a CSV file as a sheet (measure/sheet.h).
 *
 * UTF-8, comma, semicolon or tab (told by the header line), a point in numbers.
 *
 * Errors:  ERR_INPUT: the file cannot be read as a table, a wanted column is
 *          not there or is there twice.
 */
#ifndef CMD_SHEET_FILE_H
#define CMD_SHEET_FILE_H

#include "measure/sheet.h"

struct err;

struct sheet	*sheet_read(void *ctx, const char *path, const struct sheet_want *,
		    size_t count, struct err *);

#endif
