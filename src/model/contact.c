/* contact.c - see contact.h. */
#include "model/contact.h"

#include <stdint.h>
#include <string.h>

#include "base/must.h"

static const char *const state_names[CONTACT_STATES] = {
	[CONTACT_PLANNED] = "planned", [CONTACT_ARMED] = "armed",
	[CONTACT_SENT] = "sent", [CONTACT_DELIVERED] = "delivered",
	[CONTACT_BOUNCED] = "bounced", [CONTACT_UNKNOWN] = "unknown",
	[CONTACT_FAILED] = "failed", [CONTACT_DROPPED] = "dropped",
};

static const char *const outcome_names[SEND_OUTCOMES] = {
	[SEND_TAKEN] = "taken", [SEND_LATER] = "later", [SEND_NEVER] = "never",
	[SEND_UNKNOWN] = "unknown",
};

#define TO(state) (1u << (state))

static const uint16_t may_become[CONTACT_STATES] = {
	[CONTACT_PLANNED] = TO(CONTACT_ARMED) | TO(CONTACT_DROPPED),
	[CONTACT_ARMED]   = TO(CONTACT_SENT) | TO(CONTACT_PLANNED) |
			    TO(CONTACT_FAILED) | TO(CONTACT_UNKNOWN),
	[CONTACT_SENT]    = TO(CONTACT_DELIVERED) | TO(CONTACT_BOUNCED),
	[CONTACT_UNKNOWN] = TO(CONTACT_SENT) | TO(CONTACT_FAILED),
};

const char *contact_state_name(enum contact_state state)
{
	must(state < CONTACT_STATES);
	return state_names[state];
}

bool contact_state_parse(const char *text, enum contact_state *out)
{
	for (int i = 0; i < CONTACT_STATES; i++) {
		if (strcmp(state_names[i], text) == 0) {
			*out = (enum contact_state)i;
			return true;
		}
	}
	return false;
}

bool contact_may_become(enum contact_state from, enum contact_state to)
{
	must(from < CONTACT_STATES && to < CONTACT_STATES);
	return (may_become[from] & TO(to)) != 0;
}

bool contact_is_final(enum contact_state state)
{
	must(state < CONTACT_STATES);
	return may_become[state] == 0;
}

const char *send_outcome_name(enum send_outcome outcome)
{
	must(outcome < SEND_OUTCOMES);
	return outcome_names[outcome];
}

bool send_outcome_parse(const char *text, enum send_outcome *out)
{
	for (int i = 0; i < SEND_OUTCOMES; i++) {
		if (strcmp(outcome_names[i], text) == 0) {
			*out = (enum send_outcome)i;
			return true;
		}
	}
	return false;
}
