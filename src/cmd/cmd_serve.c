/* cmd_serve.c - purr serve: the debtors' pages. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/must.h"
#include "cmd/desk.h"
#include "engine/desk.h"
#include "engine/hook_run.h"
#include "web/page.h"
#include "web/server.h"
#include "web/site.h"

#define ADDRESS_BYTES_MAX 64
#define PAGE_FOLDER "templates/page/"
#define PAGE_FILE_BYTES_MAX (256 * 1024)

static const char help[] =
"usage: purr serve [-C DIR] [--listen ADDRESS:PORT] [--behind-proxy] [--at TIME]\n"
"\n"
"Serves the debtors' pages until SIGTERM or SIGINT.  TLS is for the proxy in\n"
"front of it.\n"
"\n"
"  --listen ADDRESS:PORT  instead of the setting; [::1]:8080 for IPv6; port 0\n"
"                         takes a free one, which is printed\n"
"  --behind-proxy         believe the last X-Forwarded-For\n"
"  --at TIME              show everything as of then, for a replayed past\n"
"\n"
"Settings, schedules and templates are read at the start; start it again after\n"
"a change.\n";

/* "127.0.0.1:8080" or "[::1]:8080". */
static bool listen_parse(const char *text, char address[ADDRESS_BYTES_MAX], uint16_t *port,
    struct err *err)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	char *end;
	long number;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= ADDRESS_BYTES_MAX || colon[1] < '0' || colon[1] > '9')
		return err_set(err, ERR_INPUT, "'%.60s' is not ADDRESS:PORT to listen on; write "
		    "127.0.0.1:8080", text);
	number = strtol(colon + 1, &end, 10);
	if (*end != '\0' || number > UINT16_MAX)
		return err_set(err, ERR_INPUT, "'%.20s' is not a port", colon + 1);
	memcpy(address, text, len);
	address[len] = '\0';
	*port = (uint16_t)number;
	return true;
}

/* The workspace's own text of a page, else the one inside the program. */
static bool add_page(struct page_library *pages, const struct engine *e,
    const struct asset *asset, struct err *err)
{
	void *tmp = talloc_new(NULL);
	const char *path = engine_path(e, tmp, asset->path);
	FILE *file = fopen(path, "re");
	char *text = talloc_array(tmp, char, PAGE_FILE_BYTES_MAX + 1);
	size_t len;
	bool ok = true;

	must(text != NULL);
	if (file == NULL && errno == ENOENT) {
		ok = page_library_add(pages, asset->path, asset->at,
		    (size_t)(asset->end - asset->at), err);
	} else if (file == NULL) {
		ok = err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	} else {
		len = fread(text, 1, PAGE_FILE_BYTES_MAX + 1, file);
		if (ferror(file) || len > PAGE_FILE_BYTES_MAX)
			ok = err_set(err, ERR_INPUT, "%s: cannot be read, or is too large", path);
		ok = ok && page_library_add(pages, asset->path, text, len, err);
		fclose(file);
	}
	talloc_free(tmp);
	return ok;
}

static struct page_library *read_pages(struct cmd *cmd, const struct engine *e,
    struct err *err)
{
	struct page_library *pages = page_library_new(cmd->ctx);

	for (const struct asset *a = asset_table; a->path != NULL; a++)
		if (strncmp(a->path, PAGE_FOLDER, strlen(PAGE_FOLDER)) == 0 &&
		    !add_page(pages, e, a, err))
			return NULL;
	return page_library_close(pages, err) ? pages : NULL;
}

/* Forms are signed with a key of their own, made from the link key: every
 * process that serves this workspace has the same. */
static struct key form_key(const struct engine *e)
{
	static const char label[] = "form-v1";
	const struct piece piece = { label, sizeof(label) };
	struct key key = { .id = "" };

	hmac_sha256(&e->link_key, &piece, 1, key.at);
	return key;
}

static struct site *open_site(struct cmd *cmd, struct engine *e, struct err *err)
{
	const struct site_options options = { .desk = desk_open(cmd->ctx, e),
	    .hooks = hook_desk_open(cmd->ctx, e, err),
	    .pages = read_pages(cmd, e, err), .key = form_key(e), .log = stderr,
	    .lang = e->cfg->creditor_count > 0 ?
	    e->cfg->creditors[0].text[CREDITOR_LANG] : "en" };

	return options.pages != NULL && options.hooks != NULL ? site_new(cmd->ctx, &options, err) : NULL;
}

int cmd_serve(struct cmd *cmd)
{
	struct server_options options = { .log = stderr };
	char address[ADDRESS_BYTES_MAX];
	struct err err = { 0 };
	struct server *server;
	struct engine *e;
	const char *listen;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	listen = cmd_option(cmd, "--listen");
	options.behind_proxy = cmd_flag(cmd, "--behind-proxy");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (listen == NULL)
		listen = e->cfg->text[CFG_PURR_LISTEN];
	if (!listen_parse(listen, address, &options.port, &err))
		return cmd_fail(cmd, &err);
	options.address = address;
	options.now = cmd->now_given ? cmd->now : 0;
	options.site = open_site(cmd, e, &err);
	server = options.site != NULL ? server_new(cmd->ctx, &options, &err) : NULL;
	if (server == NULL)
		return cmd_fail(cmd, &err);
	printf(strchr(address, ':') != NULL ? "serving on http://[%s]:%u/\n" :
	    "serving on http://%s:%u/\n", address, (unsigned)server_port(server));
	fflush(stdout);
	if (!server_run(server, &err))
		return cmd_fail(cmd, &err);
	talloc_free(server);
	return EXIT_DONE;
}
