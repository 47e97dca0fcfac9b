/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell's map is made from, and what is served by trap and decode instead because it is less
 * than a page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/cell_map.h"
#include "model/range.h"
#include "model/trapped.h"

static const struct bh_region regions[] = {
	{ .name = "ram", .phys = 0x39000000, .at = 0, .size = 0x200000, .access = 7 },
	{ .name = "uart", .phys = 0xfe001010, .at = 0x50000010, .size = 8, .access = 3,
	  .kind = BH_REGION_DEVICE },
	{ .name = "timer", .phys = 0xfed00000, .at = 0x60000000, .size = 0x1000, .access = 1,
	  .kind = BH_REGION_DEVICE },
	{ .name = "comm", .at = 0x80000000, .size = 0x1000, .access = 3,
	  .kind = BH_REGION_COMM },
	{ .name = "tail", .phys = 0xfe002000, .at = 0x70000000, .size = 0x800, .access = 3,
	  .kind = BH_REGION_DEVICE },
	{ .name = "hpet", .phys = 0xfed01000, .at = 0x90000000, .size = 0x1000, .access = 3,
	  .kind = BH_REGION_DEVICE, .flags = BH_REGION_HPET },
};
#define COUNT BH_ARRAY_SIZE(regions)

static void check(const struct pt_mapping *mapping, uint64_t virt, uint64_t phys, uint64_t size,
		  unsigned int attributes)
{
	assert_int_equal(mapping->virt, virt);
	assert_int_equal(mapping->phys.v, phys);
	assert_int_equal(mapping->size, size);
	assert_int_equal(mapping->attributes, attributes);
	assert_int_equal(mapping->largest_leaf, 0);
}

static void mappings_of_regions(void **state)
{
	struct pt_mapping list[CELL_MAPPINGS(COUNT)];
	struct pt_mapping mapping;

	(void)state;
	assert_int_equal(cell_map_list(list, regions, COUNT, HPA(0x38123000), 0), 5);
	check(&list[0], 0, 0x39000000, 0x200000, PT_READ | PT_WRITE | PT_EXECUTE);
	check(&list[1], 0x60000000, 0xfed00000, 0x1000, PT_READ | PT_UNCACHED);
	check(&list[2], 0x80000000, 0x38123000, 0x1000, PT_READ | PT_WRITE);
	/* Writes are filtered, as the cell's rights may be. */
	check(&list[3], 0x90000000, 0xfed01000, 0x1000, PT_READ | PT_UNCACHED);
	check(&list[4], 0xfee00000, 0xfee00000, 0x1000, PT_READ | PT_UNCACHED);
	assert_true(cell_map_at(regions, COUNT, 0, HPA(0), 0, &mapping));
	assert_false(cell_map_at(regions, COUNT, 1, HPA(0), 0, &mapping));
	assert_false(cell_map_at(regions, COUNT, 4, HPA(0), 0, &mapping));
	assert_true(cell_map_at(regions, COUNT, COUNT, HPA(0), 0, &mapping));
	check(&mapping, 0xfee00000, 0xfee00000, 0x1000, PT_READ | PT_UNCACHED);
}

static void what_is_less_than_a_page(void **state)
{
	(void)state;
	assert_false(region_is_subpage(&regions[0]));
	assert_true(region_is_subpage(&regions[1]));
	assert_false(region_is_subpage(&regions[2]));
	assert_false(region_is_subpage(&regions[3]));
	assert_true(region_is_subpage(&regions[4]));
}

static void accesses_to_it(void **state)
{
	const struct bh_region *uart = &regions[1], *tail = &regions[4];

	(void)state;
	assert_ptr_equal(trapped_find(regions, COUNT, 0x50000010, 1), uart);
	assert_ptr_equal(trapped_find(regions, COUNT, 0x50000010, 8), uart);
	assert_ptr_equal(trapped_find(regions, COUNT, 0x50000014, 4), uart);
	assert_ptr_equal(trapped_find(regions, COUNT, 0x700007ff, 1), tail);
	/* Across its edges, beside it, nowhere near. */
	assert_null(trapped_find(regions, COUNT, 0x50000014, 8));
	assert_null(trapped_find(regions, COUNT, 0x5000000f, 2));
	assert_null(trapped_find(regions, COUNT, 0x50000018, 1));
	assert_null(trapped_find(regions, COUNT, 0x5000000f, 1));
	assert_null(trapped_find(regions, COUNT, 0x700007ff, 2));
	assert_null(trapped_find(regions, COUNT, 0xffffffffffffffff, 8));
	/* What is mapped is no business of this; the host's addresses are none of the cell's. */
	assert_null(trapped_find(regions, COUNT, 0x60000000, 4));
	assert_null(trapped_find(regions, COUNT, 0xfe001010, 1));
	assert_null(trapped_find(regions, 0, 0x50000010, 1));
}

static void where_they_can_be(void **state)
{
	struct bh_region wide[COUNT];
	struct bh_range hull = trapped_hull(regions, COUNT);

	(void)state;
	/* From the UART, beyond what is mapped, to the HPET, which is there to be read. */
	assert_int_equal(hull.start, 0x50000010);
	assert_int_equal(range_end(hull), 0x90001000);
	assert_ptr_equal(trapped_find(regions, COUNT, 0x90000ff8, 8), &regions[5]);
	assert_null(trapped_find(regions, COUNT, 0x90000ffc, 8));
	/* One that has only what is mapped, and none at all. */
	assert_true(range_is_empty(trapped_hull(&regions[2], 2)));
	assert_true(range_is_empty(trapped_hull(regions, 0)));
	/* Whatever their order is. */
	memcpy(wide, regions, sizeof(wide));
	wide[0] = regions[4];
	wide[4] = regions[0];
	hull = trapped_hull(wide, COUNT);
	assert_int_equal(hull.start, 0x50000010);
	assert_int_equal(range_end(hull), 0x90001000);
}

static void largest_pages(void **state)
{
	const struct bh_board plain = { .flags = 0 }, large = { .flags = BH_BOARD_PAGES_1G };

	(void)state;
	assert_int_equal(cell_map_largest_leaf(&plain), PT_2M);
	assert_int_equal(cell_map_largest_leaf(&large), PT_1G);
}

/* Of a cell's map alone, and of what may be executed alone. */
static void pages_of_code(void **state)
{
	const struct bh_board silent = { .flags = BH_BOARD_PAGES_1G };
	const struct bh_board affected = { .flags = BH_BOARD_PAGES_1G | BH_BOARD_MULTIHIT };
	const struct bh_board good = { .flags = BH_BOARD_PAGES_1G | BH_BOARD_NO_MULTIHIT };
	struct pt_mapping list[CELL_MAPPINGS(COUNT)];
	size_t i;

	(void)state;
	assert_int_equal(cell_map_code_leaf(&silent, false), 0);
	assert_int_equal(cell_map_code_leaf(&good, false), 0);
	assert_int_equal(cell_map_code_leaf(&affected, true), 0);
	assert_int_equal(cell_map_code_leaf(&affected, false), PT_4K);
	assert_int_equal(cell_map_largest_leaf(&affected), PT_1G);
	assert_int_equal(cell_map_list(list, regions, COUNT, HPA(0), PT_4K), 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(list[i].largest_leaf, i == 0 ? PT_4K : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_of_regions),
		cmocka_unit_test(what_is_less_than_a_page),
		cmocka_unit_test(accesses_to_it),
		cmocka_unit_test(where_they_can_be),
		cmocka_unit_test(largest_pages),
		cmocka_unit_test(pages_of_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
