/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit's words: a board with root and two cells passes, and with one thing wrong at a time,
 * in a table or in a configuration, each is refused for what it is. Random ones are
 * test_audit_random.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/audit.h"
#include "model/cell_map.h"
#include "model/format_ept.h"
#include "page_arena.h"

#define R BH_ACCESS_READ
#define W BH_ACCESS_WRITE
#define X BH_ACCESS_EXECUTE

enum { LOW, DEVICE, LENT, RING, CONSOLE, ROOT_REGIONS };
enum { RAM, SHARE, GIVEN, COMM, A_REGIONS };
enum { B_RAM, B_SHARE, B_COMM, B_REGIONS };

static struct bh_board board;
static struct bh_range pool;
static struct bh_region root_regions[ROOT_REGIONS], a_regions[A_REGIONS], b_regions[B_REGIONS];
static struct pagetable maps[3];
static struct audit_cell cells[3];
static unsigned int code_leaf; /* of the cells' maps */
static const struct config_view view = { .board = &board, .pools = &pool,
					 .regions = root_regions };

static const struct bh_region good_root[ROOT_REGIONS] = {
	[LOW]     = { .name = "low", .phys = 0, .at = 0, .size = 0x8a0000, .access = R | W | X },
	[DEVICE]  = { .name = "vga", .phys = 0x60000000, .at = 0x60000000, .size = 0x200000,
		      .access = R | W, .kind = BH_REGION_DEVICE },
	[LENT]    = { .name = "hpet", .phys = 0xfed00000, .at = 0xfed00000, .size = 0x2000,
		      .access = R | W, .kind = BH_REGION_DEVICE, .flags = BH_REGION_LENT },
	[RING]    = { .name = "ring", .phys = 0x80800000, .at = 0x80800000, .size = 0x3000,
		      .access = R | W, .flags = BH_REGION_SHARED },
	[CONSOLE] = { .name = "uart", .phys = 0xfed03010, .at = 0xfed03010, .size = 8,
		      .access = R | W, .kind = BH_REGION_DEVICE },
};
static const struct bh_region good_a[A_REGIONS] = {
	[RAM]   = { .name = "ram", .phys = 0x80000000, .at = 0, .size = 0x400000,
		    .access = R | W | X },
	[SHARE] = { .name = "ring", .phys = 0x80800000, .at = 0x80800000, .size = 0x3000,
		    .access = R, .flags = BH_REGION_SHARED },
	[GIVEN] = { .name = "timer", .phys = 0xfed00000, .at = 0x40000000, .size = 0x2000,
		    .access = R | W, .kind = BH_REGION_DEVICE },
	[COMM]  = { .name = "comm", .at = 0xfef00000, .size = 0x1000, .access = R | W,
		    .kind = BH_REGION_COMM },
};
static const struct bh_region good_b[B_REGIONS] = {
	[B_RAM]   = { .name = "ram", .phys = 0x80400000, .at = 0, .size = 0x203000,
		      .access = R | W | X },
	[B_SHARE] = { .name = "ring", .phys = 0x80800000, .at = 0x80800000, .size = 0x3000,
		      .access = R | W, .flags = BH_REGION_SHARED },
	[B_COMM]  = { .name = "comm", .at = 0xfef00000, .size = 0x1000, .access = R | W,
		      .kind = BH_REGION_COMM },
};

/* The configurations as they are meant to be; tables follow by build(). */
static void reset(void)
{
	board = (struct bh_board){ .hypervisor = { ARENA_PHYS, ARENA_PAGES * BH_PAGE_SIZE },
				   .physical_bits = 40, .pool_count = 1 };
	pool = (struct bh_range){ 0x80000000, 0x1000000 };
	memcpy(root_regions, good_root, sizeof(good_root));
	memcpy(a_regions, good_a, sizeof(good_a));
	memcpy(b_regions, good_b, sizeof(good_b));
	cells[0] = (struct audit_cell){ .regions = root_regions, .count = ROOT_REGIONS,
					.name = "root", .is_root = true };
	cells[1] = (struct audit_cell){ .regions = a_regions, .count = A_REGIONS, .name = "rt0" };
	cells[2] = (struct audit_cell){ .regions = b_regions, .count = B_REGIONS, .name = "rt1" };
}

/* What the configurations say, as the shared builder makes it; root lends and shares. */
static void build(void)
{
	struct pt_memory memory = arena_reset(ARENA_PAGES);
	struct pt_mapping mapping;
	struct bh_refusal refusal;
	size_t i, j;

	cells[1].comm = arena_allocate(NULL);
	cells[2].comm = arena_allocate(NULL);
	for (i = 0; i < 3; i++) {
		cells[i].map = &maps[i];
		assert_true(pt_init(&maps[i], &pt_format_ept, &memory, 40, PT_2M, &refusal));
		for (j = 0; j < CELL_MAPPINGS(cells[i].count); j++)
			if (cell_map_at(cells[i].regions, cells[i].count, j, cells[i].comm,
					i ? code_leaf : 0, &mapping))
				assert_true(pt_map(&maps[i], &mapping, &refusal));
	}
	assert_true(pt_clear(&maps[0], root_regions[LENT].at, root_regions[LENT].size, &refusal));
}

static void good(void)
{
	reset();
	build();
}

static void passes(uint32_t count)
{
	struct bh_refusal refusal;

	if (!audit_cells(&view, cells, count, &refusal))
		fail_msg("refused: %s", refusal.text);
}

static void refused(const char *words)
{
	struct bh_refusal refusal = { "" };

	if (audit_cells(&view, cells, 3, &refusal))
		fail_msg("not refused: %s", words);
	if (!strstr(refusal.text, words))
		fail_msg("refused with \"%s\", not with \"%s\"", refusal.text, words);
}

static uint64_t *entry(unsigned int cell, uint64_t virt)
{
	unsigned int level;

	return pt_walk(&pt_format_ept, maps[cell].root, maps[cell].memory.offset, virt, &level);
}

/* SDM vol. 3C, 28.3.2: bits of a leaf. */
#define LEAF_READ  (1ULL << 0)
#define LEAF_WRITE (1ULL << 1)
#define LEAF_TYPE  (7ULL << 3)
#define LEAF_BACK  (6ULL << 3)
#define LEAF_PAGE  (1ULL << 7)

static void good_tables_pass(void **state)
{
	(void)state;
	good();
	passes(3);
}

/* Root's own code may lie in large pages all the same: the good tables have some. */
static void large_code_where_it_hangs_the_processor(void **state)
{
	(void)state;
	good();
	board.flags = BH_BOARD_MULTIHIT;
	refused("the map of rt0 has a page of 0x200000 bytes at 0x0, which may be executed");
	code_leaf = PT_4K;
	build();
	passes(3);
	code_leaf = 0;
	good();
	board.flags = BH_BOARD_NO_MULTIHIT;
	passes(3);
}

static void root_alone_has_what_it_lends_and_not_what_it_shares(void **state)
{
	struct bh_refusal refusal;
	struct pt_mapping mapping;

	(void)state;
	good();
	assert_true(cell_map_at(root_regions, ROOT_REGIONS, LENT, HPA(0), 0, &mapping));
	assert_true(pt_restore(&maps[0], &mapping, &refusal));
	assert_true(pt_clear(&maps[0], 0x80800000, 0x3000, &refusal));
	passes(1);
	/* With the cells there again it is the other way round. */
	refused("audit: root still has 0xfed00000 of \"hpet\", which is lent to rt0");
	assert_true(pt_clear(&maps[0], 0xfed00000, 0x2000, &refusal));
	refused("audit: the map of root lacks 0x80800000 of \"ring\"");
	good();
	assert_false(audit_cells(&view, cells, 1, &refusal));
	assert_non_null(strstr(refusal.text, "audit: root has 0x80800000 of \"ring\", which no "
			       "cell shares now"));
}

static void leaves_to_other_places(void **state)
{
	(void)state;
	good();
	*entry(1, 0x200000) += 0x200000;
	refused("the map of rt0 leads from 0x200000 to 0x80400000: \"ram\" of rt1");
	good();
	*entry(0, 0x8000) = (*entry(0, 0x8000) & ~0xffffff000ULL) | 0x80000000;
	refused("the map of root leads from 0x0 to 0x80000000: \"ram\" of rt0");
	good();
	*entry(2, 0x201000) = (*entry(2, 0x201000) & 0xfff) | ARENA_PHYS;
	refused("the map of rt1 leads from 0x201000 to 0x70000000: memory of the hypervisor");
	good();
	*entry(2, 0x201000) += 0x1000;
	refused("the map of rt1 leads from 0x201000 to 0x80602000, not to \"ram\"");
	good();
	*entry(2, 0xfef00000) = *entry(1, 0xfef00000);
	refused("the map of rt1 leads from 0xfef00000 to 0x70000000: memory of the hypervisor");
}

static void wrong_rights(void **state)
{
	(void)state;
	good();
	*entry(1, 0x80801000) |= LEAF_WRITE;
	refused("the map of rt0 allows rw- at 0x80801000, \"ring\" r--");
	good();
	*entry(2, 0x80801000) &= ~LEAF_WRITE;
	refused("the map of rt1 allows r-- at 0x80801000, \"ring\" rw-");
	good();
	*entry(1, 0xfee00000) |= LEAF_WRITE;
	refused("the map of rt0 allows rw- at 0xfee00000, \"local APIC\" r--");
	good();
	*entry(1, 0x40001000) |= LEAF_BACK;
	refused("the map of rt0 has 0x40001000 of \"timer\" cached, which is a device's");
	good();
	*entry(1, 0x200000) &= ~LEAF_TYPE;
	refused("the map of rt0 has 0x200000 of \"ram\" not write-back");
}

static void missing_and_additional_leaves(void **state)
{
	(void)state;
	good();
	*entry(2, 0x202000) = 0;
	refused("the map of rt1 lacks 0x202000 of \"ram\"");
	good();
	*entry(0, 0xfee00000) = 0;
	refused("the map of root lacks 0xfee00000 of \"local APIC\"");
	good();
	*entry(2, 0x203000) = *entry(2, 0x202000) + 0x1000;
	refused("the map of rt1 has 0x203000, which is in none of its regions");
	good();
	*entry(0, 0xfed00000) = 0xfed00000 | LEAF_READ;
	refused("root still has 0xfed00000 of \"hpet\", which is lent to rt0");
	good();
	/* A sub-page region is in no map. */
	*entry(0, 0xfed03000) = 0xfed03000 | LEAF_READ | LEAF_WRITE;
	refused("the map of root has 0xfed03000, which is in none of its regions");
	good();
	*entry(2, 0x400000) = 0x80800000 | LEAF_READ | LEAF_BACK | LEAF_PAGE;
	refused("the map of rt1 has 0x400000, which is in none of its regions");
}

static void malformed_entries(void **state)
{
	(void)state;
	good();
	*entry(1, 0x600000) = LEAF_BACK;
	refused("the map of rt0 has 0x30 at 0x600000, which is no entry");
	good();
	*entry(1, 0x200000) |= 1ULL << 51;
	refused("the map of rt0 leads from 0x200000 to 0x8000080200000, not to \"ram\"");
	good();
	*entry(1, 0x200000) |= 1ULL << 6;
	refused("the map of rt0 has unknown bits in 0x802000f7, for 0x200000");
	good();
	/* A large page that begins at a small one's boundary. */
	*entry(1, 0) += 0x1000;
	*entry(1, 0x200000) += 0x1000;
	a_regions[RAM].phys += 0x1000;
	refused("the map of rt0 has unknown bits in 0x800010b7, for 0x0");
	good();
	maps[2].largest_leaf = PT_4K;
	refused("the map of rt1 has a page of 0x200000 bytes at 0x0, more than the processor "
		"knows");
	good();
	a_regions[RAM].size = 0x300000;
	refused("the page of 0x200000 bytes at 0x200000 of rt0 reaches past \"ram\"");
}

/* The first entry of the top table of a cell: what it leads to is read only if it is sound. */
static uint64_t *top(unsigned int cell)
{
	return (uint64_t *)(uintptr_t)(maps[cell].root.v + maps[cell].memory.offset);
}

static void tables_in_wrong_places(void **state)
{
	(void)state;
	good();
	*top(1) = (*top(1) & 0xfff) | 0x80000000;
	refused("the map of rt0 has a table at 0x80000000, which is not the hypervisor's");
	good();
	*top(1) |= 1ULL << 52;
	refused("the map of rt0 has unknown bits in 0x1000007");
	good();
	*top(1) = (*top(1) & 0xfff) | cells[2].comm.v;
	refused("a table of rt0 is the communication page of rt1");
	good();
	*top(2) = *top(1);
	refused("the map of rt1 leads from 0x0 to 0x80000000: \"ram\" of rt0");
}

static void cells_with_common_memory(void **state)
{
	(void)state;
	reset();
	b_regions[B_RAM].phys = 0x80200000;
	build();
	refused("\"ram\" of rt1 and \"ram\" of rt0 have memory in common that they do not share");
	reset();
	strcpy(b_regions[B_SHARE].name, "rong");
	build();
	refused("\"rong\" of rt1 and \"ring\" of root have memory in common");
	reset();
	b_regions[B_SHARE].flags = 0;
	build();
	refused("\"ring\" of rt1 and \"ring\" of root have memory in common");
	reset();
	a_regions[SHARE].size = b_regions[B_SHARE].size = 0x2000;
	build();
	refused("audit: root has 0x80800000 of \"ring\", which no cell shares now");
	reset();
	a_regions[SHARE].size = 0x2000;
	build();
	refused("\"ring\" of rt0 and \"ring\" of root have memory in common");
	reset();
	root_regions[LENT].flags = 0;
	build();
	refused("the map of root lacks 0xfed00000 of \"hpet\"");
	reset();
	b_regions[B_SHARE] = good_a[GIVEN];
	b_regions[B_SHARE].at = 0x40000000;
	build();
	refused("\"timer\" of rt1 and \"timer\" of rt0 have memory in common");
	a_regions[GIVEN].flags = BH_REGION_LENT;
	refused("\"timer\" of rt1 and \"timer\" of rt0 have memory in common");
	/* Less than a page counts by its bytes, though no table shows it. */
	reset();
	b_regions[B_SHARE] = good_root[CONSOLE];
	build();
	refused("\"uart\" of rt1 and \"uart\" of root have memory in common");
	reset();
	b_regions[B_SHARE] = good_root[CONSOLE];
	b_regions[B_SHARE].phys += 8;
	build();
	passes(3);
}

static void memory_that_is_no_cells(void **state)
{
	(void)state;
	reset();
	b_regions[B_RAM].phys = ARENA_PHYS + 0x400000;
	build();
	refused("\"ram\" of rt1 has memory of the hypervisor");
	reset();
	b_regions[B_SHARE] = good_a[GIVEN];
	b_regions[B_SHARE].phys = 0xfee00000;
	build();
	refused("\"timer\" of rt1 has the local APIC's range");
	reset();
	b_regions[B_SHARE] = good_a[GIVEN];
	b_regions[B_SHARE].phys = 0xb0100000;
	board.mmconfig = (struct bh_mmconfig){ 0xb0000000, 0, 255 };
	build();
	refused("\"timer\" of rt1 has PCI's configuration space");
	reset();
	board.physical_bits = 31;
	build();
	refused("is past the processor's 31 bits");
	reset();
	b_regions[B_RAM].phys = 0x90000000;
	build();
	refused("\"ram\" of rt1 lies outside the memory set aside for cells");
	reset();
	root_regions[DEVICE].phys = root_regions[DEVICE].at = 0x80a00000;
	build();
	refused("\"vga\" of root lies in the memory set aside for cells");
	reset();
	root_regions[DEVICE].phys = root_regions[DEVICE].at = ARENA_PHYS;
	build();
	refused("\"vga\" of root has memory of the hypervisor");
}

static void communication_pages(void **state)
{
	(void)state;
	good();
	*entry(2, 0xfef00000) = *entry(1, 0xfef00000);
	cells[2].comm = cells[1].comm;
	refused("audit: rt0 and rt1 have the same communication page");
	good();
	*entry(2, 0xfef00000) = (*entry(2, 0xfef00000) & 0xfff) | 0x80900000;
	cells[2].comm = HPA(0x80900000);
	refused("the communication page of rt1 is at 0x80900000, which is not the hypervisor's");
}

/* In a configuration it lies at 0, but it is not the memory at 0. */
static void memory_at_zero(void **state)
{
	(void)state;
	reset();
	root_regions[LOW].phys = root_regions[LOW].at = 0x1000;
	root_regions[LENT].phys = root_regions[LENT].at = 0;
	root_regions[LENT].size = 0x1000;
	a_regions[GIVEN] = good_a[SHARE];
	a_regions[GIVEN].flags = 0;
	a_regions[GIVEN].phys = a_regions[GIVEN].at = 0x80900000;
	b_regions[B_SHARE] = root_regions[LENT];
	b_regions[B_SHARE].at = 0x40000000;
	build();
	passes(3);
}

static void regions_of_one_cell_at_one_place(void **state)
{
	(void)state;
	good();
	b_regions[B_SHARE] = good_b[B_RAM];
	b_regions[B_SHARE].at = 0x200000;
	b_regions[B_SHARE].phys += 0x200000;
	b_regions[B_SHARE].size = 0x3000;
	*entry(2, 0x80800000) = *entry(2, 0x80801000) = *entry(2, 0x80802000) = 0;
	refused("two regions of rt1 have guest-physical addresses in common");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_tables_pass),
		cmocka_unit_test(large_code_where_it_hangs_the_processor),
		cmocka_unit_test(root_alone_has_what_it_lends_and_not_what_it_shares),
		cmocka_unit_test(leaves_to_other_places),
		cmocka_unit_test(wrong_rights),
		cmocka_unit_test(missing_and_additional_leaves),
		cmocka_unit_test(malformed_entries),
		cmocka_unit_test(tables_in_wrong_places),
		cmocka_unit_test(cells_with_common_memory),
		cmocka_unit_test(memory_that_is_no_cells),
		cmocka_unit_test(communication_pages),
		cmocka_unit_test(memory_at_zero),
		cmocka_unit_test(regions_of_one_cell_at_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
