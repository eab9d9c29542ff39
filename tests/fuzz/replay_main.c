/* replay_main.c - feeds a corpus to a fuzz target, as an ordinary test.
 *
 * Linked with each tests/fuzz/fuzz_NAME.c into replay_NAME, which reads
 * tests/fuzz/corpus/NAME from the repository's root and prints TAP, one line
 * a file.  A target that crashes ends the program, and so the test.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES_MAX 4096
#define FILE_BYTES_MAX ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The bytes lie in a block of exactly their length, so that ASan sees a read
 * past the end.  NULL: cannot be read. */
static uint8_t *read_exact(const char *path, size_t *len)
{
	uint8_t *bytes = NULL;
	FILE *f = fopen(path, "rb");
	long end;

	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (end = ftell(f)) >= 0 &&
	    (size_t)end <= FILE_BYTES_MAX && fseek(f, 0, SEEK_SET) == 0) {
		*len = (size_t)end;
		bytes = malloc(*len > 0 ? *len : 1);
		if (bytes != NULL && fread(bytes, 1, *len, f) != *len) {
			free(bytes);
			bytes = NULL;
		}
	}
	fclose(f);
	return bytes;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	struct dirent **entries = NULL;
	char folder[PATH_BYTES_MAX], path[PATH_BYTES_MAX + 256];
	int count, failed = 0;

	name = name != NULL ? name + 1 : argv[0];
	if (strncmp(name, "replay_", 7) == 0)
		name += 7;
	(void)snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name);
	if (argc > 1)
		(void)snprintf(folder, sizeof(folder), "%s", argv[1]);
	count = scandir(folder, &entries, not_hidden, alphasort);
	if (count <= 0) {
		printf("1..1\nnot ok 1 - %s: %s\n", folder,
		    count < 0 ? strerror(errno) : "no file in it");
		return 1;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		uint8_t *bytes;
		size_t len = 0;

		(void)snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		bytes = read_exact(path, &len);
		printf("# %s, %zu bytes\n", path, len);
		fflush(stdout);
		if (bytes == NULL)
			failed++;
		else
			(void)LLVMFuzzerTestOneInput(bytes, len);
		printf("%s %d - %s\n", bytes == NULL ? "not ok" : "ok", i + 1,
		    entries[i]->d_name);
		free(bytes);
		free(entries[i]);
	}
	free(entries);
	return failed > 0;
}
