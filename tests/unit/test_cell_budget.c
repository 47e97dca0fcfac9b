/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is foretold of a cell's pages is what it takes (I3): over random cells, page for page, and
 * for the small cell that the benchmark's promise is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/cell_budget.h"
#include "page_arena.h"
#include "random_cells.h"

#define BOARDS 10000

static struct random_board board;

static void make(uint64_t seed)
{
	const struct bh_range hypervisor = { ARENA_PHYS, ARENA_PAGES * BH_PAGE_SIZE };

	random_board_make(&board, hypervisor, seed);
}

/* The same without a thought: does any port of the half appear in the list? */
static uint32_t bitmap_pages(const struct random_cell *cell, uint32_t first, uint32_t last)
{
	uint32_t port, i;

	for (port = first; port <= last; port++)
		for (i = 0; i < cell->cell.port_count; i++)
			if (port >= cell->ports[i].first && port <= cell->ports[i].last)
				return 1;
	return 0;
}

static void check_cell(const struct random_cell *cell)
{
	struct cell_budget budget;
	uint64_t bytes = 3072 + cell->header.size;

	cell_budget(&budget, &board.view, &cell->view);
	assert_int_equal(budget.tables, pt_count_pages(&cell->map));
	assert_int_equal(budget.head, bytes / 4096 + (bytes % 4096 != 0));
	assert_int_equal(budget.comm, cell->comm.v != 0);
	if (board.board.flags & BH_BOARD_SVM) {
		/* APM vol. 2, 15.10.1 and 15.11: 12 KiB for all ports, 8 KiB for MSRs. */
		assert_int_equal(budget.msr_bitmap, cell->cell.msr_count ? 2 : 0);
		assert_int_equal(budget.io_bitmap[0], cell->cell.port_count ? 3 : 0);
		assert_int_equal(budget.io_bitmap[1], 0);
	} else {
		assert_int_equal(budget.msr_bitmap, cell->cell.msr_count != 0);
		assert_int_equal(budget.io_bitmap[0], bitmap_pages(cell, 0, 0x7fff));
		assert_int_equal(budget.io_bitmap[1], bitmap_pages(cell, 0x8000, 0xffff));
	}
	assert_int_equal(budget.total, budget.head + budget.comm + budget.msr_bitmap +
				       budget.io_bitmap[0] + budget.io_bitmap[1] + budget.tables);
}

static void random_cells_take_what_was_foretold(void **state)
{
	struct bh_refusal refusal;
	uint64_t cells = 0;
	uint64_t seed;
	uint32_t i;

	(void)state;
	for (seed = 0; cells < BOARDS; seed++) {
		struct pt_memory memory = arena_reset(ARENA_PAGES);

		make(seed);
		if (!random_board_build(&board, &memory, &refusal))
			fail_msg("board %llu: %s", (unsigned long long)seed, refusal.text);
		for (i = 0; i < board.cell_count; i++)
			check_cell(&board.cells[i]);
		cells += board.cell_count;
	}
}

/* 2 MiB of RAM at 0, the communication page, a UART: the issue of the cells allows eight pages. */
static void a_small_cell_takes_eight_pages(void **state)
{
	struct bh_config_header header = { .size = sizeof(struct bh_config_header) +
					   sizeof(struct bh_cell) + 2 * sizeof(struct bh_region) +
					   sizeof(struct bh_ports) };
	const struct bh_region regions[] = {
		{ .name = "ram", .phys = 0x39000000, .at = 0, .size = 0x200000, .access = 7 },
		{ .name = "comm", .at = 0xfef00000, .size = 0x1000, .access = 3,
		  .kind = BH_REGION_COMM },
	};
	const struct bh_ports ports[] = { { .first = 0x2f8, .last = 0x2ff } };
	const struct bh_cell cell = { .name = "small", .region_count = 2, .port_count = 1 };
	const struct cell_view view = {
		.header = &header, .cell = &cell, .regions = regions, .ports = ports,
	};
	const struct bh_board small = { .physical_bits = 40 };
	const struct config_view board_view = { .board = &small };
	struct cell_budget budget;

	(void)state;
	cell_budget(&budget, &board_view, &view);
	assert_in_range(budget.total, 1, 8);
}

/* Of root, and of what cells have in common. */
static void root_takes_all_bitmaps(void **state)
{
	const struct bh_board vmx = { .physical_bits = 40 };
	const struct bh_board svm = { .physical_bits = 40, .flags = BH_BOARD_SVM };
	struct cell_budget budget;

	(void)state;
	cell_budget_root(&budget, &vmx);
	assert_int_equal(budget.total, 3);
	assert_int_equal(cell_budget_common(&vmx), 2);
	cell_budget_root(&budget, &svm);
	assert_int_equal(budget.total, 5);
	assert_int_equal(budget.io_bitmap[0], 3);
	assert_int_equal(cell_budget_common(&svm), 5);
}

/* Room for all functions a machine may have, whatever the file names; where it filters them. */
static void functions_take_pages_where_they_are_filtered(void **state)
{
	const struct bh_board with = { .flags = BH_BOARD_PCI };
	const struct bh_board without = { .device_count = 0 };

	(void)state;
	assert_int_equal(cell_budget_functions(&with), 64);
	assert_int_equal(cell_budget_functions(&without), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_cells_take_what_was_foretold),
		cmocka_unit_test(a_small_cell_takes_eight_pages),
		cmocka_unit_test(root_takes_all_bitmaps),
		cmocka_unit_test(functions_take_pages_where_they_are_filtered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
