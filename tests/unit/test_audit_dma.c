// SPDX-License-Identifier: GPL-2.0-only
/* What an audit says of tables of devices that are not what the regions of their cell say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/page_arena.h"
#include "model/audit_dma.h"
#include "model/format_vtd.h"
#include "model/iommus.h"

#define MIB (1024 * 1024ULL)
#define RWX (BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE)

/* Tables of a cell with two regions for devices and one that is not. */
static void the_audit_finds_each_difference(void **state)
{
	const struct pt_memory memory = arena_reset(16);
	struct bh_region regions[] = {
		{ .phys = 0x40000000, .at = 0, .size = 4 * MIB, .access = RWX,
		  .flags = BH_REGION_DMA },
		{ .phys = 0x41000000, .at = 0x10000000, .size = 0x3000, .access = BH_ACCESS_READ,
		  .flags = BH_REGION_DMA },
		{ .phys = 0x42000000, .at = 0x20000000, .size = 2 * MIB, .access = RWX },
	};
	struct pagetable map;
	const struct audit_dma audit = {
		.map = &map, .regions = regions, .count = 3, .name = "rt0",
	};
	struct bh_refusal refusal = { "" };
	struct pt_mapping mapping;
	unsigned int i;

	(void)state;
	assert_true(pt_init(&map, &pt_format_vtd_4, &memory, 39, PT_2M, NULL));
	for (i = 0; i < 2; i++) {
		assert_false(audit_dma(&audit, &refusal));
		assert_string_equal(refusal.text,
				    "audit: devices of rt0 lack memory that is for them");
		assert_true(iommu_map_at(&regions[i], false, &mapping));
		assert_true(pt_map(&map, &mapping, NULL));
	}
	assert_true(audit_dma(&audit, NULL));
	regions[1].access |= BH_ACCESS_WRITE;
	assert_false(audit_dma(&audit, &refusal));
	assert_string_equal(refusal.text, "audit: devices of rt0 have 0x10000000 otherwise than "
			    "its region says");
	regions[1].access = BH_ACCESS_READ;
	regions[0].phys += 2 * MIB;
	assert_false(audit_dma(&audit, &refusal));
	assert_string_equal(refusal.text, "audit: devices of rt0 have 0x0 otherwise than its "
			    "region says");
	regions[0].phys -= 2 * MIB;
	regions[0].size -= 4096;
	assert_false(audit_dma(&audit, &refusal));
	assert_string_equal(refusal.text, "audit: devices of rt0 reach 0x200000, which is not for "
			    "them");
	regions[0].size += 4096;
	assert_true(pt_map(&map, &(struct pt_mapping){ 0x20000000, HPA(0x42000000), 2 * MIB,
						       PT_READ, 0 }, NULL));
	assert_false(audit_dma(&audit, &refusal));
	assert_string_equal(refusal.text, "audit: devices of rt0 reach 0x20000000, which is not "
			    "for them");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_audit_finds_each_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
