/* pack_read.h - what the files that read a rule pack share.  Nobody else
 * includes it.
 *
 *   pack_file.c     the whole, what every rule has, what is laid over
 *   pack_contact.c  kinds of the sections contact, step and content
 *   pack_charge.c   kinds of the section charge
 *   pack_local.c    a workspace's own values
 *
 * Errors:  through json_fail(); the first one wins, and readers go on with
 *          values that do no harm.
 */
#ifndef GATE_PACK_READ_H
#define GATE_PACK_READ_H

#include "base/json.h"
#include "gate/pack.h"

#define PACK_DAYS_MAX 3660

enum section { SECTION_CONTACT, SECTION_STEP, SECTION_CHARGE, SECTION_CONTENT, SECTIONS };

/* A bound that fees refer to by its id. */
struct limit {
	struct rule	rule;
	bool		is_gap;
	int		value;
	bool		exclusive;
};

struct reader {
	struct pack		*pack;
	struct err		*err;
	bool			 local;		/* rules of the workspace's own file */
	int			 format;	/* of the pack: see PACK_FORMAT */
	struct limit		*limits;
	size_t			 limit_count;
	struct hours_rule	*hours;
	struct holiday_rule	*holidays;
	struct cap_rule		*caps;
	struct answer_rule	*answers;
	struct never_rule	*nevers;
	struct stop_rule	*stops;
	struct step_rule	*steps;
	struct deadline_rule	*deadlines;
	struct fee_rule		*fees;
	struct total_rule	*totals;
	struct interest_rule	*interests;
	struct allocation_rule	*allocations;
	struct content_rule	*contents;
	struct rule		*notes;
	struct local_change	*changes;
	const char		**ids;		/* of every rule so far */
	size_t			 id_count, room;
};

typedef void kind_fn(struct reader *, struct json_at *, const struct rule *);

struct kind {
	enum section	 section;
	const char	*name;
	kind_fn		*read;
	bool		 local;		/* may stand in a workspace's own file:
					 * more of it is never more allowed */
};

/* NULL-ended by a kind without a name. */
extern const struct kind pack_contact_kinds[], pack_charge_kinds[];

/* A workspace's own values, an array of objects. */
void	pack_local_read(struct reader *, struct json_at *list);

/* --- words and days --------------------------------------------------------- */

const char	*read_text(struct reader *, struct json_at *, const char *key);
const char	*read_text_or(struct reader *, struct json_at *, const char *key,
		    const char *fallback);
const char	*read_copy(struct reader *, const char *text);
int		 read_days(struct json_at *, const char *key);
int		 read_days_or_0(struct json_at *, const char *key);
day_t		 read_day(struct json_at *, const char *key, const char *text);
/* The index of a word in a NULL-ended list; an error that lists them else. */
int		 read_word(struct json_at *, const char *key, const char *const *words);
/* An array of such words, or one word, as bits; at least one. */
unsigned	 read_words(struct json_at *, const char *key, const char *const *words);
/* The same for channels; all where the member is left out. */
unsigned	 read_channels(struct json_at *, const char *key);
unsigned	 read_channels_or_all(struct json_at *, const char *key);

#endif
