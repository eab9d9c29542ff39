/* analyse_arms.c - see analyse_arms.h. */
#include "cmd/analyse_arms.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/analyse.h"

static bool named_before(const struct planned_arms *arms, const char *name)
{
	for (size_t i = 0; i < arms->count; i++)
		if (strcmp(arms->name[i], name) == 0)
			return true;
	return false;
}

bool planned_arms_read(struct cmd *cmd, const char *option, const char *text,
    struct planned_arms *out)
{
	const char **names;
	const size_t count = analyse_names(cmd, text, &names);
	double sum = 0;

	out->count = 0;
	for (size_t i = 0; i < count; i++) {
		char *at = strchr(names[i], '='), *end = NULL;
		const double weight = at == NULL ? -1 : strtod(at + 1, &end);

		if (at == NULL || at == names[i] || end == at + 1 || *end != '\0' ||
		    !(weight >= 0 && weight <= 1e9) || count > FLAT_ARMS_MAX) {
			cmd_usage(cmd, "%s takes up to %d arms like neutral=5000,warm=5000, not "
			    "'%s'", option, FLAT_ARMS_MAX, text);
			return false;
		}
		*at = '\0';
		if (named_before(out, names[i])) {
			cmd_usage(cmd, "%s names %s twice", option, names[i]);
			return false;
		}
		sum += weight;
		out->name[out->count] = names[i];
		out->weight[out->count++] = weight;
	}
	if (count > 0 && !(sum > 0)) {
		cmd_usage(cmd, "%s gives nobody a share", option);
		return false;
	}
	return true;
}
