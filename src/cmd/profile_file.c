/* profile_file.c - see profile_file.h. */
#include "cmd/profile_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define FAULTS_SHOWN_MAX 50
#define PROFILE_BYTES_MAX (256 * 1024)

static char *read_text(void *ctx, const char *path, size_t *len, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *text = talloc_size(ctx, PROFILE_BYTES_MAX + 1);

	must(text != NULL);
	if (file == NULL) {
		err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
		return NULL;
	}
	*len = fread(text, 1, PROFILE_BYTES_MAX, file);
	if (ferror(file))
		err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	else if (*len == PROFILE_BYTES_MAX)
		err_set(err, ERR_INPUT, "%s: too large for a profile", path);
	fclose(file);
	text[*len] = '\0';
	return err_is_set(err) ? NULL : text;
}

struct profile *profile_file_read(void *ctx, const char *path, enum intake_what what,
    char hash[HASH_HEX_BYTES], struct err *err)
{
	size_t len;
	char *text = read_text(ctx, path, &len, err);
	struct profile *profile = text == NULL ? NULL : profile_parse(ctx, path, text, len, err);

	if (profile == NULL)
		return NULL;
	sha256_hex(text, len, hash);
	if (profile->what == what)
		return profile;
	err_set(err, ERR_INPUT, "%s is a profile for %s, not for %s", path,
	    intake_what_name(profile->what), intake_what_name(what));
	return NULL;
}

void profile_file_print_faults(const char *path, const struct intake_result *r)
{
	for (size_t i = 0; i < r->fault_count && i < FAULTS_SHOWN_MAX; i++) {
		const struct row_fault *f = &r->faults[i];

		fprintf(stderr, "%s:%d: %s%s%s", path, f->line, f->column,
		    f->column[0] != '\0' ? ": " : "", f->reason);
		if (f->value_class[0] != '\0')
			fprintf(stderr, " (found: %s)", f->value_class);
		fputc('\n', stderr);
	}
	if (r->fault_count > FAULTS_SHOWN_MAX)
		fprintf(stderr, "... and %zu more\n", r->fault_count - FAULTS_SHOWN_MAX);
}
