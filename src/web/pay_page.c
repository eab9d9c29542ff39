/* pay_page.c - /p/TOKEN and its forms.
 *
 * A form is shown by GET and sent by POST to the same path.  A POST is checked
 * against what the link shows now, handed to the desk, and answered with what
 * happens next and what will not happen.  Sending it twice has one effect, so
 * a reload of that answer is harmless.
 */
#include "web/pay_page.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "web/form.h"
#include "web/form_key.h"
#include "web/pay_input.h"
#include "web/visit.h"

static const struct {
	enum route	route;
	enum pay_act	act;
	enum page_name	page;
} forms[] = {
	{ ROUTE_LATER,	PAY_ACT_PROMISE,	PAGE_LATER },
	{ ROUTE_PARTS,	PAY_ACT_PARTS,		PAGE_PARTS },
	{ ROUTE_PAID,	PAY_ACT_PAID_CLAIMED,	PAGE_PAID },
	{ ROUTE_WRONG,	PAY_ACT_DISPUTE,	PAGE_WRONG },
	{ ROUTE_HELP,	PAY_ACT_HELP,		PAGE_HELP },
	{ ROUTE_RATE,	PAY_ACT_RATE,		PAGE_RATE },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static void put_new_key(struct visit *v, enum pay_act act)
{
	char text[FORM_KEY_BYTES];

	form_key_make(&v->options->key, v->request->match.token, act, text);
	v->facts.key = view_of(talloc_strdup(v->ctx, text));
	v->facts.text_max = view_of(talloc_asprintf(v->ctx, "%d", PAY_TEXT_CHARS_MAX));
}

/* The question below an answer: how was it?  Nobody need reply. */
static void put_rate_key(struct visit *v, const struct pay_action *action)
{
	char text[FORM_KEY_BYTES];

	form_key_follow(&v->options->key, v->request->match.token, PAY_ACT_RATE, action->key,
	    text);
	v->facts.rate_key = view_of(talloc_strdup(v->ctx, text));
}

static void show_form(struct visit *v, size_t i, int status)
{
	if (v->facts.key.len == 0)
		put_new_key(v, forms[i].act);
	v->facts.rate_key = v->facts.key;
	visit_show(v, status, forms[i].page);
}

static void show_done(struct visit *v, const struct pay_action *action,
    const struct pay_receipt *receipt)
{
	struct page_facts *f = &v->facts;

	if (action->kind == PAY_ACT_RATE) {
		visit_show(v, 200, PAGE_RATED);
		return;
	}
	put_rate_key(v, action);
	f->did_promise = action->kind == PAY_ACT_PROMISE;
	f->did_paid = action->kind == PAY_ACT_PAID_CLAIMED;
	f->did_dispute = action->kind == PAY_ACT_DISPUTE;
	f->did_parts = action->kind == PAY_ACT_PARTS;
	f->did_help = action->kind == PAY_ACT_HELP;
	f->day_words = page_day(v->ctx, v->locale, action->day);
	f->receipt = view_of(talloc_strdup(v->ctx, receipt->reference));
	f->quiet_until = page_day(v->ctx, v->locale, receipt->quiet_until);
	f->answer_by = page_day(v->ctx, v->locale, receipt->answer_by);
	visit_show(v, 200, PAGE_DONE);
}

static void show_outcome(struct visit *v, size_t i, const struct pay_action *action,
    const struct pay_receipt *receipt)
{
	switch (receipt->outcome) {
	case PAY_DONE:
		show_done(v, action, receipt);
		break;
	case PAY_NOT_FOUND:
	case PAY_EXPIRED:
		v->facts.is_expired = receipt->outcome == PAY_EXPIRED;
		visit_show(v, v->facts.is_expired ? 410 : 404, PAGE_GONE);
		break;
	case PAY_ALL_PAID:
		visit_show(v, 200, PAGE_SETTLED);
		break;
	case PAY_ALL_PASSED:
		visit_show(v, 200, PAGE_PASSED);
		break;
	case PAY_DAY_REFUSED:
		put_new_key(v, action->kind);
		v->facts.bad = v->facts.bad_day = v->facts.day_refused = true;
		show_form(v, i, 422);
		break;
	case PAY_PROMISE_REFUSED:
		v->facts.can_promise = false;
		show_form(v, i, 422);
		break;
	case PAY_OUTCOMES:
		must(!"an outcome");
	}
}

static void act(struct visit *v, size_t i, const struct pay_action *action)
{
	const struct pay_desk *desk = v->options->desk;
	struct pay_receipt receipt = { .quiet_until = DAY_NONE, .answer_by = DAY_NONE };
	struct err err = { 0 };

	if (desk->act(desk->arg, v->ctx, v->request->match.token, action,
	    v->request->now, &receipt, &err))
		show_outcome(v, i, action, &receipt);
	else
		visit_desk_failed(v, &err);
}

/* What is wrong is shown once more before it is sent: it stops a claim, and a
 * person will read it. */
static bool dispute_waits(struct visit *v, const struct form *form, size_t i)
{
	const char *stage = form_value(form, "stage");

	if (forms[i].act != PAY_ACT_DISPUTE || strcmp(stage, "send") == 0)
		return false;
	visit_show(v, 200, strcmp(stage, "edit") == 0 ? PAGE_WRONG : PAGE_WRONG_CHECK);
	return true;
}

static void post_form(struct visit *v, size_t i)
{
	struct pay_action action = { .kind = forms[i].act };
	const struct web_request *r = v->request;
	struct form form;

	if (!form_type_is(r->content_type, "application/x-www-form-urlencoded")) {
		visit_trouble(v, 415);
		return;
	}
	if (!form_parse(&form, v->ctx, r->body.at, r->body.len, NULL)) {
		visit_trouble(v, 400);
		return;
	}
	if (!form_key_check(&v->options->key, r->match.token, action.kind,
	    form_value(&form, "key"), action.key)) {
		v->facts.is_stale = true;
		visit_trouble(v, 400);
		return;
	}
	put_new_key(v, action.kind);
	v->facts.key = view_of(form_value(&form, "key"));
	action.lang = v->lang;
	if (!pay_input_read(&action, &form, &v->view, &v->facts))
		show_form(v, i, 422);
	else if (!dispute_waits(v, &form, i))
		act(v, i, &action);
}

void pay_page_visit(struct visit *v)
{
	const enum route route = v->request->match.route;

	if (!visit_open(v, false))
		return;
	if (v->view.all_paid && route != ROUTE_RATE) {
		visit_show(v, 200, PAGE_SETTLED);
		return;
	}
	if (v->view.all_passed && route != ROUTE_RATE) {
		visit_show(v, 200, PAGE_PASSED);
		return;
	}
	if (route == ROUTE_PAY) {
		visit_show(v, 200, PAGE_PAY);
		return;
	}
	for (size_t i = 0; i < FORMS; i++) {
		if (forms[i].route != route)
			continue;
		if (v->request->method == METHOD_POST)
			post_form(v, i);
		else
			show_form(v, i, 200);
	}
}
