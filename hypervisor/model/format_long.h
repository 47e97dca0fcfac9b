/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of long-mode paging, as the hypervisor's own page tables (format_x86.c) and AMD's nested
 * ones (format_npt.c) have them. SDM vol. 3, 4.5.4, tables "Format of a 4-Level ... Entry"; APM
 * vol. 2, 5.3. Whether an entry is a user's is the format's to say.
 */
#ifndef MODEL_FORMAT_LONG_H
#define MODEL_FORMAT_LONG_H

#include "model/pagetable.h"

#define LONG_PRESENT       (1ULL << 0)
#define LONG_WRITE         (1ULL << 1)
#define LONG_USER          (1ULL << 2)
#define LONG_WRITE_THROUGH (1ULL << 3)
#define LONG_CACHE_DISABLE (1ULL << 4)
#define LONG_ACCESSED      (1ULL << 5)
#define LONG_DIRTY         (1ULL << 6)
#define LONG_PAGE          (1ULL << 7)
#define LONG_NO_EXECUTE    (1ULL << 63)
#define LONG_ADDRESS       0x000ffffffffff000ULL

#define LONG_TABLE (LONG_PRESENT | LONG_WRITE | LONG_ACCESSED)

/*
 * Uncached is PCD and PWT together: entry 3 of the PAT, which is UC after reset and under Linux.
 * Entries for write-combining differ between the two, so it is not offered. Accessed and dirty are
 * set from the start: the processor then never writes to the tables, and they can be sealed.
 */
static inline bool long_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	if (!(attributes & PT_READ) || attributes & PT_WRITE_COMBINING)
		return false;

	*bits = LONG_PRESENT | LONG_ACCESSED | LONG_DIRTY;
	if (attributes & PT_WRITE)
		*bits |= LONG_WRITE;
	if (!(attributes & PT_EXECUTE))
		*bits |= LONG_NO_EXECUTE;
	if (attributes & PT_UNCACHED)
		*bits |= LONG_CACHE_DISABLE | LONG_WRITE_THROUGH;
	if (level > PT_4K)
		*bits |= LONG_PAGE;
	return true;
}

static inline unsigned int long_decode(uint64_t leaf)
{
	unsigned int attributes = PT_READ;

	if (leaf & LONG_WRITE)
		attributes |= PT_WRITE;
	if (!(leaf & LONG_NO_EXECUTE))
		attributes |= PT_EXECUTE;
	if (leaf & LONG_CACHE_DISABLE)
		attributes |= PT_UNCACHED;
	return attributes;
}

#endif
