/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way to the instruction that exited: 64-bit code with four levels of tables.
 */
#ifndef X86_GUEST_FETCH_H
#define X86_GUEST_FETCH_H

#include "core/cpu.h"
#include "x86/window.h"

#define FETCH_WINDOWS 5 /* one a level, and one for the code */

/* The windows are a fixed way from the struct cpu. */
static inline const uint8_t *fetch_window(const struct cpu *cpu, unsigned int number)
{
	return (const uint8_t *)cpu +
	       (CPU_WINDOW_PAGE - CPU_STRUCT_PAGE + number) * BH_PAGE_SIZE;
}

/*
 * The instruction's DECODE_INSN_MAX bytes, until fetch_close(). Null if anything is out of the
 * ordinary; nothing has happened then.
 */
const uint8_t *fetch_open(struct cpu *cpu);

/* Closes all windows, opened or not: that is shorter than to remember which. */
static inline void fetch_close(struct cpu *cpu)
{
	uint64_t *entries = cpu->window_entries;
	unsigned int number;

#pragma GCC unroll 8
	for (number = 0; number < FETCH_WINDOWS; number++) {
		entries[number] = 0;
		__asm__ volatile("invlpg %0" : : "m"(*fetch_window(cpu, number)) : "memory");
	}
}

#endif
