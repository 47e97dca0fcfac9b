/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of the argument string, found by their names.
 */
#include <inmate/words.h>

#include <stdlib.h>
#include <string.h>

bool words_have(char **argv, const char *word)
{
	while (*++argv)
		if (!strcmp(*argv, word))
			return true;
	return false;
}

uint64_t words_number(char **argv, const char *word, uint64_t otherwise)
{
	size_t size = strlen(word);

	while (*++argv)
		if (!strncmp(*argv, word, size) && (*argv)[size] == '=')
			return strtoull(*argv + size + 1, NULL, 0);
	return otherwise;
}
