// SPDX-License-Identifier: GPL-2.0-only
/* How entries of AMD-Vi's host page tables look. See format_amdvi.h. */
#include "model/format_amdvi.h"

/* AMD IOMMU specification, 2.2.3, figures "I/O Page Directory Entry" and "I/O Page Table Entry". */
#define AMDVI_PRESENT  (1ULL << 0)
#define AMDVI_NEXT(n)  ((uint64_t)(n) << 9)
#define AMDVI_ADDRESS  0x000ffffffffff000ULL
#define AMDVI_COHERENT (1ULL << 60)
#define AMDVI_READ     (1ULL << 61)
#define AMDVI_WRITE    (1ULL << 62)

#define AMDVI_TABLE(next) (AMDVI_PRESENT | AMDVI_NEXT(next) | AMDVI_READ | AMDVI_WRITE)

/*
 * A leaf names no next level, at whatever level it stands: its size is that of its place. All
 * accesses are made coherent, so no device sees what a cache has not written yet.
 */
static bool amdvi_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	(void)level;
	if (!(attributes & PT_READ) || attributes & ~(PT_READ | PT_WRITE))
		return false;
	*bits = AMDVI_PRESENT | AMDVI_COHERENT | AMDVI_READ;
	if (attributes & PT_WRITE)
		*bits |= AMDVI_WRITE;
	return true;
}

static unsigned int amdvi_decode(uint64_t leaf)
{
	return (leaf & AMDVI_READ ? PT_READ : 0) | (leaf & AMDVI_WRITE ? PT_WRITE : 0);
}

const struct pt_format pt_format_amdvi_3 = {
	.name         = "AMD-Vi table",
	.levels       = 3,
	.largest_leaf = PT_1G,
	.address_bits = 39,
	.address_mask = AMDVI_ADDRESS,
	.present      = AMDVI_PRESENT,
	.table_mask   = AMDVI_PRESENT | AMDVI_NEXT(7),
	.table        = { [2] = AMDVI_TABLE(1), [3] = AMDVI_TABLE(2) },
	.encode       = amdvi_encode,
	.decode       = amdvi_decode,
};

const struct pt_format pt_format_amdvi_4 = {
	.name         = "AMD-Vi table",
	.levels       = 4,
	.largest_leaf = PT_1G,
	.address_bits = 48,
	.address_mask = AMDVI_ADDRESS,
	.present      = AMDVI_PRESENT,
	.table_mask   = AMDVI_PRESENT | AMDVI_NEXT(7),
	.table        = { [2] = AMDVI_TABLE(1), [3] = AMDVI_TABLE(2), [4] = AMDVI_TABLE(3) },
	.encode       = amdvi_encode,
	.decode       = amdvi_decode,
};
