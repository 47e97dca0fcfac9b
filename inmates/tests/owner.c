/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For memory that changes its owner (I9): with "leave" it fills all memory that it does not run in
 * with a pattern; without, it looks for anything but zeroes there, and its exit code is what it
 * found, in words of eight bytes.
 */
#include "runtime.h"

#define MARK 0x6d696e652d6d696eULL

static const struct {
	uint64_t start, end;
} parts[] = {
	{ 2 * RUNTIME_ARGUMENT, 0x100000 }, { 0x180000, 0x200000 },
};

int main(void)
{
	uint64_t found = 0;
	uint64_t address;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (address = parts[i].start; address < parts[i].end; address += sizeof(address)) {
			volatile uint64_t *word = (volatile uint64_t *)address;

			if (argument_has("leave"))
				*word = MARK;
			else if (*word != 0)
				found++;
		}
	}
	return found > 0x7fffffff ? 0x7fffffff : (int)found;
}
