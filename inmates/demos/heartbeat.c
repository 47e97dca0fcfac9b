/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell that shows that it is well: its heap holds a pattern, which it looks through again and
 * again, piece by piece, with a heartbeat for each piece. If a word is wrong it says which and
 * fails. Its message is the longest time between two heartbeats so far, in ticks: whether anything
 * ever stopped it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <inmate/cell.h>
#include <inmate/cpu.h>

#define PIECE    512u /* words */
#define PIECES   64u
#define MULTIPLY 0x9e3779b97f4a7c15UL /* spreads the number over the word */

static uint64_t words[PIECES * PIECE];

static bool piece_is_well(uint64_t first)
{
	uint64_t i;

	for (i = first; i < first + PIECE; i++) {
		if (words[i] == i * MULTIPLY)
			continue;
		printf("Word %" PRIu64 " at %p is 0x%016" PRIx64 " instead of 0x%016" PRIx64 ".\n",
		       i, (void *)&words[i], words[i], i * MULTIPLY);
		return false;
	}
	return true;
}

/* Returns the time now; the first interval has nothing to be compared with. */
static uint64_t beat(uint64_t last)
{
	static uint64_t longest;
	uint64_t now = tsc_read();

	cell_heartbeat();
	if (last && now - last > longest) {
		longest = now - last;
		cell_message(longest < UINT32_MAX ? (uint32_t)longest : UINT32_MAX);
	}
	return now;
}

int main(int argc, char **argv)
{
	uint64_t beats = argc > 1 ? strtoull(argv[1], NULL, 0) : UINT64_MAX;
	uint64_t i, last = 0;

	for (i = 0; i < PIECES * PIECE; i++)
		words[i] = i * MULTIPLY;
	printf("Watching %zu bytes.\n", sizeof(words));
	for (i = 0; i < beats && !cell_shutdown_asked(); i++) {
		/* Another CPU or a device may have written it: the compiler must look. */
		__asm__ volatile("" : : : "memory");
		if (!piece_is_well(i % PIECES * PIECE)) {
			cell_shutdown_accept();
			return 1;
		}
		last = beat(last);
	}
	cell_shutdown_accept();
	return 0;
}
