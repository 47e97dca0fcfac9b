/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own map, walked leaf by leaf as the processor would: nothing writable is
 * executable, stacks have guard pages, no guest memory is there, and the pages are as predicted
 * (I3, I7).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/format_x86.h"
#include "model/hvmap.h"

#define CPUS  5u
#define PHYS  0x38000000ULL
#define SIZE  (8ULL << 20)
#define ARENA 64u

static const struct bh_image_header image = {
	.memory_size = 0x20000, .text_end = 0x9000, .rodata_end = 0xd000,
	.max_cpus = 64, .log_size = 65536, .fault_records = 256,
};
static const struct bh_board board = {
	.hypervisor = { PHYS, SIZE },
	.console = { .type = BH_CONSOLE_8250_MMIO, .stride = 4, .address = 0xfe001100 },
};
static const struct hvmap_bridge bridge = {
	.text = 0xffffffffc0123000, .text_page = { 0x1234000 },
	.data = 0xffff888001238000, .data_pages = { 0x1238000 },
};

struct arena {
	uint8_t *memory;
	uint64_t used;
};

static uint64_t available(void *context)
{
	return ARENA - ((struct arena *)context)->used;
}

static hpa_t allocate(void *context)
{
	struct arena *arena = context;

	return HPA((uint64_t)arena->memory + arena->used++ * BH_PAGE_SIZE);
}

struct world {
	struct arena arena;
	struct layout layout;
	struct pagetable table;
	struct pt_mapping mappings[HVMAP_MAPPINGS(CPUS)];
};

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct pt_memory memory = { .available = available, .allocate = allocate };
	struct bh_refusal refusal = { "" };

	world->arena.memory = aligned_alloc(BH_PAGE_SIZE, ARENA * BH_PAGE_SIZE);
	memset(world->arena.memory, 0, ARENA * BH_PAGE_SIZE);
	memory.context = &world->arena;
	assert_true(layout_compute(&world->layout, &image, &board, 3000, CPUS, &refusal));
	assert_true(pt_init(&world->table, &pt_format_x86, &memory, 52, PT_1G, &refusal));
	assert_true(hvmap_build(&world->table, world->mappings, &world->layout, &image, &board,
				&bridge, &refusal));
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	free(world->arena.memory);
	free(world);
	return 0;
}

static bool leaf_is_sound(void *context, const struct pt_leaf *leaf)
{
	struct world *world = context;
	bool own = leaf->phys.v >= PHYS && leaf->phys.v + leaf->size <= PHYS + SIZE;
	bool device = leaf->phys.v == BH_APIC_BASE || leaf->phys.v == 0xfe001000;
	bool bridging = leaf->phys.v == bridge.text_page.v ||
			leaf->phys.v - bridge.data_pages.v < CPUS * BH_PAGE_SIZE;

	assert_false((leaf->attributes & PT_WRITE) && (leaf->attributes & PT_EXECUTE));
	assert_true(own || device || bridging);
	if (device) {
		assert_true(leaf->attributes & PT_UNCACHED);
		assert_int_equal(leaf->size, BH_PAGE_SIZE);
	}
	if (leaf->attributes & PT_EXECUTE)
		assert_true(bridging || leaf->virt < HV_IMAGE + image.text_end);
	assert_non_null(world);
	return true;
}

static void no_page_is_writable_and_executable(void **state)
{
	struct world *world = *state;

	assert_true(pt_for_each_leaf(&world->table, leaf_is_sound, world));
}

static void stacks_have_guard_pages(void **state)
{
	static const uint8_t stacks[][2] = {
		{ CPU_STACK_PAGE, CPU_STACK_PAGES + 1 }, { CPU_NMI_STACK_PAGE, 1 },
		{ CPU_MC_STACK_PAGE, 1 }, { CPU_DF_STACK_PAGE, 1 },
	};
	struct world *world = *state;
	struct pt_leaf leaf;
	uint32_t cpu, i;

	for (cpu = 0; cpu < CPUS; cpu++) {
		for (i = 0; i < BH_ARRAY_SIZE(stacks); i++) {
			uint64_t first = layout_cpu_area(cpu) + stacks[i][0] * BH_PAGE_SIZE;

			assert_false(pt_lookup(&world->table, first - 1, &leaf));
			assert_true(pt_lookup(&world->table, first, &leaf));
			assert_int_equal(leaf.attributes & PT_ACCESS, PT_READ | PT_WRITE);
			assert_false(pt_lookup(&world->table, first + stacks[i][1] * BH_PAGE_SIZE,
					       &leaf));
		}
	}
}

/* Each physical page of the CPUs' areas appears once, and nowhere in the linear part. */
static bool count_page(void *context, const struct pt_leaf *leaf)
{
	uint32_t *seen = context;
	uint64_t page;

	for (page = leaf->phys.v; page < leaf->phys.v + leaf->size; page += BH_PAGE_SIZE)
		if (page - PHYS < SIZE)
			seen[(page - PHYS) / BH_PAGE_SIZE]++;
	return true;
}

static void no_page_appears_twice(void **state)
{
	struct world *world = *state;
	uint32_t seen[SIZE / BH_PAGE_SIZE] = { 0 };
	size_t i;

	assert_true(pt_for_each_leaf(&world->table, count_page, seen));
	for (i = 0; i < BH_ARRAY_SIZE(seen); i++)
		assert_int_equal(seen[i], 1);
}

static void windows_are_empty_but_have_a_table(void **state)
{
	struct world *world = *state;
	struct pt_leaf leaf;
	uint32_t cpu, window;

	for (cpu = 0; cpu < CPUS; cpu++) {
		uint64_t area = layout_cpu_area(cpu);

		for (window = 0; window < CPU_WINDOW_PAGES; window++)
			assert_false(pt_lookup(&world->table,
					       area + (CPU_WINDOW_PAGE + window) * BH_PAGE_SIZE,
					       &leaf));
		/* The same 2 MiB as the CPU's structure, so the same last-level table. */
		assert_int_equal((area + CPU_WINDOW_PAGE * BH_PAGE_SIZE) >> 21,
				 (area + CPU_STRUCT_PAGE * BH_PAGE_SIZE) >> 21);
	}
}

/* So that pages of it can be sealed one by one. */
static void pool_is_made_of_small_pages(void **state)
{
	struct world *world = *state;
	struct bh_range pool = world->layout.pool;
	struct bh_refusal refusal = { "" };
	uint64_t first = layout_linear(pool.start);
	struct pt_leaf leaf;
	uint64_t at;

	assert_true(pool.size >= 2ULL << 21);
	for (at = first; at < first + pool.size; at += BH_PAGE_SIZE) {
		assert_true(pt_lookup(&world->table, at, &leaf));
		assert_int_equal(leaf.size, BH_PAGE_SIZE);
		assert_int_equal(leaf.attributes, PT_READ | PT_WRITE);
	}
	at = first + pool.size / 2;
	assert_true(pt_protect(&world->table, at, BH_PAGE_SIZE, PT_READ, &refusal));
	assert_true(pt_lookup(&world->table, at, &leaf));
	assert_int_equal(leaf.attributes, PT_READ);
	assert_true(pt_lookup(&world->table, at + BH_PAGE_SIZE, &leaf));
	assert_int_equal(leaf.attributes, PT_READ | PT_WRITE);
	assert_true(pt_protect(&world->table, at, BH_PAGE_SIZE, PT_READ | PT_WRITE, &refusal));
}

static void pages_are_as_predicted(void **state)
{
	struct world *world = *state;
	size_t count = hvmap_list(world->mappings, &world->layout, &image, &board, &bridge);

	assert_true(count <= HVMAP_MAPPINGS(CPUS));
	assert_int_equal(pt_predict(&pt_format_x86, PT_1G, world->mappings, count),
			 world->arena.used);
}

static void layout_refuses_in_words(void **state)
{
	struct bh_board small = board;
	struct bh_refusal refusal = { "" };
	struct layout layout;

	(void)state;
	assert_false(layout_compute(&layout, &image, &board, 3000, 65, &refusal));
	assert_non_null(
		strstr(refusal.text, "65 CPUs, but this hypervisor image was built for 1 to 64"));
	assert_false(layout_compute(&layout, &image, &board, 3000, 0, &refusal));
	small.hypervisor.size = 0x40000;
	assert_false(layout_compute(&layout, &image, &small, 3000, 4, &refusal));
	assert_non_null(strstr(refusal.text, "CPUs and the rest need more than"));
	small.hypervisor.size = 0x1000;
	assert_false(layout_compute(&layout, &image, &small, 3000, 4, &refusal));
	assert_non_null(strstr(refusal.text, "the image needs 128 KiB"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_page_is_writable_and_executable),
		cmocka_unit_test(stacks_have_guard_pages),
		cmocka_unit_test(no_page_appears_twice),
		cmocka_unit_test(windows_are_empty_but_have_a_table),
		cmocka_unit_test(pool_is_made_of_small_pages),
		cmocka_unit_test(pages_are_as_predicted),
		cmocka_unit_test(layout_refuses_in_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
