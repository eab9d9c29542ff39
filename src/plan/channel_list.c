/* channel_list.c - see channel_list.h. */
#include "plan/channel_list.h"

size_t channel_list_read(struct json_at *list, enum channel out[CHANNELS])
{
	const char *words[CHANNELS];
	size_t count = 0;

	for (int i = 0; i < CHANNELS; i++)
		words[i] = channel_name((enum channel)i);
	for (size_t i = 0; i < json_length(list); i++) {
		struct json_at item = json_item(list, i);
		const enum channel channel = (enum channel)json_as_word(&item, words, CHANNELS);

		for (size_t k = 0; k < count; k++)
			if (out[k] == channel)
				json_fail(&item, "stands twice");
		if (count < CHANNELS)
			out[count++] = channel;
	}
	if (list->value != NULL && count == 0)
		json_fail(list, "is empty; name at least one channel");
	return count;
}
