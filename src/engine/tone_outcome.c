/* tone_outcome.c - see tone_outcome.h. */
#include "engine/tone_outcome.h"

#include "base/err.h"
#include "base/zone.h"

day_t tone_day_known(const struct zone *zone, day_t as_of, instant_t at)
{
	const day_t day = at == 0 ? DAY_NONE : zone_local(zone, at).day;

	return day > as_of ? DAY_NONE : day;
}

/* --- one invoice of an opening balance ----------------------------------------- */

struct followed {
	day_t	covered_on;		/* nothing is owed from here on; DAY_NONE */
	bool	with_money;		/* not by credits alone */
	day_t	written_off_on;
	int64_t	paid_minor;		/* by the horizon's last day */
};

static int64_t within(int64_t paid, int64_t owed)
{
	return paid < 0 || owed < 0 ? 0 : paid > owed ? owed : paid;
}

/* A credit that was taken back raises what is owed, but not what counts as recovered. */
static int64_t capped(int64_t owed, const struct assignment_invoice_record *invoice)
{
	return owed < invoice->balance_minor ? owed : invoice->balance_minor;
}

/* As it was known when the as-of day ended.  Who has paid by the horizon has: money that goes
 * back later changes no outcome that was told.  What is credited was not owed: that is
 * neither paid nor recovered. */
static bool follow_invoice(const struct tone_following *f, const struct assignment_record *a,
    const struct assignment_invoice_record *invoice, int64_t *by_day, struct followed *out)
{
	const instant_t known_until = zone_instant(f->zone, f->as_of + 1, 0);
	const int horizon = f->horizon_days;
	struct reduction *list;
	int64_t paid = 0, owed = invoice->balance_minor, counted = 0;
	size_t n;

	*out = (struct followed){ .covered_on = DAY_NONE, .written_off_on = DAY_NONE };
	if (!history_reductions(f->store, f->tmp, invoice->invoice_id, &list, &n, f->err))
		return false;
	for (size_t i = 0; i < n && list[i].on <= f->as_of; i++) {
		const day_t on = list[i].on > a->on ? list[i].on : a->on;

		if (list[i].booked_at <= a->at)
			continue;	/* the opening balance knows it already */
		if (list[i].booked_at >= known_until)
			continue;
		if (list[i].by == REDUCED_BY_WRITE_OFF) {
			if (out->written_off_on == DAY_NONE && list[i].minor > 0)
				out->written_off_on = on;
			continue;
		}
		if (list[i].by == REDUCED_BY_CREDIT)
			owed -= list[i].minor;
		else
			paid += list[i].minor;
		for (int day = on - a->on; day <= horizon; day++)
			by_day[day] += within(paid, capped(owed, invoice)) - counted;
		counted = within(paid, capped(owed, invoice));
		if (on <= a->on + horizon)
			out->paid_minor = counted;
		if (paid < owed) {
			if (on <= a->on + horizon || out->covered_on > a->on + horizon)
				out->covered_on = DAY_NONE;
		} else if (out->covered_on == DAY_NONE) {
			out->covered_on = on;
			out->with_money = paid > 0;
		}
	}
	return true;
}

/* --- all of them ---------------------------------------------------------------------- */

static day_t sooner(day_t a, day_t b)
{
	if (a == DAY_NONE || b == DAY_NONE)
		return a == DAY_NONE ? b : a;
	return a < b ? a : b;
}

static bool first_exit(const struct tone_following *f, const struct assignment_record *a,
    const struct assignment_invoice_record *invoice, day_t *out)
{
	instant_t disputed, handed_over;

	if (!history_first_dispute(f->store, invoice->invoice_id, invoice->debtor_id, a->at,
	    &disputed, f->err) ||
	    !history_first_hand_over(f->store, invoice->invoice_id, invoice->debtor_id, a->at,
	    &handed_over, f->err))
		return false;
	*out = sooner(tone_day_known(f->zone, f->as_of, disputed), tone_day_known(f->zone, f->as_of, handed_over));
	return true;
}

/* Paid when nothing is owed any more, and money was among what did it; else gone, like a
 * claim that is disputed, handed over or written off. */
bool tone_outcome_read(const struct tone_following *f, const struct assignment_record *a,
    int64_t *by_day, struct tone_row *row)
{
	struct assignment_invoice_record *invoices;
	day_t covered_on = DAY_NONE;
	size_t covered = 0, n;
	bool with_money = false;

	if (!history_assignment_invoices(f->store, f->tmp, a->id, &invoices, &n, f->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct followed one;
		day_t exit_on;

		if (!follow_invoice(f, a, &invoices[i], by_day, &one) ||
		    !first_exit(f, a, &invoices[i], &exit_on))
			return false;
		row->opening_minor += invoices[i].balance_minor;
		row->paid_minor_by_h += one.paid_minor;
		row->exit_on = sooner(row->exit_on, sooner(exit_on, one.written_off_on));
		covered += one.covered_on != DAY_NONE;
		with_money |= one.covered_on != DAY_NONE && one.with_money;
		if (one.covered_on > covered_on)
			covered_on = one.covered_on;
	}
	if (n == 0 || covered < n)
		return true;
	if (!with_money)
		row->exit_on = sooner(row->exit_on, covered_on);
	else
		row->paid_on = covered_on;
	if (with_money && row->exit_on >= covered_on)
		row->exit_on = DAY_NONE;
	return true;
}
