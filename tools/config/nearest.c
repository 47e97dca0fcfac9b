/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares words by the number of letters to change, to leave out or to put in. */
#include "nearest.h"

#include <string.h>

#define LONGEST 40

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Row by row through the table of distances between the beginnings of both words. */
static size_t word_distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1];
	size_t length = strlen(b);
	size_t i, j;

	if (strlen(a) > LONGEST || length > LONGEST)
		return LONGEST;
	for (j = 0; j <= length; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (j = 0; j < length; j++) {
			size_t above = row[j + 1];

			row[j + 1] = smaller(diagonal + (a[i] != b[j]), smaller(above, row[j]) + 1);
			diagonal = above;
		}
	}
	return row[length];
}

struct nearest nearest_start(const char *wrong)
{
	/* Further off than this it is another word. */
	return (struct nearest){ .wrong = wrong, .distance = 2 + strlen(wrong) / 4 };
}

void nearest_offer(struct nearest *nearest, const char *word)
{
	size_t distance = word_distance(nearest->wrong, word);
	size_t longer =
		strlen(word) > strlen(nearest->wrong) ? strlen(word) : strlen(nearest->wrong);

	if (distance >= nearest->distance || distance >= longer)
		return;
	nearest->best = word;
	nearest->distance = distance;
}
