/* test_csv_corpus.c - replays what the fuzzer is fed, and what it once found,
 * without the fuzzer. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../fuzz/fuzz_csv.c"

#define INPUT_BYTES_MAX 65536
#define CORPUS "tests/fuzz/corpus/csv"

static void test_corpus(void **state)
{
	static uint8_t bytes[INPUT_BYTES_MAX];
	DIR *folder = opendir(CORPUS);
	int count = 0;

	(void)state;
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char path[400];
		FILE *file;
		size_t len;

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), CORPUS "/%s", entry->d_name);
		file = fopen(path, "rb");
		assert_non_null(file);
		len = fread(bytes, 1, sizeof(bytes), file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(LLVMFuzzerTestOneInput(bytes, len), 0);
		for (uint8_t k = 0; k < PROFILES; k++) {	/* and by each other profile */
			bytes[0] = k;
			assert_int_equal(LLVMFuzzerTestOneInput(bytes, len), 0);
		}
		count++;
	}
	assert_int_equal(closedir(folder), 0);
	assert_true(count >= 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
