/* report_out.c - see report_out.h. */
#include "cmd/report_out.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json_make.h"
#include "cmd/desk.h"
#include "draw/document.h"

static const char *const formats[REPORT_FORMATS] = {
	[REPORT_TEXT] = "text", [REPORT_JSON] = "json", [REPORT_CSV] = "csv",
	[REPORT_CURVE] = "curve", [REPORT_ROWS] = "rows", [REPORT_HTML] = "html", [REPORT_PDF] = "pdf",
};

bool report_out_read(struct cmd *cmd, struct report_out *out)
{
	const char *format = cmd_option(cmd, "--format");

	out->path = cmd_option(cmd, "--out");
	out->format = cmd->json ? REPORT_JSON : REPORT_TEXT;
	for (int f = 0; format != NULL && f < REPORT_FORMATS; f++)
		if (strcmp(format, formats[f]) == 0) {
			out->format = (enum report_format)f;
			format = NULL;
		}
	if (format != NULL) {
		cmd_usage(cmd, "--format takes text, json, csv, curve, rows, html or pdf, not '%s'", format);
		return false;
	}
	if (out->format == REPORT_PDF && out->path == NULL) {
		cmd_usage(cmd, "--format pdf needs --out FILE");
		return false;
	}
	cmd->json = out->format == REPORT_JSON;
	return true;
}

static bool write_text(const struct report_out *out, const char *text, size_t len,
    struct err *err)
{
	FILE *f = out->path == NULL ? stdout : fopen(out->path, "wb");
	bool ok = f != NULL && fwrite(text, 1, len, f) == len && fflush(f) == 0;

	if (f != NULL && f != stdout)
		ok &= fclose(f) == 0;
	return ok || err_set(err, ERR_SYSTEM, "%s: cannot be written: %s",
	    out->path == NULL ? "standard output" : out->path, strerror(errno));
}

int report_out_text(struct cmd *cmd, const struct report_out *out, const struct str *text)
{
	struct err err = { 0 };
	const bool ok = str_ok(text) ? write_text(out, text->at, text->len, &err) :
	    err_set(&err, ERR_REFUSED, "the report is too long");

	return ok ? EXIT_DONE : cmd_fail(cmd, &err);
}

int report_out_write(struct cmd *cmd, const struct report_out *out,
    const struct report_forms *forms, json_t *report)
{
	struct err err = { 0 };
	struct str text;
	bool ok = true;

	if (out->format == REPORT_ROWS || (out->format == REPORT_CURVE && forms->curve == NULL)) {
		json_decref(report);
		return cmd_usage(cmd, "this report has no %s; take --format csv", formats[out->format]);
	}
	if (out->format == REPORT_JSON && out->path == NULL) {
		cmd_print_json(report);
		return EXIT_DONE;
	}
	str_init(&text, cmd->ctx, DOCUMENT_BYTES_MAX);
	switch (out->format) {
	case REPORT_TEXT:
		document_plain(forms->document(cmd->ctx, report, cmd->now), &text);
		break;
	case REPORT_HTML:
		document_html(forms->document(cmd->ctx, report, cmd->now), &text);
		break;
	case REPORT_CSV:
		forms->csv(report, &text);
		break;
	case REPORT_CURVE:
		forms->curve(report, &text);
		break;
	case REPORT_PDF:
		ok = document_pdf(forms->document(cmd->ctx, report, cmd->now), out->path, &err);
		break;
	case REPORT_JSON:
		json_pretty(report, &text);
		break;
	case REPORT_ROWS:
	case REPORT_FORMATS:
		break;
	}
	json_decref(report);
	if (out->format != REPORT_PDF)
		return report_out_text(cmd, out, &text);
	return ok ? EXIT_DONE : cmd_fail(cmd, &err);
}
