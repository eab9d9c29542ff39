/* profile_file.h - reading a column mapping that was named on the command line. */
#ifndef CMD_PROFILE_FILE_H
#define CMD_PROFILE_FILE_H

#include "base/secret.h"
#include "intake/intake.h"

/* NULL and an error when the file or its content is wrong, or when it is a
 * profile for another kind of file. */
struct profile	*profile_file_read(void *ctx, const char *path, enum intake_what,
		    char hash[HASH_HEX_BYTES], struct err *);

/* One line per rejected row on stderr, the first ones. */
void		 profile_file_print_faults(const char *path, const struct intake_result *);

#endif
