/* profile.c - see profile.h. */
#include "intake/profile.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/must.h"

static struct json_at any_member(struct json_at *at, const char *key)
{
	struct json_at out = *at;
	size_t used = strlen(out.pointer);

	/* json.h asks for members by type; here several types are right.  The
	 * member itself is ticked off by the typed call that follows. */
	out.value = json_object_get(at->value, key);
	(void)snprintf(out.pointer + used, sizeof(out.pointer) - used, "/%s", key);
	return out;
}

static bool too_many(const struct json_at *at, size_t max, const char *what)
{
	if (json_object_size(at->value) <= max)
		return false;
	json_fail(at, "holds more than %zu %s", max, what);
	return true;
}

static const char *text_keep(struct profile *p, const struct json_at *at, const char *text)
{
	const char *copy;

	if (strlen(text) > PROFILE_TEXT_BYTES_MAX)
		json_fail(at, "is longer than %d bytes", PROFILE_TEXT_BYTES_MAX);
	copy = talloc_strdup(p, text);
	must(copy != NULL);
	return copy;
}

/* --- one word of several -------------------------------------------------- */

struct choice {
	const char	*text;
	int		 value;
};

static int choice_read(struct json_at *at, const char *key, const char *fallback,
    const struct choice *choices, size_t count)
{
	const struct json_at m = any_member(at, key);
	const char *text = fallback == NULL ? json_want_string(at, key) :
	    json_may_string(at, key, fallback);
	char list[120] = "";
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(choices[i].text, text) == 0)
			return choices[i].value;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s\"%s\"",
		    i == 0 ? "" : i + 1 == count ? " or " : ", ", choices[i].text);
		must(used < sizeof(list));
	}
	json_fail(&m, "is \"%.40s\"; give %s", text, list);
	return choices[0].value;
}

#define CHOOSE(at, key, fallback, choices) \
	choice_read(at, key, fallback, choices, sizeof(choices) / sizeof(choices[0]))

static const struct choice whats[] = {
	{ "invoices", INTAKE_INVOICES }, { "debtors", INTAKE_DEBTORS },
	{ "payments", INTAKE_PAYMENTS },
};
static const struct choice delimiters[] = {
	{ ",", ',' }, { ";", ';' }, { "tab", '\t' }, { "auto", 0 },
};
static const struct choice decimal_marks[] = { { ",", ',' }, { ".", '.' } };
static const struct choice group_marks[] = {
	{ "", 0 }, { ".", '.' }, { ",", ',' }, { " ", ' ' }, { "'", '\'' },
};
static const struct choice balances[] = {
	{ "open_amount", BALANCE_OPEN_AMOUNT }, { "payments", BALANCE_PAYMENTS },
};
static const struct choice missings[] = {
	{ "keep", MISSING_KEEP }, { "close", MISSING_CLOSE },
};
#define CHARSET_AUTO (-1)
static const struct choice charsets[] = {
	{ "utf-8", CHARSET_UTF_8 }, { "windows-1252", CHARSET_WINDOWS_1252 },
	{ "auto", CHARSET_AUTO },
};

/* --- how the file is written ---------------------------------------------- */

static void charset_read(struct profile *p, struct json_at *root)
{
	const struct json_at allow = any_member(root, "allow_windows_1252");
	const int charset = CHOOSE(root, "encoding", "auto", charsets);

	p->charset_auto = charset == CHARSET_AUTO;
	p->charset = p->charset_auto ? CHARSET_UTF_8 : (enum charset)charset;
	p->allow_windows_1252 = json_may_bool(root, "allow_windows_1252", false);
	if (allow.value != NULL && !p->charset_auto)
		json_fail(&allow, "goes with \"encoding\": \"auto\" only; remove one of them");
}

static void number_form_read(struct profile *p, struct json_at *root)
{
	const struct json_at group = any_member(root, "group_mark");
	const bool needed = p->what != INTAKE_DEBTORS;

	p->number.decimal_mark = (char)CHOOSE(root, "decimal_mark",
	    needed ? NULL : ".", decimal_marks);
	p->number.group_mark = (char)CHOOSE(root, "group_mark", "", group_marks);
	if (p->number.decimal_mark == p->number.group_mark)
		json_fail(&group, "is the decimal mark; give another");
}

static void day_form_choose(struct profile *p, struct json_at *root)
{
	const struct json_at at = any_member(root, "date");
	const char *text = p->what == INTAKE_DEBTORS ?
	    json_may_string(root, "date", "auto") : json_want_string(root, "date");

	if (!day_form_parse(text, &p->date))
		json_fail(&at, "is \"%.40s\"; give \"auto\" or a form such as \"dd-mm-yyyy\", "
		    "\"yyyy-mm-dd\", \"d.m.yyyy\" or \"m/d/yyyy\"", text);
}

/* What only a file of invoices may say; debtors and payments have no balance. */
static void balance_read(struct profile *p, struct json_at *root)
{
	if (p->what != INTAKE_INVOICES)
		return;
	p->balance = (enum balance_source)CHOOSE(root, "balance", NULL, balances);
	p->missing = (enum missing_invoices)CHOOSE(root, "missing_invoices", "keep", missings);
	p->negative_is_credit = json_may_bool(root, "negative_is_credit", false);
}

/* --- where a field comes from --------------------------------------------- */

static const char *value_text(const json_t *value)
{
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return json_string_value(value);	/* NULL when it is no text */
}

static void word_check(const struct json_at *at, enum intake_field field, const char *text)
{
	const char *wanted = text[0] == '\0' ? NULL : intake_field_fault(field, text);

	if (wanted != NULL)
		json_fail(at, "is \"%.40s\"; give %s", text, wanted);
}

static void values_read(struct profile *p, struct json_at *source, enum intake_field field,
    struct profile_source *out)
{
	struct json_at at = json_may_object(source, "values");
	struct profile_value *values;
	const char *from;
	json_t *value;

	if (at.value == NULL || too_many(&at, PROFILE_VALUES_MAX, "values"))
		return;
	values = talloc_array(p, struct profile_value,
	    (unsigned)json_object_size(at.value) + 1);
	must(values != NULL);
	json_object_foreach(at.value, from, value) {
		const struct json_at m = any_member(&at, from);
		const char *to = value_text(value);

		if (to == NULL) {
			json_fail(&m, "give a text, true or false");
			return;
		}
		word_check(&m, field, to);
		values[out->value_count++] = (struct profile_value){
			text_keep(p, &m, from), text_keep(p, &m, to) };
	}
	out->values = values;
}

static void template_read(struct profile *p, const struct json_at *at, const char *text,
    struct profile_source *out)
{
	struct profile_part *parts = talloc_zero_array(p, struct profile_part,
	    PROFILE_PARTS_MAX);

	must(parts != NULL);
	out->parts = parts;
	while (*text != '\0') {
		const size_t len = strcspn(text, "{}");
		const char *end = text[len] == '{' ? strchr(text + len, '}') : NULL;
		struct profile_part *part = &parts[out->part_count];

		if (out->part_count == PROFILE_PARTS_MAX) {
			json_fail(at, "names more than %d columns", PROFILE_PARTS_MAX - 1);
			return;
		}
		out->part_count++;
		part->literal = (struct view){ text, len };
		if (text[len] == '\0')
			return;
		if (end == NULL || end == text + len + 1) {
			json_fail(at, "write each column as {its name}");
			return;
		}
		part->column = talloc_strndup(p, text + len + 1, (size_t)(end - text) - len - 1);
		must(part->column != NULL);
		text = end + 1;
	}
}

static void source_read(struct profile *p, struct json_at *source, enum intake_field field)
{
	struct profile_source *out = &p->fields[field];
	const struct json_at constant = any_member(source, "constant");
	const struct json_at empty = any_member(source, "if_empty");
	const char *column, *fixed, *template, *if_empty;

	if (too_many(source, PROFILE_MEMBERS_MAX, "members"))
		return;
	column = json_may_string(source, "column", NULL);
	fixed = json_is_boolean(constant.value) ?
	    (json_may_bool(source, "constant", false) ? "true" : "false") :
	    json_may_string(source, "constant", NULL);
	template = json_may_string(source, "template", NULL);
	if_empty = json_may_string(source, "if_empty", NULL);
	values_read(p, source, field, out);
	json_close(source);
	if ((column != NULL) + (fixed != NULL) + (template != NULL) != 1)
		json_fail(source, "give one of \"column\", \"constant\" and \"template\"");
	if (column == NULL && (out->values != NULL || if_empty != NULL))
		json_fail(source, "\"values\" and \"if_empty\" go with a \"column\"");
	out->mapped = true;
	if (column != NULL)
		out->column = text_keep(p, source, column);
	if (fixed != NULL) {
		word_check(&constant, field, fixed);
		out->constant = text_keep(p, &constant, fixed);
	}
	if (if_empty != NULL) {
		word_check(&empty, field, if_empty);
		out->if_empty = text_keep(p, &empty, if_empty);
	}
	if (template != NULL)
		template_read(p, source, text_keep(p, source, template), out);
}

static void fields_read(struct profile *p, struct json_at *root)
{
	struct json_at columns = json_want_object(root, "columns");

	if (columns.value == NULL || too_many(&columns, PROFILE_MEMBERS_MAX, "fields"))
		return;
	for (int i = 0; i < FIELDS; i++) {
		const enum intake_field field = (enum intake_field)i;
		const char *name = intake_field_name(field);
		struct json_at source;

		if (!intake_field_belongs(field, p->what))
			continue;
		source = intake_field_needed(field, p->what) ?
		    json_want_object(&columns, name) : json_may_object(&columns, name);
		if (source.value != NULL)
			source_read(p, &source, field);
	}
	json_close(&columns);
}

/* --- what must fit together ----------------------------------------------- */

static void fit_check(const struct profile *p, struct json_at *root)
{
	const bool open_mapped = p->fields[FIELD_OPEN_AMOUNT].mapped;
	const struct json_at balance = any_member(root, "balance");
	const struct json_at negative = any_member(root, "negative_is_credit");

	if (p->what != INTAKE_INVOICES)
		return;
	if (p->balance == BALANCE_OPEN_AMOUNT && !open_mapped)
		json_fail(&balance, "says \"open_amount\", so map \"open_amount\" in columns");
	if (p->balance == BALANCE_PAYMENTS && open_mapped)
		json_fail(&balance, "says \"payments\", so \"open_amount\" may not be mapped: "
		    "only one of them can tell what is owed");
	if (p->negative_is_credit && p->fields[FIELD_TYPE].mapped)
		json_fail(&negative, "and a mapped \"type\" contradict each other; remove one");
}

static void profile_read(struct profile *p, struct json_at *root)
{
	const struct json_at name = any_member(root, "name");
	const struct json_at creditor = any_member(root, "creditor");

	p->name = text_keep(p, &name, json_want_string(root, "name"));
	if (strlen(p->name) > PROFILE_NAME_BYTES_MAX)
		json_fail(&name, "is longer than %d bytes", PROFILE_NAME_BYTES_MAX);
	p->what = (enum intake_what)CHOOSE(root, "what", NULL, whats);
	p->creditor = text_keep(p, &creditor, json_may_string(root, "creditor", ""));
	if (strlen(p->creditor) > PROFILE_NAME_BYTES_MAX)
		json_fail(&creditor, "is longer than %d bytes", PROFILE_NAME_BYTES_MAX);
	p->delimiter = (char)CHOOSE(root, "delimiter", "auto", delimiters);
	charset_read(p, root);
	number_form_read(p, root);
	day_form_choose(p, root);
	balance_read(p, root);
	fields_read(p, root);
	json_close(root);
	fit_check(p, root);
}

struct profile *profile_parse(void *ctx, const char *name, const char *text, size_t len,
    struct err *err)
{
	struct err own = { 0 };
	struct json_doc doc;
	struct json_at root;
	struct profile *p;

	if (!json_doc_parse(&doc, name, text, len, &own)) {
		(void)err_set(err, own.kind, "%s", own.text);
		return NULL;
	}
	p = talloc_zero(ctx, struct profile);
	must(p != NULL);
	root = json_doc_root(&doc);
	if (!json_is_object(root.value))
		json_fail(&root, "a profile is a JSON object");
	else if (!too_many(&root, PROFILE_MEMBERS_MAX, "members"))
		profile_read(p, &root);
	json_doc_release(&doc);
	if (!err_is_set(&own))
		return p;
	(void)err_set(err, own.kind, "%s", own.text);
	talloc_free(p);
	return NULL;
}
