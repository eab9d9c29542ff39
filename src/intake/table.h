/* table.h - a CSV file as a header and rows, or one clear reason why not.
 *
 * What a spreadsheet or ledger really writes is accepted: a byte order mark,
 * `,` `;` or tab, CRLF, LF or CR, quoted fields with line breaks, blank
 * lines.  What cannot be read in one way only is refused, file and all: a
 * quote in the wrong place, a file that ends inside a quote or inside its
 * last row, bytes that are not in the encoding, NUL bytes, anything beyond
 * the limits below.  A row with another number of fields than the header is
 * handed on, for the caller to report.
 *
 * Source:  RFC 4180, section 2, with the liberties above; read by libcsv in
 *          strict mode.
 * Units:   bytes; lines count from 1, as an editor shows them.
 * Memory:  bounded by the limits whatever the file holds; what the callbacks
 *          are given is valid during the call.
 * Errors:  ERR_INPUT, "line N: ..." without any content of a row.
 */
#ifndef INTAKE_TABLE_H
#define INTAKE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "intake/charset.h"

struct err;

#define TABLE_FILE_BYTES_MAX (INT64_C(1) << 30)
#define TABLE_ROW_BYTES_MAX (256 * 1024)
#define TABLE_FIELD_BYTES_MAX (32 * 1024)
#define TABLE_COLUMNS_MAX 512
#define TABLE_ROWS_MAX 1000000

/* Where the bytes come from: a path, or a text in memory when path is NULL. */
struct table_source {
	const char	*path;
	struct view	 text;
};

struct table_form {
	char		delimiter;	/* ',' ';' '\t'; 0: told by the header line */
	enum charset	charset;
	size_t		rows_max;	/* 0: TABLE_ROWS_MAX */
};

struct table_row {
	int			 line;		/* on which it begins */
	const struct view	*fields;	/* valid UTF-8, untrimmed */
	size_t			 count;
};

/* Return false, with the err set, to end the reading. */
struct table_reader {
	bool	(*header)(void *arg, const struct table_row *, struct err *);
	bool	(*row)(void *arg, const struct table_row *, struct err *);
	void	*arg;
};

/* How a reading ended, apart from the err. */
struct table_end {
	size_t	row_count;	/* without the header */
	bool	not_utf8;	/* it was not in UTF-8, and that was the trouble */
};

/* ";;;;": nothing in any of several fields, as spreadsheets write blank lines. */
bool	table_row_is_blank(const struct table_row *);

bool	table_read(const struct table_source *, const struct table_form *,
	    const struct table_reader *, struct table_end *, struct err *);

#endif
