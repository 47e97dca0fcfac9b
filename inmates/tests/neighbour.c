/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell that watches itself: its memory holds a pattern that it looks through again and again, and
 * the largest time between two steps of that shows whether it was ever stopped. Both are told by
 * the communication page: heartbeats, and as message the gap, or what is wrong.
 */
#include "runtime.h"

#include "machine.h"

#define PATTERN_START 0x140000u /* behind the program */
#define PATTERN_END   0x200000u
#define SHARED        0x200000u /* written here, read by an attacker */
#define SHARED_BYTES  4096u
#define SHARED_WORD   0xccccccccccccccccULL
#define STEP_WORDS    64u
#define WRONG         0x80000000u /* set in the message: the address of what is wrong is below */

static uint64_t pattern_of(uint64_t address)
{
	return address * 0x9e3779b97f4a7c15;
}

static uint64_t expected(uint64_t address)
{
	return address >= SHARED ? SHARED_WORD : pattern_of(address);
}

static uint64_t end_of_memory(void)
{
	return argument_has("shared") ? SHARED + SHARED_BYTES : PATTERN_END;
}

static void fill(uint64_t end)
{
	uint64_t address;

	for (address = PATTERN_START; address < end; address += sizeof(uint64_t))
		*(volatile uint64_t *)address = expected(address);
}

static void check(uint64_t address)
{
	uint64_t i;

	for (i = 0; i < STEP_WORDS; i++, address += sizeof(uint64_t)) {
		uint64_t word = *(volatile uint64_t *)address;

		if (word == expected(address))
			continue;
		say("0x%x holds 0x%x\n", address, word);
		comm->message = WRONG | (uint32_t)address;
	}
}

int main(void)
{
	uint64_t end = end_of_memory(), address = PATTERN_START;
	uint64_t now, before, gap, largest = 0;

	fill(end);
	say("watching\n");
	before = tsc_read();
	for (;;) {
		check(address);
		beat();
		address += STEP_WORDS * sizeof(uint64_t);
		if (address >= end)
			address = PATTERN_START;
		now = tsc_read();
		gap = now - before;
		before = now;
		if (gap > largest && !(comm->message & WRONG)) {
			largest = gap;
			comm->message = gap < WRONG ? (uint32_t)gap : WRONG - 1;
		}
	}
}
