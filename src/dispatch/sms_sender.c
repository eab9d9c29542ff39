/* sms_sender.c - what can be the sender of an SMS: a name, a number, a short code, or a
 * messaging service where the provider has such.
 *
 * Source: 3GPP TS 23.040 9.1.2.5 (11 characters of the GSM alphabet; operators let letters,
 *         digits and spaces through); E.164 (15 digits); the providers' documentation.
 */
#include <string.h>

#include "dispatch/sms_gateway.h"
#include "dispatch/way_rules.h"

#define NAME_CHARS_MAX 11
#define STRICT_NAME_CHARS_MIN 3
#define DIGITS_MAX 15
#define DIGITS_MIN 3			/* a short code */
#define WHOLE_DIGITS_MIN 7		/* with its country */

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static const char *number_fault(const char *from, size_t digits)
{
	if (digits > DIGITS_MAX)
		return "a number has at most 15 digits";
	if (from[0] == '+' && digits < WHOLE_DIGITS_MIN)
		return "behind + stands a whole number with its country, as +4570102030";
	return digits < DIGITS_MIN ? "a number has 3 digits or more" : NULL;
}

static const char *name_fault(const char *from, bool strict)
{
	const size_t len = strlen(from);

	if (strspn(from, LETTERS DIGITS " ") != len)
		return "a name is made of A-Z, a-z, 0-9 and spaces: write it with these, or give a number";
	if (len > NAME_CHARS_MAX)
		return "a name has at most 11 characters: shorten it";
	if (strpbrk(from, LETTERS) == NULL)
		return "a name has a letter in it, and a number no spaces";
	if (strict && (len < STRICT_NAME_CHARS_MIN || strchr(DIGITS, from[0]) != NULL))
		return "46elks takes names of 3 to 11 characters that do not begin with a digit";
	return NULL;
}

const char *sms_sender_fault(const char *driver, const char *from)
{
	const struct sms_gateway *gateway = driver != NULL ? sms_gateway_find(driver) : NULL;
	const char *digits = from + (from[0] == '+');

	if (sms_is_service(from))
		return gateway == NULL || gateway->takes_services ? NULL :
		    "only Twilio knows messaging services (MG...): give a name or a number";
	if (strspn(digits, DIGITS) == strlen(digits))
		return number_fault(from, strlen(digits));
	return name_fault(from, gateway != NULL && gateway->strict_names);
}
