/* register.c - see register.h. */
#include "store/register.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/secret.h"
#include "base/str.h"
#include "store/query.h"

#define ROW_TEXT_BYTES_MAX 8192

bool register_find_creditor(struct store *s, const char *external_id, int64_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_CREDITOR_BY_EXTERNAL, 0, out, err, "t", external_id);
}

bool register_put_creditor(struct store *s, const char *external_id, const char *name,
    const char *zone, int64_t *out, struct err *err)
{
	return query_run(s, STMT_CREDITOR_PUT, err, "ttt", external_id, name, zone) &&
	    register_find_creditor(s, external_id, out, err);
}

bool register_get_creditor(struct store *s, void *ctx, int64_t id,
    struct creditor_record *out, struct err *err)
{
	struct query q;
	bool found = false;

	query_open(&q, s, STMT_CREDITOR_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct creditor_record){ .id = id, .external_id = query_dup(&q, ctx, 0),
		    .name = query_dup(&q, ctx, 1), .zone = query_dup(&q, ctx, 2) };
		found = true;
	}
	return query_close(&q) && (found ||
	    err_set(err, ERR_INPUT, "there is no creditor %lld", (long long)id));
}

bool register_countries(struct store *s, void *ctx, struct country_count **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_DEBTOR_COUNTRIES, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct country_count) = (struct country_count){
		    .creditor = query_dup(&q, ctx, 0), .country = query_dup(&q, ctx, 1),
		    .debtors = query_int(&q, 2) };
	return query_close(&q);
}

bool register_creditors_owed(struct store *s, void *ctx, const char ***out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CREDITORS_OWED, err, "");
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, const char *, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = query_dup(&q, ctx, 0);
	}
	return query_close(&q);
}

bool register_balance_source(struct store *s, int64_t creditor_id, const char *source,
    bool *same, struct err *err)
{
	struct query q;

	*same = false;
	if (!query_run(s, STMT_CREDITOR_BALANCE_SET, err, "it", creditor_id, source))
		return false;
	query_open(&q, s, STMT_CREDITOR_BALANCE_GET, err, "i", creditor_id);
	if (query_next(&q))
		*same = strcmp(query_text(&q, 0), source) == 0;
	return query_close(&q);
}

bool register_find_debtor(struct store *s, int64_t creditor_id, const char *external_id,
    int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_DEBTOR_BY_EXTERNAL, 0, out, err, "it", creditor_id,
	    external_id);
}

bool register_get_debtor(struct store *s, void *ctx, int64_t id, struct debtor_record *out,
    struct err *err)
{
	struct query q;
	bool found = false;

	query_open(&q, s, STMT_DEBTOR_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct debtor_record){ .id = id, .creditor_id = query_int(&q, 1),
		    .unit_id = query_int(&q, 2), .external_id = query_dup(&q, ctx, 3),
		    .name = query_dup(&q, ctx, 4), .lang = query_dup(&q, ctx, 5),
		    .country = query_dup(&q, ctx, 6), .zone = query_dup(&q, ctx, 7),
		    .prefers_given = !query_is_null(&q, 9),
		    .row_hash = query_dup(&q, ctx, 10),
		    .schedule = query_dup(&q, ctx, 11), .segment = query_dup(&q, ctx, 12),
		    .region = query_dup(&q, ctx, 13), .postcode = query_dup(&q, ctx, 14),
		    .zone_given = query_int(&q, 15) != 0, .softened = query_int(&q, 16) != 0 };
		must(party_parse(query_text(&q, 8), &out->party));
		if (out->prefers_given)
			must(channel_parse(query_text(&q, 9), &out->prefers));
		found = true;
	}
	return query_close(&q) && (found ||
	    err_set(err, ERR_INPUT, "there is no debtor %lld", (long long)id));
}

bool register_soften(struct store *s, int64_t debtor_id, bool softened, const char *who,
    const char *reason, instant_t at, struct err *err)
{
	return query_run(s, STMT_DEBTOR_SOFTEN, err, "ii", debtor_id, (int64_t)softened) &&
	    query_run(s, STMT_SOFTENING_ADD, err, "iiitt", debtor_id, at, (int64_t)softened, who,
	    reason);
}

/* --- booking a row ---------------------------------------------------------- */

struct row_address {
	enum channel	 channel;
	const char	*value;
};

/* The addresses that a row holds; a phone takes SMS and calls. */
static size_t row_addresses(void *ctx, const struct debtor_row *row,
    struct row_address out[CHANNELS])
{
	const bool whole = row->street[0] != '\0' && row->city[0] != '\0';
	size_t n = 0;

	if (row->email[0] != '\0')
		out[n++] = (struct row_address){ CHANNEL_EMAIL, row->email };
	if (row->phone[0] != '\0') {
		out[n++] = (struct row_address){ CHANNEL_SMS, row->phone };
		out[n++] = (struct row_address){ CHANNEL_CALL, row->phone };
	}
	if (whole)
		out[n++] = (struct row_address){ CHANNEL_LETTER, talloc_asprintf(ctx,
		    "%s\n%s %s\n%s", row->street, row->postcode, row->city, row->country) };
	else if (row->letter != NULL)
		out[n++] = (struct row_address){ CHANNEL_LETTER, row->letter };
	return n;
}

/* What the row says, as one hash: the same row again changes nothing.  A row
 * without schedule and segment, and without a place, has the hash that it had
 * before there were any. */
static void row_fingerprint(const struct debtor_row *row, const struct row_address *address,
    size_t n, char out[HASH_HEX_BYTES])
{
	const char *const parts[] = { row->name, row->lang, row->country, row->zone,
	    party_name(row->party), row->prefers_given ? channel_name(row->prefers) : "" };
	struct str text;

	str_init(&text, NULL, ROW_TEXT_BYTES_MAX);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		str_put(&text, parts[i]);
		str_putc(&text, '\x1f');
	}
	for (size_t i = 0; i < n; i++) {
		str_put(&text, channel_name(address[i].channel));
		str_put(&text, address[i].value);
		str_putc(&text, '\x1f');
	}
	if (row->schedule[0] != '\0' || row->segment[0] != '\0')
		str_printf(&text, "%s\x1f%s\x1f", row->schedule, row->segment);
	if (row->region[0] != '\0' || row->postcode[0] != '\0' || row->zone_given)
		str_printf(&text, "%s\x1f%s\x1f%d\x1f", row->region, row->postcode,
		    row->zone_given);
	sha256_hex(text.at, text.len, out);
	str_release(&text);
}

/* The unit of a debtor who shares an address, or a new one. */
static bool find_unit(struct store *s, int64_t creditor_id, const struct debtor_row *row,
    const struct row_address *address, size_t n, int64_t *unit, struct err *err)
{
	char public_id[160];

	for (size_t i = 0; i < n; i++) {
		if (address[i].channel == CHANNEL_CALL)
			continue;
		if (!query_one_int(s, STMT_UNIT_SHARING, 0, unit, err, "tti",
		    channel_name(address[i].channel), address[i].value, creditor_id))
			return false;
		if (*unit != 0)
			return true;
	}
	(void)snprintf(public_id, sizeof(public_id), "%lld/%s", (long long)creditor_id,
	    row->external_id);
	if (!query_run(s, STMT_UNIT_ADD, err, "it", creditor_id, public_id))
		return false;
	*unit = query_last_id(s);
	return true;
}

/* Of a channel that the row holds no address for, the ledger knows none. */
static bool put_addresses(struct store *s, int64_t debtor_id,
    const struct row_address *address, size_t n, struct err *err)
{
	const char *values[CHANNELS] = { NULL };

	for (size_t i = 0; i < n; i++)
		values[address[i].channel] = address[i].value;
	for (int c = 0; c < CHANNELS; c++) {
		const char *channel = channel_name((enum channel)c);

		if (!query_run(s, STMT_ADDRESS_RETIRE_OTHERS, err, "ittt", debtor_id, channel,
		    values[c] != NULL ? values[c] : "", "ledger") ||
		    (values[c] != NULL && !query_run(s, STMT_ADDRESS_PUT, err, "ittti",
		    debtor_id, channel, values[c], "ledger", (int64_t)1)))
			return false;
	}
	return true;
}

bool register_put_debtor(struct store *s, int64_t creditor_id, const struct debtor_row *row,
    int64_t *id, enum row_effect *effect, struct err *err)
{
	const char *prefers = row->prefers_given ? channel_name(row->prefers) : NULL;
	struct row_address address[CHANNELS];
	void *ctx = talloc_new(NULL);
	const size_t n = row_addresses(ctx, row, address);
	char hash[HASH_HEX_BYTES], old[HASH_HEX_BYTES] = "";
	int64_t unit = 0;
	struct query q;
	bool ok;

	row_fingerprint(row, address, n, hash);
	*id = 0;
	query_open(&q, s, STMT_DEBTOR_BY_EXTERNAL, err, "it", creditor_id, row->external_id);
	if (query_next(&q)) {
		*id = query_int(&q, 0);
		(void)snprintf(old, sizeof(old), "%s", query_text(&q, 1));
	}
	ok = query_close(&q);
	*effect = *id == 0 ? ROW_NEW : ROW_CHANGED;
	if (ok && *id != 0 && secret_equal(old, hash, sizeof(old))) {
		*effect = ROW_UNCHANGED;
	} else if (ok && *id != 0) {
		ok = query_run(s, STMT_DEBTOR_UPDATE, err, "ittttttttttti", *id, row->name,
		    row->lang, row->country, row->zone, party_name(row->party), prefers, hash,
		    row->schedule, row->segment, row->region, row->postcode,
		    (int64_t)row->zone_given) &&
		    put_addresses(s, *id, address, n, err);
	} else if (ok) {
		ok = find_unit(s, creditor_id, row, address, n, &unit, err) &&
		    query_run(s, STMT_DEBTOR_ADD, err, "iitttttttttttti", creditor_id, unit,
		    row->external_id, row->name, row->lang, row->country, row->zone,
		    party_name(row->party), prefers, hash, row->schedule, row->segment,
		    row->region, row->postcode, (int64_t)row->zone_given);
		*id = query_last_id(s);
		ok = ok && put_addresses(s, *id, address, n, err);
	}
	talloc_free(ctx);
	return ok;
}

/* --- addresses and units ------------------------------------------------------ */

static int by_id(const void *left, const void *right)
{
	const int64_t a = ((const struct address_record *)left)->id;
	const int64_t b = ((const struct address_record *)right)->id;

	return (a > b) - (a < b);
}

bool register_addresses(struct store *s, void *ctx, int64_t debtor_id,
    struct address_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ADDRESS_LIST, err, "i", debtor_id);
	while (query_next(&q)) {
		struct address_record *a;

		*out = talloc_realloc(ctx, *out, struct address_record, (unsigned)*count + 1);
		must(*out != NULL);
		a = &(*out)[(*count)++];
		*a = (struct address_record){ .id = query_int(&q, 0),
		    .value = query_dup(&q, ctx, 2), .verified = query_int(&q, 3) != 0,
		    .opted_out = !query_is_null(&q, 4), .bad = !query_is_null(&q, 5) };
		must(channel_parse(query_text(&q, 1), &a->channel));
	}
	if (*count > 1)
		qsort(*out, *count, sizeof(**out), by_id);
	return query_close(&q);
}

bool register_sharers(struct store *s, void *ctx, int64_t debtor_id, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, STMT_ADDRESS_SHARERS, err, "i", debtor_id);
	while (query_next(&q)) {
		const int64_t id = query_int(&q, 0);
		size_t at = *count;

		while (at > 0 && (*ids)[at - 1] > id)
			at--;
		if (at > 0 && (*ids)[at - 1] == id)
			continue;
		*ids = talloc_realloc(ctx, *ids, int64_t, (unsigned)*count + 1);
		must(*ids != NULL);
		memmove(&(*ids)[at + 1], &(*ids)[at], (*count - at) * sizeof(int64_t));
		(*ids)[at] = id;
		(*count)++;
	}
	return query_close(&q);
}

bool register_get_address(struct store *s, void *ctx, int64_t id, struct address_record *out,
    struct err *err)
{
	struct query q;
	bool found = false;

	query_open(&q, s, STMT_ADDRESS_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct address_record){ .id = id, .value = query_dup(&q, ctx, 1),
		    .opted_out = !query_is_null(&q, 2), .bad = !query_is_null(&q, 3) };
		must(channel_parse(query_text(&q, 0), &out->channel));
		found = true;
	}
	return query_close(&q) && (found ||
	    err_set(err, ERR_SYSTEM, "address %lld is missing", (long long)id));
}

bool register_twins(struct store *s, void *ctx, int64_t address_id, bool opted_out,
    struct address_twin **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ADDRESS_TWINS, err, "ii", address_id, (int64_t)opted_out);
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, struct address_twin, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = (struct address_twin){ query_int(&q, 0), query_int(&q, 1) };
	}
	return query_close(&q);
}

bool register_opt_in(struct store *s, int64_t address_id, struct err *err)
{
	return query_run(s, STMT_ADDRESS_OPT_IN, err, "i", address_id);
}

bool register_opt_out(struct store *s, int64_t address_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_ADDRESS_OPT_OUT, err, "ii", address_id, at);
}

bool register_mark_bad(struct store *s, int64_t address_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_ADDRESS_BAD, err, "ii", address_id, at);
}

bool register_mark_works(struct store *s, int64_t address_id, struct err *err)
{
	return query_run(s, STMT_ADDRESS_WORKS, err, "i", address_id);
}

bool register_mark_strangers(struct store *s, int64_t address_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_ADDRESS_STRANGERS, err, "ii", address_id, at);
}

bool register_unit_public_id(struct store *s, void *ctx, int64_t unit_id, char **out,
    struct err *err)
{
	struct query q;

	*out = NULL;
	query_open(&q, s, STMT_UNIT_GET, err, "i", unit_id);
	if (query_next(&q))
		*out = query_dup(&q, ctx, 0);
	return query_close(&q) && (*out != NULL ||
	    err_set(err, ERR_SYSTEM, "unit %lld is missing", (long long)unit_id));
}
