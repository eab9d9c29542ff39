/* cfg.h - purr.conf: `key = value` lines in sections, comments with ';'.
 *
 * Sections are [purr], [email], [sms], [approval], [breaker], [cost] and one
 * [creditor NAME] for each creditor.  Every setting stands in cfg.def; an unknown one, a line that does
 * not parse or an over-long one is fatal: a misread setting would send wrong
 * messages.  Secrets are given as a file's path, never in the file itself.
 *
 * Source:  the INI form of inih 55, which cuts lines at 199 characters and a
 *          value at " ;" (so a value must not hold one).
 * Memory:  a talloc child of the context given; constant once read.
 */
#ifndef BASE_CFG_H
#define BASE_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct err;

#define CFG_CREDITORS_MAX 64

enum cfg_type { CFG_TEXT, CFG_INT, CFG_BOOL, CFG_FILE, CFG_PRICE, CFG_BASE_URL };

#define CFG_PRICE_UNIT 1000000		/* a price counts millionths */
#define CFG_PRICE_DIGITS_MAX 6		/* before the point */

enum cfg_key {
#define SETTING(key, section, name, type, standard, help) CFG_##key,
#define CREDITOR_SETTING(key, name, standard, help)
#include "base/cfg.def"
#undef SETTING
#undef CREDITOR_SETTING
	CFG_KEYS
};

enum creditor_key {
#define SETTING(key, section, name, type, standard, help)
#define CREDITOR_SETTING(key, name, standard, help) CREDITOR_##key,
#include "base/cfg.def"
#undef SETTING
#undef CREDITOR_SETTING
	CREDITOR_KEYS
};

struct cfg_creditor {
	const char	*id;			/* NAME of [creditor NAME] */
	const char	*text[CREDITOR_KEYS];	/* never NULL */
	int		 line[CREDITOR_KEYS];	/* of the file; 0: not in it */
};

struct cfg {
	const char		*path;
	const char		*text[CFG_KEYS];	/* never NULL */
	int			 line[CFG_KEYS];	/* of the file; 0: not in it */
	struct cfg_creditor	 creditors[CFG_CREDITORS_MAX];
	size_t			 creditor_count;
};

/* Reads and checks the file.  ERR_INPUT names file and line, also of each that comes later
 * (err.h). */
struct cfg	*cfg_read(void *ctx, const char *path, struct err *);

int64_t		 cfg_int(const struct cfg *, enum cfg_key);
bool		 cfg_bool(const struct cfg *, enum cfg_key);
int64_t		 cfg_price(const struct cfg *, enum cfg_key);	/* millionths */
/* Where a setting stands; 0: not in the file, or there is none of that name. */
int		 cfg_line(const struct cfg *, const char *section, const char *name);
const struct cfg_creditor	*cfg_creditor(const struct cfg *, const char *id);

/* The next of the words that stand in a setting between spaces, cut out as a
 * child of `ctx`; NULL after the last.  `*at` begins as the setting. */
char		*cfg_word(void *ctx, const char **at);

/* A commented purr.conf with every setting at its default and one sample
 * creditor, for `purr init`. */
void		 cfg_print_sample(FILE *);

#endif
