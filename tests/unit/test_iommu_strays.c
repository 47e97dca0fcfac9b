/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requester ids that are nobody's, on a machine with devices that cells may have (*).
 *
 *   bus 0: 00.0 host bridge, 02.0* and 02.3, 04.0*, which answers as 04.1, too, 05.0,
 *          1b.0, 1c.0 and 1d.0 ports of PCI Express to bus 5, to bus 1 and to buses 2 to 4
 *   bus 1: 00.0*, 00.1 and 00.2*, which its unit sees as 00.4; 02.1 answers
 *   bus 2: 00.0 bridge to buses 3 and 4, which says nothing of PCI Express; 00.1 a card
 *   bus 3: 00.0* and 01.0* cards, 03.0 bridge to bus 4
 *   bus 4: 02.0* a card
 *   bus 5: 00.0* and 02.1, functions of one device if the port says so
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/iommu_strays.h"

#define AT(bus, device, function) BH_PCI_ADDRESS(0, bus, device, function)

static const struct function {
	uint32_t at;
	uint32_t buses;   /* 0: no bridge */
	uint32_t express; /* type of port; 0: not of PCI Express */
	uint32_t ari;     /* device control 2 */
	bool has_many;
	bool is_old;      /* of version 1: it is something else */
} functions[] = {
	{ .at = AT(0, 0, 0) },
	{ .at = AT(0, 2, 0), .has_many = true },
	{ .at = AT(0, 2, 3) },
	{ .at = AT(0, 4, 0) },
	{ .at = AT(0, 4, 1) },
	{ .at = AT(0, 5, 0) },
	{ .at = AT(0, 0x1b, 0), .buses = 0x050500, .express = 4, .ari = 0x20 },
	{ .at = AT(0, 0x1c, 0), .buses = 0x010100, .express = 4, .ari = 0x20, .is_old = true },
	{ .at = AT(0, 0x1d, 0), .buses = 0x040200, .express = 4 },
	{ .at = AT(1, 0, 0), .has_many = true },
	{ .at = AT(1, 0, 1) },
	{ .at = AT(1, 0, 2) },
	{ .at = AT(1, 2, 1) },
	{ .at = AT(2, 0, 0), .buses = 0x040302, .has_many = true },
	{ .at = AT(2, 0, 1) },
	{ .at = AT(3, 0, 0) },
	{ .at = AT(3, 1, 0) },
	{ .at = AT(3, 3, 0), .buses = 0x040403 },
	{ .at = AT(4, 2, 0) },
	{ .at = AT(5, 0, 0) },
	{ .at = AT(5, 2, 1) },
};

static uint32_t read(void *context, uint32_t at, uint32_t offset)
{
	size_t i;

	(void)context;
	for (i = 0; i < BH_ARRAY_SIZE(functions) && functions[i].at != at; i++)
		;
	if (i == BH_ARRAY_SIZE(functions))
		return UINT32_MAX;
	switch (offset) {
	case 0x00:
		return 0x12348086;
	case 0x04:
		return functions[i].express ? 0x00100000 : 0;
	case 0x0c:
		return (functions[i].buses ? 0x10000 : 0) | (functions[i].has_many ? 0x800000 : 0);
	case 0x18:
		return functions[i].buses;
	case 0x34:
		return 0x40;
	case 0x40:
		return functions[i].express << 20 | (functions[i].is_old ? 0x10010 : 0x20010);
	case 0x68:
		return functions[i].ari;
	default:
		return 0;
	}
}

static const struct pci_machine machine = { .read = read };

static const struct bh_device devices[] = {
	{ .address = AT(0, 2, 0) }, { .address = AT(0, 4, 0) },
	{ .address = AT(1, 0, 0) }, { .address = AT(1, 0, 2) },
	{ .address = AT(3, 0, 0) }, { .address = AT(3, 1, 0) }, { .address = AT(4, 2, 0) },
	{ .address = AT(5, 0, 0) },
};

/* As in a blob: the part on IOMMUs is the last one. */
struct world {
	struct bh_config_header header;
	struct bh_board board;
	struct {
		struct bh_iommus head;
		struct bh_iommu unit;
		struct bh_iommu_scope scopes[7];
		struct bh_iommu_window windows[3];
	} part;
	struct config_view view;
	struct iommu_strays strays;
};

static int set_up(void **state)
{
	static struct world world;

	memset(&world, 0, sizeof(world));
	world.header.size = offsetof(struct world, part) + sizeof(world.part);
	world.board.device_count = BH_ARRAY_SIZE(devices);
	world.board.iommu_size = sizeof(world.part);
	world.part.head = (struct bh_iommus){
		.iommu_count = 1, .scope_count = 7, .window_count = 3,
	};
	world.part.unit = (struct bh_iommu){
		.name = "dmar0", .kind = BH_IOMMU_VTD, .levels = 4, .flags = BH_IOMMU_ALL,
		.scope_count = 7,
	};
	world.part.scopes[0] = (struct bh_iommu_scope){
		BH_IOMMU_ALIAS, AT(1, 0, 2), AT(1, 0, 4), 0,
	};
	world.part.scopes[1] = (struct bh_iommu_scope){
		BH_IOMMU_ALIAS, AT(3, 1, 0), AT(3, 0, 0), 0,
	};
	world.part.scopes[2] = (struct bh_iommu_scope){
		BH_IOMMU_ALIAS, AT(4, 2, 0), AT(3, 0, 0), 0,
	};
	world.part.scopes[3] = (struct bh_iommu_scope){ BH_IOMMU_FUNCTION, AT(0, 2, 6), 0, 0 };
	world.part.scopes[4] = (struct bh_iommu_scope){ BH_IOMMU_IOAPIC, AT(0, 4, 7), 2, 0 };
	world.part.scopes[5] = (struct bh_iommu_scope){ BH_IOMMU_FUNCTION, AT(3, 1, 1), 0, 0 };
	world.part.scopes[6] = (struct bh_iommu_scope){ BH_IOMMU_HPET, AT(1, 30, 3), 0, 0 };
	world.part.windows[0] = (struct bh_iommu_window){ .address = AT(1, 29, 2) };
	world.part.windows[1] = (struct bh_iommu_window){ .address = AT(1, 28, 1),
							  .last = AT(1, 28, 3) };
	world.part.windows[2] = (struct bh_iommu_window){ .address = AT(1, 26, 0),
							  .last = AT(1, 27, 7) };
	world.view = (struct config_view){
		.header = &world.header, .board = &world.board, .devices = devices,
	};
	*state = &world;
	return 0;
}

/* Those of a slot, function 0 in bit 0. */
static unsigned int slot(struct world *world, uint32_t bus, uint32_t device)
{
	unsigned int bits = 0;
	uint32_t i;

	iommu_strays_find(&world->strays, &world->view, &machine);
	for (i = 0; i < 8; i++)
		bits |= (unsigned int)iommu_is_stray(&world->strays, AT(bus, device, i)) << i;
	return bits;
}

static void functions_that_are_not_there_are_nobodys(void **state)
{
	/* 02.3 is root's, and 02.6 something that firmware hides. */
	assert_int_equal(slot(*state, 0, 2), 0xb6);
	/* Of a device of one function what answers is nothing; 04.7 is an IOAPIC. */
	assert_int_equal(slot(*state, 0, 4), 0x7e);
	/* Beside devices that cells may not have all is root's. */
	assert_int_equal(slot(*state, 0, 5), 0);
	assert_int_equal(slot(*state, 0, 0x1c), 0);
}

/* On a link there is nobody else. */
static void below_a_port_so_is_the_whole_bus(void **state)
{
	assert_int_equal(slot(*state, 1, 1), 0xff);
	assert_int_equal(slot(*state, 1, 2), 0xff);
	assert_int_equal(slot(*state, 1, 30), 0xf7);
	assert_int_equal(slot(*state, 1, 31), 0xff);
}

static void what_firmware_has_memory_for_is_roots(void **state)
{
	assert_int_equal(slot(*state, 1, 29), 0xfb);
	assert_int_equal(slot(*state, 1, 28), 0xf1);
	/* But not all that a range leads by. */
	assert_int_equal(slot(*state, 1, 27), 0xff);
	assert_int_equal(slot(*state, 1, 26), 0xff);
}

/* Functions beyond the seventh are root's as others are, without one at the first place. */
static void with_ari_what_answers_is_there(void **state)
{
	assert_int_equal(slot(*state, 5, 0), 0xfe);
	assert_int_equal(slot(*state, 5, 1), 0xff);
	assert_int_equal(slot(*state, 5, 2), 0xfd);
}

/* What a device is seen as has an owner, what it is not has none. */
static void a_device_with_an_alias_is_that_alone(void **state)
{
	assert_int_equal(slot(*state, 1, 0), 0xec);
}

static void all_behind_a_bridge_is_nobodys_but_what_it_speaks_as(void **state)
{
	struct world *world = *state;
	uint32_t bus;

	/* The bridge itself, too; the function beside it is root's. */
	assert_int_equal(slot(world, 2, 0), 0x01);
	assert_int_equal(slot(world, 3, 0), 0xfe);
	assert_int_equal(slot(world, 3, 1), 0xff);
	assert_int_equal(slot(world, 3, 3), 0xff);
	assert_int_equal(slot(world, 3, 31), 0xff);
	assert_int_equal(slot(world, 4, 2), 0xff);
	assert_int_equal(slot(world, 6, 0), 0);
	for (bus = 0; bus < 256; bus++)
		assert_int_equal(iommu_bus_is_stray(&world->strays, bus), bus == 4);
}

struct of {
	uint32_t id, address;
	bool is_of;
};

static void check_of(struct world *world, const struct of *cases, size_t count)
{
	size_t i;

	iommu_strays_find(&world->strays, &world->view, &machine);
	for (i = 0; i < count; i++)
		assert_int_equal(iommu_is_stray_of(&world->strays, cases[i].id, cases[i].address),
				 cases[i].is_of);
}

/* For who answers for it, where all that is there is the board's. */
static void a_stray_is_of_those_around_it(void **state)
{
	static const struct of cases[] = {
		/* On a root bus of the slot, below a port of the bus. */
		{ AT(0, 2, 5), AT(0, 2, 0), true }, { AT(0, 2, 5), AT(0, 4, 0), false },
		{ AT(1, 9, 1), AT(1, 0, 0), true }, { AT(1, 9, 1), AT(1, 0, 2), true },
		{ AT(1, 9, 1), AT(5, 0, 0), false }, { AT(5, 1, 0), AT(5, 0, 0), true },
		/* Its own, if it is seen as another. */
		{ AT(1, 0, 2), AT(1, 0, 2), true },
		/* Who is seen so himself. */
		{ AT(0, 2, 3), AT(0, 2, 0), false }, { AT(1, 0, 0), AT(1, 0, 2), false },
	};
	struct world *world = *state;
	struct bh_device all[BH_ARRAY_SIZE(devices) + 3];

	memcpy(all, devices, sizeof(devices));
	memset(&all[BH_ARRAY_SIZE(devices)], 0, 3 * sizeof(all[0]));
	all[BH_ARRAY_SIZE(devices)].address = AT(0, 2, 3);
	all[BH_ARRAY_SIZE(devices) + 1].address = AT(1, 0, 1);
	all[BH_ARRAY_SIZE(devices) + 2].address = AT(5, 2, 1);
	world->view.devices = all;
	world->board.device_count = BH_ARRAY_SIZE(all);
	world->part.unit.scope_count = 3;
	world->part.head.window_count = 0;
	check_of(world, cases, BH_ARRAY_SIZE(cases));
	/* What firmware hides speaks for itself, and perhaps as nobody. */
	world->part.unit.scope_count = 4;
	check_of(world, (struct of[]){ { AT(0, 2, 5), AT(0, 2, 0), false } }, 1);
}

/* Root's functions, and virtual ones of theirs, may speak so as well. */
static void a_stray_beside_roots_is_nobodys(void **state)
{
	static const struct of cases[] = {
		{ AT(0, 2, 5), AT(0, 2, 0), false }, { AT(1, 9, 1), AT(1, 0, 0), false },
		{ AT(5, 1, 0), AT(5, 0, 0), false }, { AT(1, 0, 2), AT(1, 0, 2), false },
		{ AT(1, 0, 1), AT(1, 0, 0), false },
		/* Behind the bridge, and that: nothing there is root's. */
		{ AT(4, 7, 0), AT(3, 0, 0), true }, { AT(3, 1, 0), AT(4, 2, 0), true },
		{ AT(2, 0, 0), AT(3, 1, 0), true }, { AT(2, 0, 0), AT(1, 0, 0), false },
		{ AT(3, 0, 0), AT(4, 2, 0), false }, { AT(4, 7, 0), AT(4, 7, 0), false },
	};

	check_of(*state, cases, BH_ARRAY_SIZE(cases));
}

/* As many as were foretold. */
static void buses_of_both_kinds_have_tables(void **state)
{
	struct world *world = *state;
	struct iommu_assignable assignable;
	struct iommu_budget budget;

	iommus_assignable(&assignable, &world->view);
	iommu_budget(&budget, &world->part.unit, &assignable);
	iommu_strays_find(&world->strays, &world->view, &machine);
	assert_int_equal(world->strays.buses[0], 0x2f);
	/* 01:00.0 and 05:00.0 might be a bridge's. */
	assert_int_equal(budget.contexts, 1 + 5 + 2);
	/* A bridge that the board does not foresee: the device behind it is refused. */
	world->board.device_count = 2;
	world->view.devices = &devices[5];
	world->part.scopes[1].source = AT(9, 0, 0);
	world->part.scopes[2].source = AT(9, 0, 0);
	iommu_strays_find(&world->strays, &world->view, &machine);
	assert_int_equal(world->strays.buses[0], 1u << 3 | 1u << 4);
}

static void what_no_unit_covers_is_left_alone(void **state)
{
	struct world *world = *state;

	world->part.unit.flags = 0;
	assert_int_equal(slot(world, 0, 2), 0);
	world->board.iommu_size = 0;
	assert_int_equal(slot(world, 0, 2), 0);
	assert_int_equal(world->strays.buses[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(functions_that_are_not_there_are_nobodys, set_up),
		cmocka_unit_test_setup(below_a_port_so_is_the_whole_bus, set_up),
		cmocka_unit_test_setup(what_firmware_has_memory_for_is_roots, set_up),
		cmocka_unit_test_setup(with_ari_what_answers_is_there, set_up),
		cmocka_unit_test_setup(a_device_with_an_alias_is_that_alone, set_up),
		cmocka_unit_test_setup(all_behind_a_bridge_is_nobodys_but_what_it_speaks_as,
				       set_up),
		cmocka_unit_test_setup(a_stray_is_of_those_around_it, set_up),
		cmocka_unit_test_setup(a_stray_beside_roots_is_nobodys, set_up),
		cmocka_unit_test_setup(buses_of_both_kinds_have_tables, set_up),
		cmocka_unit_test_setup(what_no_unit_covers_is_left_alone, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
