/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stores that go past the caches (SDM vol. 1, 10.4.6.2): a device that does not look into caches
 * reads in memory what was written, and what others have in a cache stays there.
 */
#ifndef X86_STREAM_H
#define X86_STREAM_H

#include <bulkhead/types.h>

/* Whole lines, from the beginning of one. */
static inline void stream_zeros(void *to, uint64_t size)
{
	uint64_t *word = to;
	uint64_t *end = word + size / sizeof(*word);

	for (; word < end; word += 8)
		__asm__ volatile("movnti %1, 0(%0)\n\tmovnti %1, 8(%0)\n\t"
				 "movnti %1, 16(%0)\n\tmovnti %1, 24(%0)\n\t"
				 "movnti %1, 32(%0)\n\tmovnti %1, 40(%0)\n\t"
				 "movnti %1, 48(%0)\n\tmovnti %1, 56(%0)"
				 : : "r"(word), "r"(0ULL) : "memory");
}

/* All of them are in memory before what comes next. */
static inline void stream_end(void)
{
	__asm__ volatile("sfence" : : : "memory");
}

#endif
