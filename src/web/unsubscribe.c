/* unsubscribe.c - /u/TOKEN: no more reminders on this channel.
 *
 * Mail programs POST here by themselves when their reader presses their button
 * (RFC 8058): no cookies, no second step, in either form encoding.  GET shows
 * a page with a button, since link scanners GET everything.
 */
#include <string.h>

#include "base/err.h"
#include "web/form.h"
#include "web/form_key.h"
#include "web/visit.h"

static bool is_one_click(struct visit *v)
{
	const struct web_request *r = v->request;
	size_t len = r->body.len;
	struct form form;

	while (len > 0 && strchr("\r\n", r->body.at[len - 1]) != NULL)
		len--;			/* some end what they send as a line */

	if (form_type_is(r->content_type, "multipart/form-data"))
		return form_multipart_is_one_click(r->content_type, r->body.at, r->body.len);
	return form_type_is(r->content_type, "application/x-www-form-urlencoded") &&
	    form_parse(&form, v->ctx, r->body.at, len, NULL) &&
	    strcmp(form_value(&form, "List-Unsubscribe"), "One-Click") == 0;
}

static void unsubscribe(struct visit *v)
{
	const struct pay_desk *desk = v->options->desk;
	struct pay_action action = { .kind = PAY_ACT_UNSUBSCRIBE, .day = DAY_NONE,
	    .text = "", .lang = v->lang };
	struct pay_receipt receipt = { .quiet_until = DAY_NONE, .answer_by = DAY_NONE };
	struct err err = { 0 };

	form_key_one_click(&v->options->key, v->request->match.token, action.key);
	if (!desk->act(desk->arg, v->ctx, v->request->match.token, &action,
	    v->request->now, &receipt, &err)) {
		visit_desk_failed(v, &err);
		return;
	}
	if (receipt.outcome == PAY_NOT_FOUND)
		visit_show(v, 404, PAGE_GONE);
	else
		visit_show(v, 200, PAGE_UNSUBSCRIBED);
}

void unsubscribe_visit(struct visit *v)
{
	if (!visit_open(v, true))
		return;
	if (v->request->method != METHOD_POST)
		visit_show(v, 200, v->facts.unsubscribed ? PAGE_UNSUBSCRIBED : PAGE_UNSUBSCRIBE);
	else if (is_one_click(v))
		unsubscribe(v);
	else
		visit_trouble(v, 400);
}
