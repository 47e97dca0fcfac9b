// SPDX-License-Identifier: GPL-2.0-only
/* How entries of the hypervisor's own page tables look. See format_x86.h. */
#include "model/format_x86.h"

/* SDM vol. 3, 4.5.4, tables "Format of a 4-Level ... Entry". */
#define X86_PRESENT       (1ULL << 0)
#define X86_WRITE         (1ULL << 1)
#define X86_WRITE_THROUGH (1ULL << 3)
#define X86_CACHE_DISABLE (1ULL << 4)
#define X86_ACCESSED      (1ULL << 5)
#define X86_DIRTY         (1ULL << 6)
#define X86_PAGE          (1ULL << 7)
#define X86_NO_EXECUTE    (1ULL << 63)
#define X86_ADDRESS       0x000ffffffffff000ULL

/*
 * Uncached is PCD and PWT together: entry 3 of the PAT, which is UC after reset and under Linux.
 * Entries for write-combining differ between the two, so it is not offered. Accessed and dirty are
 * set from the start: the processor then never writes to the tables, and they can be sealed.
 */
static bool x86_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	if (!(attributes & PT_READ) || attributes & PT_WRITE_COMBINING)
		return false;

	*bits = X86_PRESENT | X86_ACCESSED | X86_DIRTY;
	if (attributes & PT_WRITE)
		*bits |= X86_WRITE;
	if (!(attributes & PT_EXECUTE))
		*bits |= X86_NO_EXECUTE;
	if (attributes & PT_UNCACHED)
		*bits |= X86_CACHE_DISABLE | X86_WRITE_THROUGH;
	if (level > PT_4K)
		*bits |= X86_PAGE;
	return true;
}

static unsigned int x86_decode(uint64_t leaf)
{
	unsigned int attributes = PT_READ;

	if (leaf & X86_WRITE)
		attributes |= PT_WRITE;
	if (!(leaf & X86_NO_EXECUTE))
		attributes |= PT_EXECUTE;
	if (leaf & X86_CACHE_DISABLE)
		attributes |= PT_UNCACHED;
	return attributes;
}

#define X86_TABLE (X86_PRESENT | X86_WRITE | X86_ACCESSED)

const struct pt_format pt_format_x86 = {
	.name          = "hypervisor page table",
	.levels        = 4,
	.largest_leaf  = PT_1G,
	.address_bits  = 48,
	.sign_extended = true,
	.address_mask  = X86_ADDRESS,
	.present       = X86_PRESENT,
	.table_mask    = X86_PRESENT | X86_PAGE,
	.table         = { [2] = X86_TABLE, [3] = X86_TABLE, [4] = X86_TABLE },
	.encode        = x86_encode,
	.decode        = x86_decode,
};
