/* report_out.h - a finished report to where the command line wants it.
 *
 * One object, of which every form is made: text and JSON and CSV go to standard
 * output unless --out names a file; a PDF needs one.
 *
 * Errors:  usage is printed; ERR_SYSTEM where the file cannot be written.
 */
#ifndef CMD_REPORT_OUT_H
#define CMD_REPORT_OUT_H

#include <stdbool.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"

struct document;

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_CURVE, REPORT_ROWS,
	REPORT_HTML, REPORT_PDF, REPORT_FORMATS };

struct report_forms {
	struct document	*(*document)(void *ctx, const json_t *report, instant_t made_at);
	void		 (*csv)(const json_t *report, struct str *out);
	void		 (*curve)(const json_t *report, struct str *out);	/* may be NULL */
};

struct report_out {
	enum report_format	 format;
	const char		*path;		/* NULL: standard output */
};

/* From --format, --json and --out; false: usage was printed. */
bool	report_out_read(struct cmd *, struct report_out *);
/* A finished text, to the same place; an exit code. */
int	report_out_text(struct cmd *, const struct report_out *, const struct str *);
/* Writes it and drops the reference; an exit code. */
int	report_out_write(struct cmd *, const struct report_out *, const struct report_forms *,
	    json_t *report);

#endif
