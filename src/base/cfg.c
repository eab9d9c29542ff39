/* cfg.c - see cfg.h. */
#include "base/cfg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>
#include <talloc.h>

#include "base/err.h"
#include "base/money.h"
#include "base/must.h"
#include "base/str.h"

#define LINE_BYTES_MAX 198	/* inih cuts at 199 */
#define SEND_BATCH_MAX 1000
#define APPROVAL_HOURS_MAX 168
#define POSTING_DAYS_MAX 10
#define BREAKER_TIMES_MAX 1000
#define BREAKER_CONTACTS_MAX 100000000

static const struct {
	const char	*section, *name;
	enum cfg_type	 type;
	const char	*standard, *help;
} settings[CFG_KEYS] = {
#define SETTING(key, section, name, type, standard, help) \
	[CFG_##key] = { section, name, type, standard, help },
#define CREDITOR_SETTING(key, name, standard, help)
#include "base/cfg.def"
#undef SETTING
#undef CREDITOR_SETTING
};

static const struct {
	const char	*name, *standard, *help;
} creditor_settings[CREDITOR_KEYS] = {
#define SETTING(key, section, name, type, standard, help)
#define CREDITOR_SETTING(key, name, standard, help) \
	[CREDITOR_##key] = { name, standard, help },
#include "base/cfg.def"
#undef SETTING
#undef CREDITOR_SETTING
};

struct reading {
	struct cfg	*cfg;
	struct err	*err;
	FILE		*file;
	int		 line, wrong_line;	/* being read; the first that was told */
	bool		 seen[CFG_KEYS];
	bool		 creditor_seen[CFG_CREDITORS_MAX][CREDITOR_KEYS];
};

/* "0.35" in millionths; -1: not a price. */
static int64_t price_of(const char *text)
{
	int64_t whole = 0, part = 0, unit = CFG_PRICE_UNIT;
	int digits = 0;

	for (; *text >= '0' && *text <= '9'; text++, digits++)
		whole = digits < CFG_PRICE_DIGITS_MAX ? whole * 10 + (*text - '0') : 0;
	if (digits == 0 || digits > CFG_PRICE_DIGITS_MAX)
		return -1;
	if (*text == '.' && text[1] != '\0')
		for (text++; *text >= '0' && *text <= '9' && unit > 1; text++) {
			unit /= 10;
			part += (*text - '0') * unit;
		}
	return *text == '\0' ? whole * CFG_PRICE_UNIT + part : -1;
}

/* Paths are put behind it, and providers call and sign what they were given. */
static const char *base_url_fault(const char *url)
{
	const size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 :
	    strncmp(url, "http://", 7) == 0 ? 7 : 0;

	if (scheme == 0)
		return "give an address that begins with https://, as https://betal.example";
	if (strpbrk(url, "?#@ \t\"<>\\") != NULL)
		return "give an address without ?, #, @ and spaces, as https://betal.example";
	if (url[scheme] == '/' || url[scheme] == ':' || url[scheme] == '\0')
		return "give an address with a host, as https://betal.example";
	return NULL;
}

static const char *type_fault(enum cfg_type type, const char *value)
{
	char *end;

	if (type == CFG_BASE_URL)
		return base_url_fault(value);
	if (type == CFG_INT) {
		errno = 0;
		(void)strtoll(value, &end, 10);
		if (value[0] == '\0' || *end != '\0' || errno != 0)
			return "give a whole number";
	}
	if (type == CFG_BOOL && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		return "give true or false";
	if (type == CFG_PRICE && price_of(value) < 0)
		return "give a price such as 0.35, with a point and at most six decimals";
	return NULL;
}

static bool twice(bool *seen, struct err *err, const char *section, const char *name)
{
	if (*seen)
		err_set(err, ERR_INPUT, "[%s] %s stands twice (an indented line continues "
		    "the one above it)", section, name);
	*seen = true;
	return err_is_set(err);
}

static struct cfg_creditor *creditor_of(struct cfg *cfg, const char *id)
{
	struct cfg_creditor *c;

	for (size_t i = 0; i < cfg->creditor_count; i++)
		if (strcmp(cfg->creditors[i].id, id) == 0)
			return &cfg->creditors[i];
	if (cfg->creditor_count == CFG_CREDITORS_MAX)
		return NULL;
	c = &cfg->creditors[cfg->creditor_count++];
	c->id = talloc_strdup(cfg, id);
	for (int k = 0; k < CREDITOR_KEYS; k++)
		c->text[k] = creditor_settings[k].standard;
	return c;
}

static bool take_creditor(struct reading *r, const char *id, const char *name,
    const char *value, struct err *err)
{
	struct cfg_creditor *c = creditor_of(r->cfg, id);

	if (c == NULL)
		return err_set(err, ERR_INPUT, "more than %d creditors", CFG_CREDITORS_MAX);
	for (int k = 0; k < CREDITOR_KEYS; k++) {
		if (strcmp(creditor_settings[k].name, name) != 0)
			continue;
		if (twice(&r->creditor_seen[c - r->cfg->creditors][k], err, id, name))
			return false;
		c->text[k] = talloc_strdup(r->cfg, value);
		c->line[k] = r->line;
		return true;
	}
	return err_set(err, ERR_INPUT, "[creditor %s] %s: no such setting", id, name);
}

/* All that use a base see it without the slashes at its end. */
static const char *value_kept(struct cfg *cfg, enum cfg_type type, const char *value)
{
	size_t len = strlen(value);
	const char *kept;

	while (type == CFG_BASE_URL && len > 0 && value[len - 1] == '/')
		len--;
	kept = talloc_strndup(cfg, value, len);
	must(kept != NULL);
	return kept;
}

static bool take_setting(struct reading *r, const char *section, const char *name,
    const char *value, struct err *err)
{
	const char *fault;

	for (int k = 0; k < CFG_KEYS; k++) {
		if (strcmp(settings[k].section, section) != 0 ||
		    strcmp(settings[k].name, name) != 0)
			continue;
		if (twice(&r->seen[k], err, section, name))
			return false;
		fault = type_fault(settings[k].type, value);
		if (fault != NULL)
			return err_set(err, ERR_INPUT, "[%s] %s: %s", section, name, fault);
		r->cfg->text[k] = value_kept(r->cfg, settings[k].type, value);
		r->cfg->line[k] = r->line;
		return true;
	}
	return err_set(err, ERR_INPUT, "[%s] %s: no such setting", section, name);
}

/* inih calls it for each value; 0 tells it that the line is wrong. */
static int take(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	struct err err = { 0 };

	if (strncmp(section, "creditor ", 9) == 0 ?
	    take_creditor(r, section + 9, name, value, &err) :
	    take_setting(r, section, name, value, &err))
		return 1;
	if (r->wrong_line == 0)
		r->wrong_line = r->line;
	err_set(r->err, ERR_INPUT, "%s:%d: %s", r->cfg->path, r->line, err.text);
	return 0;
}

/* inih's reader, which counts. */
static char *next_line(char *text, int room, void *arg)
{
	struct reading *r = arg;

	r->line++;
	return fgets(text, room, r->file);
}

/* What inih would not tell: it cuts long lines and ends a line at a NUL.  A
 * file in another encoding would put wrong letters into every message. */
static bool check_lines(FILE *file, const char *path, struct err *err)
{
	char text[LINE_BYTES_MAX];
	size_t length = 0;
	int line = 1, c;

	do {
		c = fgetc(file);
		if (c == '\n' || c == EOF) {
			if (!utf8_is_valid(text, length) || memchr(text, 0, length) != NULL)
				return err_set(err, ERR_INPUT, "%s:%d: not UTF-8 text", path, line);
			line++;
			length = 0;
		} else if (length == LINE_BYTES_MAX) {
			return err_set(err, ERR_INPUT, "%s:%d: the line is longer than %d "
			    "bytes", path, line, LINE_BYTES_MAX);
		} else {
			text[length++] = (char)c;
		}
	} while (c != EOF);
	if (ferror(file))
		return err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	rewind(file);
	return true;
}

static void check_numbers(const struct cfg *cfg, struct err *err)
{
	static const struct { enum cfg_key key; int64_t min, max; } bounds[] = {
		{ CFG_PURR_SEND_BATCH, 1, SEND_BATCH_MAX },
		{ CFG_APPROVAL_HOURS, 1, APPROVAL_HOURS_MAX },
		{ CFG_LETTER_POSTING_DAYS, 0, POSTING_DAYS_MAX },
		{ CFG_BREAKER_TIMES, 0, BREAKER_TIMES_MAX },
		{ CFG_BREAKER_LEAST, 0, BREAKER_CONTACTS_MAX },
		{ CFG_BREAKER_FIRST, 0, BREAKER_CONTACTS_MAX },
	};

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		const int64_t n = cfg_int(cfg, bounds[i].key);

		if (n < bounds[i].min || n > bounds[i].max)
			err_set(err, ERR_INPUT, "%s:%d: [%s] %s: give %lld to %lld", cfg->path,
			    cfg->line[bounds[i].key], settings[bounds[i].key].section, settings[bounds[i].key].name,
			    (long long)bounds[i].min, (long long)bounds[i].max);
	}
	if (currency_exponent(cfg->text[CFG_COST_CURRENCY]) < 0)
		err_set(err, ERR_INPUT, "%s:%d: [cost] currency: give a code such as DKK", cfg->path,
		    cfg->line[CFG_COST_CURRENCY]);
}

static void check_creditors(const struct cfg *cfg, struct err *err)
{
	static const enum creditor_key needed[] = { CREDITOR_NAME, CREDITOR_PHONE,
	    CREDITOR_EMAIL, CREDITOR_ACCOUNT, CREDITOR_FROM, CREDITOR_SMS_FROM };

	for (size_t i = 0; i < cfg->creditor_count; i++)
		for (size_t k = 0; k < sizeof(needed) / sizeof(needed[0]); k++)
			if (cfg->creditors[i].text[needed[k]][0] == '\0')
				err_set(err, ERR_INPUT, "%s: [creditor %s]: %s is missing: %s",
				    cfg->path, cfg->creditors[i].id,
				    creditor_settings[needed[k]].name,
				    creditor_settings[needed[k]].help);
}

static void read_lines(struct reading *r)
{
	const int line = ini_parse_stream(next_line, r, take, r);

	if (line > 0 && line < r->wrong_line)		/* what follows from it was told */
		err_clear(r->err);
	if (line > 0 && line != r->wrong_line)
		err_set(r->err, ERR_INPUT, "%s:%d: not 'key = value', [section] or "
		    "; comment", r->cfg->path, line);
	if (line != 0 && !err_is_set(r->err))
		err_set(r->err, ERR_SYSTEM, "%s: cannot be read", r->cfg->path);
	check_numbers(r->cfg, r->err);
	check_creditors(r->cfg, r->err);
}

struct cfg *cfg_read(void *ctx, const char *path, struct err *err)
{
	struct reading *r = talloc_zero(ctx, struct reading);
	struct cfg *cfg = talloc_zero(ctx, struct cfg);

	must(r != NULL && cfg != NULL);
	cfg->path = talloc_strdup(cfg, path);
	for (int k = 0; k < CFG_KEYS; k++)
		cfg->text[k] = settings[k].standard;
	*r = (struct reading){ .cfg = cfg, .err = err, .file = fopen(path, "re") };
	if (r->file == NULL)
		err_set(err, ERR_INPUT, "%s: %s; 'purr init' makes a workspace", path,
		    strerror(errno));
	else if (check_lines(r->file, path, err))
		read_lines(r);
	if (r->file != NULL)
		fclose(r->file);
	talloc_free(r);
	if (err_is_set(err)) {
		talloc_free(cfg);
		return NULL;
	}
	return cfg;
}

int64_t cfg_int(const struct cfg *cfg, enum cfg_key key)
{
	must(settings[key].type == CFG_INT);
	return strtoll(cfg->text[key], NULL, 10);
}

bool cfg_bool(const struct cfg *cfg, enum cfg_key key)
{
	must(settings[key].type == CFG_BOOL);
	return strcmp(cfg->text[key], "true") == 0;
}

int64_t cfg_price(const struct cfg *cfg, enum cfg_key key)
{
	must(settings[key].type == CFG_PRICE);
	return price_of(cfg->text[key]);
}

int cfg_line(const struct cfg *cfg, const char *section, const char *name)
{
	for (int k = 0; k < CFG_KEYS; k++)
		if (strcmp(settings[k].section, section) == 0 && strcmp(settings[k].name, name) == 0)
			return cfg->line[k];
	return 0;
}

const struct cfg_creditor *cfg_creditor(const struct cfg *cfg, const char *id)
{
	for (size_t i = 0; i < cfg->creditor_count; i++)
		if (strcmp(cfg->creditors[i].id, id) == 0)
			return &cfg->creditors[i];
	return NULL;
}

/* What the sample creditor says where the default is empty. */
static const char *sample_value(enum creditor_key key)
{
	switch ((int)key) {
	case CREDITOR_NAME:		return "Nordlys El";
	case CREDITOR_PHONE:		return "+45 70 10 20 30";
	case CREDITOR_OPENING_HOURS:	return "9-15";
	case CREDITOR_EMAIL:		return "kundeservice@nordlys.example";
	case CREDITOR_STREET:		return "Havnegade 1";
	case CREDITOR_POSTCODE:		return "8000";
	case CREDITOR_CITY:		return "Aarhus C";
	case CREDITOR_COMPANY_ID:	return "CVR 12345674";
	case CREDITOR_ACCOUNT:		return "reg. 0040, konto 0440116243";
	case CREDITOR_FROM:		return "regning@nordlys.example";
	case CREDITOR_SMS_FROM:		return "Nordlys";
	default:			return creditor_settings[key].standard;
	}
}

char *cfg_word(void *ctx, const char **at)
{
	const char *start = *at + strspn(*at, " \t");
	const size_t len = strcspn(start, " \t");
	char *word;

	*at = start + len;
	if (len == 0)
		return NULL;
	word = talloc_strndup(ctx, start, len);
	must(word != NULL);
	return word;
}

void cfg_print_sample(FILE *out)
{
	const char *section = "";

	fprintf(out, "; purr.conf - settings of this workspace; 'purr check' reads it.\n");
	for (int k = 0; k < CFG_KEYS; k++) {
		if (strcmp(section, settings[k].section) != 0)
			fprintf(out, "\n[%s]\n", settings[k].section);
		section = settings[k].section;
		fprintf(out, "; %s\n%s%s = %s\n", settings[k].help,
		    settings[k].standard[0] == '\0' ? "; " : "", settings[k].name,
		    settings[k].standard);
	}
	fprintf(out, "\n; One section for each creditor; its name is what import profiles use.\n"
	    "[creditor demo]\n");
	for (int k = 0; k < CREDITOR_KEYS; k++)
		fprintf(out, "; %s\n%s%s = %s\n", creditor_settings[k].help,
		    sample_value((enum creditor_key)k)[0] == '\0' ? "; " : "",
		    creditor_settings[k].name, sample_value((enum creditor_key)k));
}
