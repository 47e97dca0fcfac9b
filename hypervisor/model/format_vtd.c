// SPDX-License-Identifier: GPL-2.0-only
/* How entries of VT-d's second-level tables look. See format_vtd.h. */
#include "model/format_vtd.h"

/* VT-d specification, chapter 9, tables "Format of SL-... that maps a ... page". */
#define VTD_READ    (1ULL << 0)
#define VTD_WRITE   (1ULL << 1)
#define VTD_PAGE    (1ULL << 7)
#define VTD_ADDRESS 0x000ffffffffff000ULL

#define VTD_ACCESS (VTD_READ | VTD_WRITE)

/*
 * Devices neither fetch instructions nor have memory types here: what a mapping says of those makes
 * no difference. Snooping (bit 11) stays off: it is reserved where a unit does not control it.
 */
static bool vtd_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	if (!(attributes & PT_READ) || attributes & ~(PT_READ | PT_WRITE))
		return false;
	*bits = VTD_READ;
	if (attributes & PT_WRITE)
		*bits |= VTD_WRITE;
	if (level > PT_4K)
		*bits |= VTD_PAGE;
	return true;
}

static unsigned int vtd_decode(uint64_t leaf)
{
	return (leaf & VTD_READ ? PT_READ : 0) | (leaf & VTD_WRITE ? PT_WRITE : 0);
}

const struct pt_format pt_format_vtd_3 = {
	.name         = "VT-d table",
	.levels       = 3,
	.largest_leaf = PT_1G,
	.address_bits = 39,
	.address_mask = VTD_ADDRESS,
	.present      = VTD_ACCESS,
	.table_mask   = VTD_ACCESS | VTD_PAGE,
	.table        = { [2] = VTD_ACCESS, [3] = VTD_ACCESS },
	.encode       = vtd_encode,
	.decode       = vtd_decode,
};

const struct pt_format pt_format_vtd_4 = {
	.name         = "VT-d table",
	.levels       = 4,
	.largest_leaf = PT_1G,
	.address_bits = 48,
	.address_mask = VTD_ADDRESS,
	.present      = VTD_ACCESS,
	.table_mask   = VTD_ACCESS | VTD_PAGE,
	.table        = { [2] = VTD_ACCESS, [3] = VTD_ACCESS, [4] = VTD_ACCESS },
	.encode       = vtd_encode,
	.decode       = vtd_decode,
};
