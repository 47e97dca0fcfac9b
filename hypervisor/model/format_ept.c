// SPDX-License-Identifier: GPL-2.0-only
/* How entries of extended page tables look. See format_ept.h. */
#include "model/format_ept.h"

/* SDM vol. 3, 29.3.2, tables "Format of an EPT ... Entry". */
#define EPT_READ           (1ULL << 0)
#define EPT_WRITE          (1ULL << 1)
#define EPT_EXECUTE        (1ULL << 2)
#define EPT_TYPE_SHIFT     3
#define EPT_TYPE_MASK      (7ULL << EPT_TYPE_SHIFT)
#define EPT_TYPE_UNCACHED  (0ULL << EPT_TYPE_SHIFT)
#define EPT_TYPE_COMBINING (1ULL << EPT_TYPE_SHIFT)
#define EPT_TYPE_BACK      (6ULL << EPT_TYPE_SHIFT)
#define EPT_PAGE           (1ULL << 7)
#define EPT_LOW_BYTE       0xffULL
#define EPT_ADDRESS        0x000ffffffffff000ULL

#define EPT_ACCESS (EPT_READ | EPT_WRITE | EPT_EXECUTE)

/*
 * Bit 6 (ignore PAT) stays 0: the guest's PAT may weaken write-back, as on bare metal, but cannot
 * make cached what is uncached here (29.3.7.2).
 */
static bool ept_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	uint64_t type = EPT_TYPE_BACK;

	/* Write without read is a misconfiguration, execute alone is not on every processor. */
	if (!(attributes & PT_READ))
		return false;
	if (attributes & PT_UNCACHED && attributes & PT_WRITE_COMBINING)
		return false;

	if (attributes & PT_UNCACHED)
		type = EPT_TYPE_UNCACHED;
	else if (attributes & PT_WRITE_COMBINING)
		type = EPT_TYPE_COMBINING;
	*bits = EPT_READ | type;
	if (attributes & PT_WRITE)
		*bits |= EPT_WRITE;
	if (attributes & PT_EXECUTE)
		*bits |= EPT_EXECUTE;
	if (level > PT_4K)
		*bits |= EPT_PAGE;
	return true;
}

static unsigned int ept_decode(uint64_t leaf)
{
	unsigned int attributes = 0;

	if (leaf & EPT_READ)
		attributes |= PT_READ;
	if (leaf & EPT_WRITE)
		attributes |= PT_WRITE;
	if (leaf & EPT_EXECUTE)
		attributes |= PT_EXECUTE;
	if ((leaf & EPT_TYPE_MASK) == EPT_TYPE_UNCACHED)
		attributes |= PT_UNCACHED;
	else if ((leaf & EPT_TYPE_MASK) == EPT_TYPE_COMBINING)
		attributes |= PT_WRITE_COMBINING;
	return attributes;
}

/*
 * A table is told by its whole low byte: accessed and dirty flags are off, so the processor never
 * changes it, and one comparison of a byte answers both "present" and "leaf".
 */
const struct pt_format pt_format_ept = {
	.name         = "EPT",
	.levels       = 4,
	.largest_leaf = PT_1G,
	.address_bits = 48,
	.address_mask = EPT_ADDRESS,
	.present      = EPT_ACCESS,
	.table_mask   = EPT_LOW_BYTE,
	.table        = { [2] = EPT_ACCESS, [3] = EPT_ACCESS, [4] = EPT_ACCESS },
	.encode       = ept_encode,
	.decode       = ept_decode,
};

bool ept_translate(const struct pagetable *ept, gpa_t address, hpa_t *physical)
{
	return pt_translate(&pt_format_ept, ept, address.v, physical);
}
