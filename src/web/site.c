/* site.c - see site.h: what every request passes, whichever page it is for. */
#include "web/site.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "web/form.h"
#include "web/visit.h"

#define LANG_BYTES 3			/* "da" and the closing NUL */
#define BUSY_SECONDS 30			/* asked for when the desk says "later" */

struct site {
	struct site_options	 options;
	struct client_limit	*limit;
};

struct site *site_new(void *ctx, const struct site_options *options, struct err *err)
{
	struct site *site;

	if (!page_has_lang(options->pages, options->lang)) {
		err_set(err, ERR_INPUT, "there are no pages in the language '%s'", options->lang);
		return NULL;
	}
	if (locale_find(options->lang, err) == NULL)
		return NULL;
	site = talloc_zero(ctx, struct site);
	must(site != NULL);
	site->options = *options;
	site->limit = client_limit_new(site);
	return site;
}

const struct client_limit *site_limit(const struct site *site)
{
	return site->limit;
}

const struct pay_desk *site_desk(const struct site *site)
{
	return site->options.desk;
}

bool visit_speak(struct visit *v, const char *lang)
{
	const struct locale *locale = NULL;

	if (page_has_lang(v->options->pages, lang))
		locale = locale_find_in(lang, v->view.found ? v->view.facts.country : "", NULL);
	if (locale == NULL)
		return false;
	v->lang = lang;
	v->locale = locale;
	return true;
}

/* The first language of the browser's list that there are pages in. */
static void speak_as_browser(struct visit *v)
{
	const char *at = v->request->accept_language;

	while (*at != '\0') {
		char *lang;

		at += strspn(at, ", \t");
		lang = talloc_strndup(v->ctx, at, LANG_BYTES - 1);
		must(lang != NULL);
		if (strchr("-;, \t", at[strnlen(at, LANG_BYTES - 1)]) != NULL &&
		    visit_speak(v, lang))
			return;
		at += strcspn(at, ",");
	}
}

/* ?lang=da: chosen by the reader, so above everything else. */
static bool speak_as_asked(struct visit *v)
{
	struct form query;

	if (!form_parse(&query, v->ctx, v->request->query.at, v->request->query.len, NULL))
		return false;
	return visit_speak(v, form_value(&query, "lang"));
}

static void offer_languages(struct visit *v)
{
	struct page_language *rows = talloc_zero_array(v->ctx, struct page_language, PAGE_LANGS_MAX);
	size_t n = 0;

	must(rows != NULL);
	for (size_t i = 0; locale_langs[i] != NULL && n < PAGE_LANGS_MAX; i++) {
		const struct locale *locale = locale_find(locale_langs[i], NULL);

		if (locale != NULL && strcmp(locale_langs[i], v->lang) != 0 &&
		    page_has_lang(v->options->pages, locale_langs[i]))
			rows[n++] = (struct page_language){ view_of(locale_langs[i]),
			    view_of(locale_name(locale)) };
	}
	v->facts.languages = (struct tmpl_rows){ rows, n };
}

void visit_show(struct visit *v, int status, enum page_name name)
{
	struct err err = { 0 };
	struct str body;

	offer_languages(v);
	v->facts.style = view_of(page_style_url(v->options->pages));
	str_init(&body, v->ctx, PAGE_BYTES_MAX);
	v->answer->status = status;
	v->answer->lang = v->lang;
	v->answer->type = "text/html; charset=utf-8";
	if (!page_render(v->options->pages, name, v->lang, &v->facts, &body, &err)) {
		if (v->options->log != NULL)
			fprintf(v->options->log, "event=web.page_error page=%d text=\"%s\"\n",
			    (int)name, err.text);
		v->answer->status = 500;
		v->answer->type = "text/plain; charset=utf-8";
		v->answer->body = view_of("This page could not be made.\n");
		return;
	}
	v->answer->body.len = body.len;
	v->answer->body.at = str_take(&body);
}

void visit_trouble(struct visit *v, int status)
{
	v->facts.is_busy = status == 429 || status == 503;
	v->facts.is_broken = status >= 500 && status != 503 && status != 505;
	v->facts.is_unreadable = !v->facts.is_busy && !v->facts.is_broken && !v->facts.is_stale;
	visit_show(v, status, PAGE_TROUBLE);
}

void visit_desk_failed(struct visit *v, const struct err *err)
{
	if (v->options->log != NULL)
		fprintf(v->options->log, "event=web.desk_error route=%s kind=%d text=\"%s\"\n",
		    route_pattern(v->request->match.route), (int)err->kind, err->text);
	if (err->kind == ERR_RETRY) {
		v->answer->retry_after_seconds = BUSY_SECONDS;
		v->facts.retry_minutes = view_of("1");
		visit_trouble(v, 503);
		return;
	}
	visit_trouble(v, 500);
}

static void refuse_client(struct visit *v, int seconds)
{
	v->answer->retry_after_seconds = seconds;
	v->facts.retry_minutes = view_of(talloc_asprintf(v->ctx, "%d", (seconds + 59) / 60));
	visit_trouble(v, 429);
}

static void answer_gone(struct visit *v, int status)
{
	v->facts.is_expired = status == 410;
	visit_show(v, status, PAGE_GONE);
}

bool visit_open(struct visit *v, bool expired_too)
{
	const struct web_request *r = v->request;
	const int wait = client_limit_wait(v->site->limit, r->client, r->tick);
	struct err err = { 0 };

	if (wait > 0) {
		refuse_client(v, wait);
		return false;
	}
	if (r->match.token[0] != '\0' && !v->options->desk->look_up(v->options->desk->arg,
	    v->ctx, r->match.token, r->now, &v->view, &err)) {
		visit_desk_failed(v, &err);
		return false;
	}
	if (!v->view.found) {
		client_limit_count(v->site->limit, r->client, r->tick);
		answer_gone(v, 404);
		return false;
	}
	if (!speak_as_asked(v) && v->view.facts.lang != NULL)
		visit_speak(v, v->view.facts.lang);
	v->facts.path = view_of(talloc_asprintf(v->ctx, "/p/%s", r->match.token));
	page_facts_fill(&v->facts, v->ctx, v->locale, &v->view);
	if (v->view.expired && !expired_too) {
		answer_gone(v, 410);
		return false;
	}
	return true;
}

static void answer_text(struct visit *v, int status, const char *text)
{
	v->answer->status = status;
	v->answer->type = "text/plain; charset=utf-8";
	v->answer->body = view_of(text);
}

static void answer_style(struct visit *v)
{
	v->answer->status = 200;
	v->answer->type = "text/css; charset=utf-8";
	v->answer->cacheable = true;
	v->answer->body = page_style(v->options->pages);
}

static void answer_ready(struct visit *v)
{
	const struct pay_desk *desk = v->options->desk;
	struct err err = { 0 };

	if (desk->ready == NULL || desk->ready(desk->arg, &err)) {
		answer_text(v, 200, "ready\n");
		return;
	}
	if (v->options->log != NULL)
		fprintf(v->options->log, "event=web.not_ready text=\"%s\"\n", err.text);
	answer_text(v, 503, "not ready\n");
}

/* A provider's call.  Whatever happens, no text: a provider may hand it on. */
static void answer_call(struct visit *v)
{
	const struct web_request *r = v->request;
	const struct hook_call call = { .provider = r->match.word,
	    .kind = r->match.route == ROUTE_SMS_INBOUND ? HOOK_SMS_INBOUND :
	    r->match.route == ROUTE_SMS_STATUS ? HOOK_SMS_STATUS : HOOK_LETTER_STATUS,
	    .query = r->query, .body = r->body,
	    .content_type = r->content_type, .header = r->header, .header_arg = r->header_arg };
	const struct hook_desk *desk = v->options->hooks;
	struct err err = { 0 };
	int status = 404;

	answer_text(v, 503, "");
	if (desk != NULL && !desk->take(desk->arg, v->ctx, &call, r->now, &status, &err)) {
		if (v->options->log != NULL)
			fprintf(v->options->log, "event=web.hook_error route=%s text=\"%s\"\n",
			    route_pattern(r->match.route), err.text);
		v->answer->retry_after_seconds = BUSY_SECONDS;
		return;
	}
	v->answer->status = status;
}

static void answer_route(struct visit *v)
{
	switch (v->request->match.route) {
	case ROUTE_PAY:
	case ROUTE_LATER:
	case ROUTE_PARTS:
	case ROUTE_PAID:
	case ROUTE_WRONG:
	case ROUTE_HELP:
	case ROUTE_RATE:
		pay_page_visit(v);
		break;
	case ROUTE_UNSUBSCRIBE:
		unsubscribe_visit(v);
		break;
	case ROUTE_STYLE:
		answer_style(v);
		break;
	case ROUTE_ROBOTS:
		answer_text(v, 200, "User-agent: *\nDisallow: /\n");
		break;
	case ROUTE_SMS_STATUS:
	case ROUTE_SMS_INBOUND:
	case ROUTE_LETTER_STATUS:
		answer_call(v);
		break;
	case ROUTE_HEALTH:
		answer_text(v, 200, "ok\n");
		break;
	case ROUTE_READY:
		answer_ready(v);
		break;
	case ROUTE_NONE:
	case ROUTES:
		answer_gone(v, 404);
		break;
	}
}

void site_answer(struct site *site, void *ctx, const struct web_request *request,
    struct web_answer *answer)
{
	struct visit v = { .site = site, .options = &site->options, .ctx = ctx,
	    .request = request, .answer = answer };

	*answer = (struct web_answer){ .lang = "" };
	must(visit_speak(&v, site->options.lang));
	speak_as_browser(&v);
	speak_as_asked(&v);
	if (request->guard_status != 0) {
		answer->close = true;
		visit_trouble(&v, request->guard_status);
	} else if (!route_allows(request->match.route, request->method)) {
		answer->allow = route_allow(request->match.route);
		visit_trouble(&v, 405);
	} else {
		answer_route(&v);
	}
}
