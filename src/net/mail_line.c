/* mail_line.c - see mail_line.h. */
#include "net/mail_line.h"

#include <string.h>
#include <strings.h>

#define LABEL_BYTES_MAX 24
#define FOOTER_BYTES_MAX 120
#define RULE_MIN 3
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

static bool begins(struct view line, const char *word)
{
	return line.len >= strlen(word) && strncasecmp(line.at, word, strlen(word)) == 0;
}

struct view line_trim(struct view line)
{
	struct view before;

	do {
		before = line;
		line = view_trim(line);
		if (line.len >= 2 && memcmp(line.at, "\xc2\xa0", 2) == 0)
			line = (struct view){ line.at + 2, line.len - 2 };
		if (line.len >= 2 && memcmp(line.at + line.len - 2, "\xc2\xa0", 2) == 0)
			line.len -= 2;
	} while (line.len != before.len);
	return line;
}

bool line_is_quote(struct view line)
{
	size_t blanks = 0;

	while (blanks < line.len && blanks < 3 && line.at[blanks] == ' ')
		blanks++;
	return blanks < line.len && line.at[blanks] == '>';
}

/* Dashes or underscores alone, or words between dashes. */
bool line_is_rule(struct view line)
{
	size_t head = 0, tail = 0;

	line = line_trim(line);
	while (head < line.len && (line.at[head] == '-' || line.at[head] == '_'))
		head++;
	while (tail < line.len && line.at[line.len - 1 - tail] == '-')
		tail++;
	return head >= RULE_MIN && (head == line.len || tail >= RULE_MIN);
}

bool line_is_field(struct view line, struct view *label, struct view *value)
{
	const char *colon;

	line = line_trim(line);
	colon = line.len == 0 ? NULL : memchr(line.at, ':', line.len);
	if (colon == NULL)
		return false;
	*label = (struct view){ line.at, (size_t)(colon - line.at) };
	*value = (struct view){ colon + 1, line.len - label->len - 1 };
	if (value->len > 0 && value->at[0] != ' ' && value->at[0] != '*' && value->at[0] != '\t' &&
	    value->at[0] != '\xc2')
		return false;
	while (label->len > 0 && label->at[0] == '*')
		*label = (struct view){ label->at + 1, label->len - 1 };
	while (value->len > 0 && value->at[0] == '*')
		*value = (struct view){ value->at + 1, value->len - 1 };
	*label = line_trim(*label);
	*value = line_trim(*value);
	if (label->len > 0 && label->at[label->len - 1] == '*')
		label->len--;
	for (size_t i = 0; i < label->len; i++)
		if (!is_letter(label->at[i]) && label->at[i] != ' ' && label->at[i] != '-')
			return false;
	return label->len > 0 && label->len <= LABEL_BYTES_MAX;
}

bool line_says_from(struct view label)
{
	static const char *const words[] = { "From", "Fra", "Från", "Frá", "Von", "Lähettäjä", "De",
	    "Da", "Van", "Od", "Expéditeur", "Saatja" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (view_is_nocase(label, words[i]))
			return true;
	return false;
}

bool line_has(struct view line, const char *word)
{
	for (; line.len >= strlen(word); line.at++, line.len--)
		if (begins(line, word))
			return true;
	return false;
}

/* 2000 to 2099. */
bool line_has_year(struct view line)
{
	for (size_t i = 0; i + 4 <= line.len; i++)
		if (memcmp(line.at + i, "20", 2) == 0 && is_digit(line.at[i + 2]) &&
		    is_digit(line.at[i + 3]) && (i == 0 || !is_digit(line.at[i - 1])) &&
		    (i + 4 == line.len || !is_digit(line.at[i + 4])))
			return true;
	return false;
}

/* 8.30, 08:30; and not the 28.09 of 28.09.2026. */
bool line_has_hour(struct view line)
{
	for (size_t i = 1; i + 3 <= line.len; i++) {
		const bool second = i >= 2 && is_digit(line.at[i - 2]);
		const size_t from = second ? i - 2 : i - 1, to = i + 3;

		if ((line.at[i] != ':' && line.at[i] != '.') || !is_digit(line.at[i - 1]) ||
		    !is_digit(line.at[i + 1]) || !is_digit(line.at[i + 2]))
			continue;
		if (from > 0 && (is_digit(line.at[from - 1]) || line.at[from - 1] == '.'))
			continue;
		if (to == line.len || !(is_digit(line.at[to]) || (line.at[to] == '.' &&
		    to + 1 < line.len && is_digit(line.at[to + 1]))))
			return true;
	}
	return false;
}

bool line_has_wrote(struct view line)
{
	static const char *const words[] = { "wrote", "skrev", "schrieb", "kirjoitti", "crit", "escribi",
	    "scritto", "scrisse", "schreef", "geschreven", "escreveu", "napisa", "kirjutas", "skrifa" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (line_has(line, words[i]))
			return true;
	return false;
}

bool line_is_footer(struct view line)
{
	static const char *const verbs[] = { "sendt ", "sent from", "send fra", "hent ", "get ", "skickat",
	    "skickades", "hämta", "lähetetty", "hanki", "envoy", "obten", "télécharge", "enviado",
	    "verzonden", "inviato", "scarica", "wysłan", "få " };
	static const char *const things[] = { "iphone", "ipad", "outlook", "android", "samsung", "galaxy",
	    "huawei", "yahoo", "gmail", "windows", "proton", "mobil", "telefon", "puhelim", "phone",
	    "handy", "nokia", "xiaomi", "oneplus", "sony" };
	bool verb, thing = false;

	line = line_trim(line);
	verb = line_has(line, "gesendet") || line_has(line, "holen");
	for (size_t i = 0; i < COUNT(verbs); i++)
		verb |= begins(line, verbs[i]);
	for (size_t i = 0; i < COUNT(things) && verb; i++)
		thing |= line_has(line, things[i]);
	return thing && line.len <= FOOTER_BYTES_MAX;
}

bool line_is_closing(struct view line)
{
	static const char *const words[] = { "mvh", "med venlig hilsen", "venlig hilsen", "med vennlig",
	    "vennlig hilsen", "hilsen", "de bedste hilsner", "bedste hilsner", "kh", "vh",
	    "med vänlig", "vänliga", "vänlig hälsning", "hälsning", "ystäv", "terv",
	    "mit freundlichen", "freundliche", "mfg", "viele gr", "beste gr", "gru", "grü",
	    "best regards", "kind regards", "regards", "best wishes", "sincerely", "yours",
	    "cordialement", "bien cordialement", "saludos", "un saludo", "cordiali", "met vriendelijke",
	    "pozdrawiam" };

	line = line_trim(line);
	for (size_t i = 0; i < COUNT(words); i++)
		if (begins(line, words[i]) && (line.len == strlen(words[i]) ||
		    !((line.at[strlen(words[i])] | 0x20) >= 'a' && (line.at[strlen(words[i])] | 0x20) <= 'z') ||
		    strlen(words[i]) > 3))
			return true;
	return false;
}
