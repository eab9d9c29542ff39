/* fault.c - see fault.h. */
#include "base/fault.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/must.h"

#define FAULT_NAME_BYTES_MAX 64

static struct {
	bool	asked;			/* the environment was read */
	char	name[FAULT_NAME_BYTES_MAX];
	long	passes_left;
	bool	inside;			/* dies without ending the process */
	bool	dead;
} fault;

static void fault_read(void)
{
	const char *text = env_text("PURR_DIE_AT");
	const char *colon;
	size_t len;

	fault.asked = true;
	if (text == NULL)
		return;
	colon = strchr(text, ':');
	len = colon != NULL ? (size_t)(colon - text) : strlen(text);
	if (len >= sizeof(fault.name))
		return;
	memcpy(fault.name, text, len);
	fault.passes_left = colon != NULL ? strtol(colon + 1, NULL, 10) : 1;
}

bool fault_is_set(const char *name)
{
	if (!fault.asked)
		fault_read();
	return fault.name[0] != '\0' && strcmp(fault.name, name) == 0;
}

void fault_point(const char *name)
{
	if (!fault_is_set(name))
		return;
	if (--fault.passes_left > 0)
		return;
	if (fault.inside) {
		fault.dead = true;
		return;
	}
	(void)kill(getpid(), SIGKILL);
	for (;;)			/* the signal is on its way */
		(void)pause();
}

void fault_will_die(const char *name, long passes)
{
	const size_t len = strlen(name);

	must(len < sizeof(fault.name) && passes > 0);
	memcpy(fault.name, name, len + 1);
	fault.passes_left = passes;
	fault.asked = fault.inside = true;
}

void fault_revive(void)
{
	if (fault.inside)
		fault.name[0] = '\0';
	fault.dead = false;
}

bool fault_is_dead(void)
{
	return fault.dead;
}
