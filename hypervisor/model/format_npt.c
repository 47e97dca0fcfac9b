// SPDX-License-Identifier: GPL-2.0-only
/* How entries of nested page tables look. See format_npt.h. */
#include "model/format_npt.h"

#include "model/format_long.h"

/*
 * Every access of a guest is a user's to the nested tables, whatever its own privilege (APM vol.
 * 2, 15.25.5). Global pages have no meaning there.
 */
static bool npt_encode(unsigned int attributes, unsigned int level, uint64_t *bits)
{
	if (!long_encode(attributes, level, bits))
		return false;
	*bits |= LONG_USER;
	return true;
}

#define NPT_TABLE (LONG_TABLE | LONG_USER)

const struct pt_format pt_format_npt = {
	.name         = "NPT",
	.levels       = 4,
	.largest_leaf = PT_1G,
	.address_bits = 48,
	.address_mask = LONG_ADDRESS,
	.present      = LONG_PRESENT,
	.table_mask   = LONG_PRESENT | LONG_PAGE,
	.table        = { [2] = NPT_TABLE, [3] = NPT_TABLE, [4] = NPT_TABLE },
	.encode       = npt_encode,
	.decode       = long_decode,
};

bool npt_translate(const struct pagetable *npt, gpa_t address, hpa_t *physical)
{
	return pt_translate(&pt_format_npt, npt, address.v, physical);
}
