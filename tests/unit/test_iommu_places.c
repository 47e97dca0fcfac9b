/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where devices have their entries in interrupt tables: those that a unit takes for the same device
 * have one table, of which each has a part, and no table reaches into another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/iommu_places.h"

/* 04:01.0 to 04:03.0 are taken for 04:00.0; nothing covers segment 1. */
static const uint32_t addresses[] = {
	0x0008, 0x0408, 0x10200, 0x0200, 0x0410, 0x0300, 0x0418,
};
enum { ALONE, FIRST, UNCOVERED, SECOND_ALONE, SECOND, THIRD_ALONE, THIRD, DEVICES };

struct world {
	struct bh_config_header header;
	struct bh_board board;
	struct {
		struct bh_iommus head;
		struct bh_iommu unit;
		struct bh_iommu_scope scopes[3];
	} part;
	struct bh_device devices[DEVICES];
	struct config_view view;
};

static int set_up(void **state)
{
	static struct world world;
	unsigned int i;

	memset(&world, 0, sizeof(world));
	world.header.size = offsetof(struct world, part) + sizeof(world.part);
	world.board.device_count = DEVICES;
	world.board.iommu_size = sizeof(world.part);
	world.part.head = (struct bh_iommus){ .iommu_count = 1, .scope_count = 3 };
	world.part.unit = (struct bh_iommu){
		.name = "ivhd0", .kind = BH_IOMMU_AMDVI, .levels = 4, .last_bus = 4,
		.flags = BH_IOMMU_REMAPS | BH_IOMMU_ALL, .scope_count = 3,
	};
	for (i = 0; i < 3; i++)
		world.part.scopes[i] = (struct bh_iommu_scope){
			BH_IOMMU_ALIAS, (uint16_t)(0x0408 + 8 * i), 0x0400, 0,
		};
	for (i = 0; i < DEVICES; i++)
		world.devices[i].address = addresses[i];
	world.view = (struct config_view){
		.header = &world.header, .board = &world.board, .devices = world.devices,
	};
	*state = &world;
	return 0;
}

static void expect(struct world *world, unsigned int device, struct iommu_place expected)
{
	struct iommu_place place;

	iommu_place(&place, &world->view, addresses[device]);
	assert_int_equal(place.first, expected.first);
	assert_int_equal(place.table, expected.table);
	assert_int_equal(place.order, expected.order);
}

static void a_device_has_a_table_of_its_own(void **state)
{
	expect(*state, ALONE, (struct iommu_place){ 0, 0, 5 });
	expect(*state, SECOND_ALONE, (struct iommu_place){ 160, 160, 5 });
	expect(*state, THIRD_ALONE, (struct iommu_place){ 192, 192, 5 });
}

/* Three have a table for four. */
static void those_taken_for_one_share_a_table_and_no_entry(void **state)
{
	expect(*state, FIRST, (struct iommu_place){ 32, 32, 7 });
	expect(*state, SECOND, (struct iommu_place){ 64, 32, 7 });
	expect(*state, THIRD, (struct iommu_place){ 96, 32, 7 });
}

static void all_have_room(void **state)
{
	const struct world *world = *state;
	struct iommu_assignable assignable;
	struct iommu_budget budget;

	iommus_assignable(&assignable, &world->view);
	assert_int_equal(assignable.count, DEVICES - 1);
	assert_int_equal(assignable.routes, 224);
	assignable.routes = 1025;
	iommu_budget(&budget, &world->part.unit, &assignable);
	assert_int_equal(budget.interrupts, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_device_has_a_table_of_its_own, set_up),
		cmocka_unit_test_setup(those_taken_for_one_share_a_table_and_no_entry, set_up),
		cmocka_unit_test_setup(all_have_room, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
