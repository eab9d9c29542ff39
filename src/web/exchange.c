/* exchange.c - see exchange.h. */
#include "web/exchange.h"

#include <string.h>

#include <microhttpd.h>
#include <talloc.h>

#include "base/must.h"
#include "web/form.h"
#include "web/site.h"

#define FORWARDED_BYTES_MAX 64

/* Every answer: nothing is loaded from elsewhere, nothing frames the page,
 * nothing learns its address, nothing keeps a copy. */
static const char *const headers[][2] = {
	{ "Content-Security-Policy", "default-src 'none'; style-src 'self'; "
	    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
	{ "Referrer-Policy", "no-referrer" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "X-Robots-Tag", "noindex, nofollow, noarchive" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Vary", "Accept-Language" },
};

static enum MHD_Result guard_each(void *cls, enum MHD_ValueKind kind, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	guard_header(cls, name, name_len, value != NULL ? value : "", value_len);
	return MHD_YES;
}

static const char *header_of(struct MHD_Connection *c, const char *name)
{
	const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return value != NULL ? value : "";
}

static const char *header_for(void *arg, const char *name)
{
	return header_of(arg, name);
}

/* The address that the proxy saw is the last of the list: those before it are
 * whatever the client claimed. */
static uint64_t client_of(struct exchange *x, struct MHD_Connection *c)
{
	const char *list = header_of(c, "X-Forwarded-For");
	const char *comma = strrchr(list, ',');
	char text[FORWARDED_BYTES_MAX];
	struct view last = view_trim(view_of(comma != NULL ? comma + 1 : list));

	if (!x->behind_proxy || last.len == 0 || last.len >= sizeof(text))
		return x->client;
	memcpy(text, last.at, last.len);
	text[last.len] = '\0';
	return client_of_text(site_limit(x->site), text);
}

static struct MHD_Response *response_of(const struct web_answer *a)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(a->body.len,
	    (void *)(uintptr_t)a->body.at, MHD_RESPMEM_PERSISTENT);
	char seconds[24];

	must(r != NULL);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		MHD_add_response_header(r, headers[i][0], headers[i][1]);
	MHD_add_response_header(r, "Content-Type", a->type);
	MHD_add_response_header(r, "Cache-Control",
	    a->cacheable ? "public, max-age=86400" : "no-store");
	if (a->lang[0] != '\0')
		MHD_add_response_header(r, "Content-Language", a->lang);
	if (a->allow != NULL)
		MHD_add_response_header(r, "Allow", a->allow);
	if (a->retry_after_seconds > 0) {
		snprintf(seconds, sizeof(seconds), "%d", a->retry_after_seconds);
		MHD_add_response_header(r, "Retry-After", seconds);
	}
	if (a->close)
		MHD_add_response_header(r, "Connection", "close");
	return r;
}

static enum MHD_Result answer(struct exchange *x, struct MHD_Connection *c, int guard_status)
{
	const char *mark = strchr(x->url, '?');
	struct web_request request = {
		.guard_status = guard_status,
		.method = x->method,
		.match = x->match,
		.query = view_of(mark != NULL ? mark + 1 : ""),
		.body = { x->body.at, x->body.len },
		.content_type = header_of(c, "Content-Type"),
		.accept_language = header_of(c, "Accept-Language"),
		.header = header_for,
		.header_arg = c,
		.client = client_of(x, c),
		.now = x->now != 0 ? x->now : clock_now(),
		.tick = clock_tick(),
	};
	struct web_answer out;
	struct MHD_Response *response;
	enum MHD_Result result;

	site_answer(x->site, x, &request, &out);
	x->status = out.status;
	response = response_of(&out);
	result = MHD_queue_response(c, (unsigned)out.status, response);
	MHD_destroy_response(response);
	return result;
}

static void begin(struct exchange *x, struct MHD_Connection *c, const char *method,
    const char *version)
{
	const char *mark = strchr(x->url, '?');

	x->guarded = true;
	x->method = method_parse(method);
	x->match = route_find(x->url, mark != NULL ? (size_t)(mark - x->url) : strlen(x->url));
	guard_init(&x->guard, x->method, version, strlen(x->url));
	MHD_get_connection_values_n(c, MHD_HEADER_KIND, guard_each, &x->guard);
}

bool exchange_step(struct exchange *x, struct MHD_Connection *c, const char *method,
    const char *version, const char *data, size_t *size)
{
	if (!x->guarded) {
		int status;

		begin(x, c, method, version);
		status = guard_verdict(&x->guard, FORM_BYTES_MAX);
		return status == 0 || answer(x, c, status) == MHD_YES;
	}
	if (*size > 0) {
		str_putn(&x->body, data, *size);
		*size = 0;
		return true;
	}
	return answer(x, c, str_ok(&x->body) ? 0 : 413) == MHD_YES;
}

static const char *method_word(enum method method)
{
	static const char *const words[] = { "other", "GET", "HEAD", "POST" };

	return words[method];
}

struct exchange *exchange_new(void *ctx, const struct exchange *first, const char *url)
{
	struct exchange *x = talloc_zero(ctx, struct exchange);

	must(x != NULL);
	*x = *first;
	x->began = clock_tick();
	x->url = talloc_strdup(x, url);
	must(x->url != NULL);
	str_init(&x->body, x, FORM_BYTES_MAX);
	return x;
}

void exchange_log(const struct exchange *x, FILE *log, tick_t now, bool broken)
{
	if (log == NULL)
		return;
	fprintf(log, "event=web.request method=%s route=%s status=%d ms=%lld%s\n",
	    method_word(x->method), route_pattern(x->match.route), x->status,
	    (long long)(now.ms - x->began.ms), broken ? " broken=1" : "");
}
