/* outlet.c - see outlet.h. */
#include "dispatch/outlet.h"

#include "dispatch/dispatch.h"
#include "dispatch/driver.h"

struct outlet outlet_make(struct driver *driver)
{
	return (struct outlet){ .driver = driver,
	    .window = driver == NULL ? 1 : driver->connections_max };
}

void outlet_wake(struct outlet *o)
{
	if (o->streak >= DISPATCH_DOWN_STREAK)
		o->streak = DISPATCH_DOWN_STREAK - 1;
}

bool outlet_is_open(const struct outlet *o, instant_t now)
{
	return o->driver != NULL && o->streak < DISPATCH_DOWN_STREAK && now >= o->peace_until;
}

bool outlet_has_room(const struct outlet *o)
{
	return o->under_way < o->driver->connections_max && o->under_way < (int)o->window;
}

void outlet_begin(struct outlet *o)
{
	o->under_way++;
}

bool outlet_is_trouble(const struct dispatch_result *result, bool unreached)
{
	return result->outcome == SEND_LATER && (unreached || result->code == 421 ||
	    result->code == 429 || result->code == 503);
}

static void window_learn(struct outlet *o, bool strained)
{
	if (o->forgiven > 0)
		o->forgiven--;
	if (strained && o->forgiven == 0) {
		o->window = o->window > 2 ? o->window / 2 : 1;
		o->forgiven = o->under_way;
	} else if (!strained && o->window < o->driver->connections_max) {
		o->window += 1 / o->window;
	}
}

void outlet_end(struct outlet *o, const struct dispatch_result *result, bool unreached,
    instant_t now)
{
	const bool unclear = unreached || result->outcome == SEND_UNKNOWN;
	const bool trouble = outlet_is_trouble(result, unreached);

	o->under_way--;
	o->streak = unclear ? o->streak + 1 : 0;
	if (trouble && result->retry_after_seconds > 0 &&
	    now + result->retry_after_seconds > o->peace_until)
		o->peace_until = now + result->retry_after_seconds;
	window_learn(o, trouble || unclear);
}
