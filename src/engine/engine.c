/* engine.c - see engine.h. */
#include "engine/engine.h"

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy.h"

char *engine_path(const struct engine *e, void *ctx, const char *name)
{
	char *path = name[0] == '/' ? talloc_strdup(ctx, name) :
	    talloc_asprintf(ctx, "%s/%s", e->dir, name);

	must(path != NULL);
	return path;
}

bool engine_must_stop(const struct engine *e)
{
	return e->must_stop != NULL && e->must_stop();
}

/* What a look ahead shows must open no page of a message that is sent later. */
static bool key_of_copy(struct key *key, struct err *err)
{
	static const char seed[] = "links of a copy";
	char hex[HASH_HEX_BYTES];

	sha256_hex(seed, sizeof(seed) - 1, hex);
	return key_from_hex(hex, key, err);
}

struct engine *engine_open(void *ctx, const char *dir, struct store_options options,
    struct err *err)
{
	struct engine *e = talloc_zero(ctx, struct engine);

	must(e != NULL);
	e->dir = talloc_strdup(e, dir);
	e->scratch = options.scratch || options.copy;
	e->cfg = cfg_read(e, engine_path(e, e, "purr.conf"), err);
	if (e->cfg == NULL ||
	    !key_read_file(engine_path(e, e, "keys/link.key"), &e->link_key, err) ||
	    !key_read_file(engine_path(e, e, "keys/assign.key"), &e->assign_key, err))
		goto fail;
	e->store = store_open(e, engine_path(e, e, "purr.db"), options, err);
	if (e->store == NULL)
		goto fail;
	e->policy = policy_load(e, e, err);
	if (e->policy == NULL || (options.copy && !key_of_copy(&e->link_key, err)))
		goto fail;
	return e;
fail:
	talloc_free(e);
	return NULL;
}

void engine_close(struct engine *e)
{
	talloc_free(e);
}
