// SPDX-License-Identifier: GPL-2.0-only
/* How entries of the hypervisor's own page tables look. See format_x86.h. */
#include "model/format_x86.h"

#include "model/format_long.h"

const struct pt_format pt_format_x86 = {
	.name          = "hypervisor page table",
	.levels        = 4,
	.largest_leaf  = PT_1G,
	.address_bits  = 48,
	.sign_extended = true,
	.address_mask  = LONG_ADDRESS,
	.present       = LONG_PRESENT,
	.table_mask    = LONG_PRESENT | LONG_PAGE,
	.table         = { [2] = LONG_TABLE, [3] = LONG_TABLE, [4] = LONG_TABLE },
	.encode        = long_encode,
	.decode        = long_decode,
};
