/* phone.cc - see phone.h.  The only C++ here, and no exception leaves it. */
#include <cstring>
#include <string>

#include <phonenumbers/phonenumberutil.h>

extern "C" {
#include "base/err.h"
#include "base/phone.h"
}

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/* The library also finds a number inside other text and reads letters as
 * keys; both would turn a remark into somebody's number. */
static bool has_only_phone_characters(struct view text)
{
	static const char allowed[] = "0123456789+-() ./";

	for (size_t i = 0; i < text.len; i++) {
		if (text.len - i >= 2 && std::memcmp(text.at + i, "\xc2\xa0", 2) == 0)
			i++;
		else if (std::memchr(allowed, text.at[i], sizeof(allowed) - 1) == nullptr)
			return false;
	}
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "030 123456/7" is two numbers and would be read as a third; in "030/123456"
 * the slash ends an area code.  Whom to write to is not for us to guess. */
#define SUBSCRIBER_DIGITS_MIN 4
static bool holds_several(struct view text)
{
	size_t after = 0, marks = 0;

	for (size_t i = 0; i < text.len; i++) {
		marks += text.at[i] == '/';
		after += marks > 0 && is_digit(text.at[i]);
	}
	return marks > 1 || (marks == 1 && after < SUBSCRIBER_DIGITS_MIN);
}

static const char *reason_of(PhoneNumberUtil::ValidationResult result)
{
	switch (result) {
	case PhoneNumberUtil::TOO_SHORT:
	case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
		return "too short for a telephone number of its country";
	case PhoneNumberUtil::TOO_LONG:
		return "too long for a telephone number of its country, or two of them: keep one";
	case PhoneNumberUtil::INVALID_COUNTRY_CODE:
		return "begins with a country code that does not exist";
	default:
		return "has a length that no telephone number of its country has";
	}
}

static bool parse(struct view text, const char *region, struct phone *out, struct err *err)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	std::string e164;
	PhoneNumber number;

	switch (util.Parse(std::string(text.at, text.len), region[0] ? region : "ZZ", &number)) {
	case PhoneNumberUtil::NO_PARSING_ERROR:
		break;
	case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
		return err_set(err, ERR_INPUT, "%s", text.at[0] == '+' || text.at[0] == '(' ?
		    "begins with a country code that does not exist" :
		    region[0] ? "no country code, and none is known for the country" :
		    "no country code, and no country beside it");
	case PhoneNumberUtil::TOO_LONG_NSN:
		return err_set(err, ERR_INPUT, "too long for a telephone number");
	default:
		return err_set(err, ERR_INPUT, "too short for a telephone number");
	}
	const auto result = util.IsPossibleNumberWithReason(number);
	if (result != PhoneNumberUtil::IS_POSSIBLE)
		return err_set(err, ERR_INPUT, "%s", reason_of(result));
	util.Format(number, PhoneNumberUtil::E164, &e164);
	if (number.has_extension() || e164.size() >= sizeof(out->e164))
		return err_set(err, ERR_INPUT, "not one telephone number");
	std::memcpy(out->e164, e164.c_str(), e164.size() + 1);
	out->valid = util.IsValidNumber(number);
	return true;
}

extern "C" bool phone_parse(struct view text, const char *region, struct phone *out,
    struct err *err)
{
	if (text.len == 0)
		return err_set(err, ERR_INPUT, "empty");
	if (text.len > PHONE_TEXT_BYTES_MAX)
		return err_set(err, ERR_INPUT, "longer than %d bytes", PHONE_TEXT_BYTES_MAX);
	if (!has_only_phone_characters(text))
		return err_set(err, ERR_INPUT, "holds something else than a telephone number, "
		    "or more than one: keep one");
	if (holds_several(text))
		return err_set(err, ERR_INPUT, "more than one telephone number: keep one");
	try {
		return parse(text, region, out, err);
	} catch (...) {
		return err_set(err, ERR_SYSTEM, "no memory to read a telephone number");
	}
}
