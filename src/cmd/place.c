/* place.c - see place.h. */
#include "cmd/place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <talloc.h>

#include "base/abode.h"
#include "base/asset.h"
#include "base/err.h"
#include "base/json.h"
#include "base/must.h"

#define KNOWN_BYTES 128

void place_shelf_init(struct place_shelf *shelf, void *ctx, const char *workspace)
{
	struct stat st;
	char *path = talloc_asprintf(ctx, "%s/schedules", workspace);

	must(path != NULL);
	*shelf = (struct place_shelf){ .ctx = ctx, .workspace = workspace };
	shelf->embedded = stat(path, &st) != 0 || !S_ISDIR(st.st_mode);
	talloc_free(path);
}

/* The text of "schedules/...".  False and ERR_INPUT when there is none. */
static bool text_read(struct place_shelf *shelf, void *ctx, const char *path,
    struct view *out, struct err *err)
{
	const struct asset *asset;
	const char *full;
	char *text;
	FILE *f;

	if (shelf->embedded) {
		asset = asset_find(path);
		if (asset == NULL)
			return err_set(err, ERR_INPUT, "%s: not there", path);
		*out = (struct view){ asset->at, (size_t)(asset->end - asset->at) };
		return true;
	}
	full = talloc_asprintf(ctx, "%s/%s", shelf->workspace, path);
	text = talloc_array(ctx, char, JSON_FILE_BYTES_MAX + 1);
	must(full != NULL && text != NULL);
	f = fopen(full, "rbe");
	if (f == NULL)
		return err_set(err, ERR_INPUT, "%s: %s", full, strerror(errno));
	out->at = text;
	out->len = fread(text, 1, JSON_FILE_BYTES_MAX + 1, f);
	if (ferror(f))
		err_set(err, ERR_SYSTEM, "%s: %s", full, strerror(errno));
	else if (out->len > JSON_FILE_BYTES_MAX)
		err_set(err, ERR_INPUT, "%s: larger than %d bytes", full, JSON_FILE_BYTES_MAX);
	(void)fclose(f);
	return !err_is_set(err);
}

static bool name_is_wellformed(const char *name)
{
	const size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len > 0 && name[len] == '\0' && len < sizeof((struct place *)0)->name;
}

/* No word but those of the pack: another would ask the whole place in silence. */
static bool region_is_known(const struct pack *pack, const char *region, struct err *err)
{
	char known[KNOWN_BYTES] = "";
	size_t len = 0;

	if (region[0] == '\0' || pack_has_region(pack, region) ||
	    (strcmp(pack->country, ABODE_COUNTRY) == 0 && abode_is_region(region)))
		return true;
	for (size_t i = 0; i < pack->region_count && len < sizeof(known); i++)
		len += (size_t)snprintf(known + len, sizeof(known) - len, " %s",
		    pack->regions[i].name);
	return err_set(err, ERR_INPUT, "'%.31s' is not a region of the pack %s; %s%s%s", region,
	    pack->name, known[0] == '\0' ? "it has none" : "it knows", known,
	    strcmp(pack->country, ABODE_COUNTRY) == 0 ? " and every state" : "");
}

static bool place_load(struct place_shelf *shelf, struct place *place, struct err *err)
{
	void *work = talloc_new(shelf->ctx);
	const char *path = talloc_asprintf(work, "schedules/rules/%s.json", place->name);
	struct view text;

	if (text_read(shelf, work, path, &text, err))
		place->pack = pack_parse(shelf->ctx, path, text.at, text.len, err);
	if (place->pack != NULL && region_is_known(place->pack, place->region, err)) {
		path = talloc_asprintf(work, "schedules/calendars/%s.ics", pack_calendar(
		    place->pack, place->region));
		if (text_read(shelf, work, path, &text, err))
			place->calendar = calendar_parse(shelf->ctx, path, text.at,
			    text.len, err);
	}
	talloc_free(work);
	return place->calendar != NULL;
}

const struct place *place_find(struct place_shelf *shelf, const char *name,
    const char *region, struct err *err)
{
	struct place *place;

	for (size_t i = 0; i < shelf->count; i++)
		if (strcmp(shelf->places[i].name, name) == 0 &&
		    strcmp(shelf->places[i].region, region) == 0)
			return &shelf->places[i];
	place = &shelf->places[shelf->count];
	if (!name_is_wellformed(name) || strlen(region) >= sizeof(place->region)) {
		err_set(err, ERR_INPUT, "'%.40s' is not the name of a rule pack; "
		    "give one like dk", name);
		return NULL;
	}
	if (shelf->count == PLACES_MAX) {
		err_set(err, ERR_INPUT, "more than %d places in one go", PLACES_MAX);
		return NULL;
	}
	*place = (struct place){ 0 };
	(void)snprintf(place->name, sizeof(place->name), "%s", name);
	(void)snprintf(place->region, sizeof(place->region), "%s", region);
	if (!place_load(shelf, place, err))
		return NULL;
	shelf->count++;
	return place;
}
