/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices of cells on a board with IOMMUs: who has to have which others as well, and what has to be
 * accepted in the cell's file. Units: one that remaps interrupts, for bus 2 and for what is behind
 * a bridge to conventional PCI; one that does not, for bus 3; none for the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/config_checks.h"
#include "model/iommu_places.h"
#include "model/pci_parts.h"

struct world {
	struct bh_config_header header;
	struct bh_board board;
	struct {
		struct bh_iommus head;
		struct bh_iommu units[2];
		struct bh_iommu_scope scopes[5];
	} part;
	struct bh_device devices[5];
	struct bh_cell cell;
	struct bh_owned owned[5];
	struct config_view view;
	struct cell_view cell_view;
	char text[1024];
};

enum { ALONE, BEHIND, BESIDE, UNROUTED, UNCOVERED };

static int set_up(void **state)
{
	static const uint32_t addresses[] = { 0x0200, 0x0408, 0x0410, 0x0300, 0x0008 };
	static struct world world;
	size_t i;

	memset(&world, 0, sizeof(world));
	world.header.size = offsetof(struct world, part) + sizeof(world.part);
	world.board = (struct bh_board){
		.name = "pc", .physical_bits = 39, .device_count = 5,
		.iommu_size = sizeof(world.part), .flags = BH_BOARD_PCI,
	};
	world.part.head = (struct bh_iommus){ .iommu_count = 2, .scope_count = 5 };
	world.part.units[0] = (struct bh_iommu){
		.name = "dmar0", .registers = 0xfed90000, .kind = BH_IOMMU_VTD, .levels = 4,
		.flags = BH_IOMMU_REMAPS, .scope_count = 4,
	};
	world.part.units[1] = world.part.units[0];
	world.part.units[1].flags = 0;
	world.part.units[1].scope_count = 1;
	world.part.scopes[0] = (struct bh_iommu_scope){ BH_IOMMU_RANGE, 0x0200, 0x02ff, 0 };
	world.part.scopes[1] = (struct bh_iommu_scope){ BH_IOMMU_BRIDGE, 0x00e0, 0x0404, 0 };
	world.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, 0x0408, 0x0400, 0 };
	world.part.scopes[3] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, 0x0410, 0x0400, 0 };
	world.part.scopes[4] = (struct bh_iommu_scope){ BH_IOMMU_RANGE, 0x0300, 0x03ff, 0 };
	for (i = 0; i < BH_ARRAY_SIZE(addresses); i++) {
		snprintf(world.devices[i].name, BH_NAME_SIZE, "d%zu", i);
		world.devices[i].address = addresses[i];
		world.devices[i].pin = BH_NO_PIN;
	}
	world.view = (struct config_view){
		.header = &world.header, .board = &world.board, .devices = world.devices,
	};
	snprintf(world.cell.name, BH_NAME_SIZE, "rt0");
	world.cell_view = (struct cell_view){ .cell = &world.cell, .devices = world.owned };
	*state = &world;
	return 0;
}

static void give(struct world *world, unsigned int device)
{
	world->owned[world->cell.device_count++].address = world->devices[device].address;
}

static void keep(void *context, const struct config_finding *finding)
{
	struct world *world = context;
	size_t used = strlen(world->text);

	snprintf(world->text + used, sizeof(world->text) - used, "%s %s\n", finding->what,
		 finding->detail);
}

/* What the checks say of the cell as it is. */
static const char *said(struct world *world)
{
	struct config_checker checker = {
		.view = &world->view, .report = keep, .context = world,
		.cell = &world->cell_view,
	};

	world->text[0] = '\0';
	config_check_cell_pci(&checker);
	return world->text;
}

static void a_device_that_is_confined_needs_no_word(void **state)
{
	struct world *world = *state;

	world->part.units[0].kind = BH_IOMMU_AMDVI;
	give(world, ALONE);
	assert_int_equal(cell_dma_reach(&world->view, &world->cell_view), DMA_OWN_MEMORY);
	assert_string_equal(said(world), "");
	/* To say it all the same is no mistake. */
	world->cell.flags = BH_CELL_UNPROTECTED_DMA;
	assert_string_equal(said(world), "");
}

#define ACCEPTED "say unprotected_dma = true if that is accepted"

/* Remapped or not: a unit of VT-d lets messages pass that are not remappable. */
static void a_device_that_forges_interrupts_has_to_be_accepted(void **state)
{
	struct world *world = *state;

	give(world, ALONE);
	assert_int_equal(cell_dma_reach(&world->view, &world->cell_view), DMA_ANY_INTERRUPT);
	assert_non_null(strstr(said(world), "but not from forging interrupts"));
	assert_non_null(strstr(said(world), ACCEPTED));
	world->cell.flags = BH_CELL_UNPROTECTED_DMA;
	assert_string_equal(said(world), "");
	world->cell.flags = 0;
	world->owned[0].address = world->devices[UNROUTED].address;
	assert_non_null(strstr(said(world), "but not from forging interrupts"));
}

static void what_confines_is_told(void **state)
{
	struct world *world = *state;
	struct iommus iommus;

	iommus_view(&world->view, &iommus);
	assert_true(iommu_remaps(&iommus, 0x0200) && !iommu_remaps(&iommus, 0x0300));
	assert_true(iommu_confines_memory(&iommus, 0x0200));
	assert_true(iommu_confines_memory(&iommus, 0x0300));
	assert_false(iommu_confines(&iommus, 0x0200) || iommu_confines(&iommus, 0x0300));
	assert_false(iommus_linux_remaps(&iommus));
	/* What Linux remaps by lets nothing pass that is not remappable. */
	world->part.units[0].flags |= BH_IOMMU_LINUX_REMAPS;
	assert_true(iommus_linux_remaps(&iommus));
	assert_true(iommu_confines(&iommus, 0x0200) && !iommu_confines(&iommus, 0x0300));
	world->part.units[1].kind = BH_IOMMU_AMDVI;
	assert_true(iommu_confines(&iommus, 0x0300));
	assert_false(iommu_confines_memory(&iommus, 0x0008) || iommu_confines(&iommus, 0x0008));
}

static const char *said_of_units(struct world *world)
{
	struct config_checker checker = {
		.view = &world->view, .report = keep, .context = world,
	};

	world->text[0] = '\0';
	config_check_iommus(&checker);
	return world->text;
}

#define STAYS "is allowed by to send what no device of a cell may (pass = 0x"

/* Firmware relies on what it sends, by its own id or as whom the unit sees it. */
static void what_sends_for_firmware_is_no_cells(void **state)
{
	static const uint16_t passes[] = { 0x01, 0x02, 0x04, 0x10, 0x20, 0x40, 0x80, 0xd7, 0xf7 };
	struct world *world = *state;
	struct bh_iommu_scope *scope = &world->part.scopes[0];
	size_t i;

	world->part.units[0].kind = BH_IOMMU_AMDVI;
	world->part.units[1].kind = BH_IOMMU_AMDVI;
	world->part.units[0].last_bus = world->part.units[1].last_bus = 0xff;
	assert_null(strstr(said_of_units(world), STAYS));
	for (i = 0; i < BH_ARRAY_SIZE(passes); i++) {
		scope->pass = passes[i];
		assert_non_null(strstr(said_of_units(world), STAYS));
	}
	/* It sends nothing, and loses no range that a device of a cell could use. */
	scope->pass = BH_IOMMU_PASS_TRANSLATED;
	assert_null(strstr(said_of_units(world), STAYS));
	*scope = (struct bh_iommu_scope){ BH_IOMMU_IOAPIC, 0x0400, 2, 0xd7 };
	assert_non_null(strstr(said_of_units(world), STAYS "d7)"));
	scope->source = 0x0408;
	assert_non_null(strstr(said_of_units(world), STAYS "d7)"));
	scope->source = 0x04a0;
	assert_null(strstr(said_of_units(world), STAYS));
}

/* As functions and as IOAPICs, of one and of several: the bits of all come together. */
static void scopes_tell_what_passes(void **state)
{
	static const struct bh_iommu_scope scopes[] = {
		{ BH_IOMMU_FUNCTION, 0x00a0, 0, 0x01 }, { BH_IOMMU_IOAPIC, 0x00a0, 2, 0xc0 },
		{ BH_IOMMU_RANGE, 0x0100, 0x01ff, 0x30 }, { BH_IOMMU_HPET, 0x0180, 0, 0x04 },
		{ BH_IOMMU_BRIDGE, 0x0008, 0x0203, 0x02 },
	};

	(void)state;
	assert_int_equal(iommu_pass(scopes, 5, 0x00a0), 0xc1);
	assert_int_equal(iommu_pass(scopes, 1, 0x00a0), 0x01);
	assert_int_equal(iommu_pass(scopes, 5, 0x00a1), 0);
	assert_int_equal(iommu_pass(scopes, 5, 0x0100), 0x30);
	assert_int_equal(iommu_pass(scopes, 5, 0x0180), 0x34);
	assert_int_equal(iommu_pass(scopes, 5, 0x01ff), 0x30);
	assert_int_equal(iommu_pass(scopes, 5, 0x0008), 0x02);
	assert_int_equal(iommu_pass(scopes, 5, 0x03ff), 0x02);
	assert_int_equal(iommu_pass(scopes, 5, 0x0400), 0);
}

/* 1024 entries of Linux's, 640 of devices, 25 pins: seven pages, and a power of two of them. */
static void entries_of_linux_come_first(void **state)
{
	const struct iommu_assignable some = {
		.count = 20, .routes = 20 * IOMMU_ROUTES, .pins = 25,
	};
	struct world *world = *state;
	struct bh_iommu *unit = &world->part.units[0];
	struct iommu_budget budget;

	assert_int_equal(iommu_first_route(unit), 0);
	iommu_budget(&budget, unit, &some);
	assert_int_equal(budget.interrupts, 4);
	unit->flags |= BH_IOMMU_LINUX_REMAPS;
	iommu_budget(&budget, unit, &some);
	assert_int_equal(budget.interrupts, 8);
	assert_int_equal(iommu_first_route(unit), 1024);
	assert_int_equal(iommu_first_pin(unit, &some), 1664);
}

/* By its id; without that only where there is nothing to mistake it for. */
static void an_ioapic_is_seen_by_a_unit(void **state)
{
	struct world *world = *state;
	struct iommus iommus;
	uint32_t unit = 9;
	uint16_t source = 0;

	iommus_view(&world->view, &iommus);
	assert_false(iommu_of_ioapic(&iommus, 2, true, &unit, &source));
	world->part.scopes[4] = (struct bh_iommu_scope){ BH_IOMMU_IOAPIC, 0xf0f8, 2, 0 };
	assert_true(iommu_of_ioapic(&iommus, 2, false, &unit, &source));
	assert_int_equal(source, 0xf0f8);
	assert_int_equal(unit, 1);
	assert_false(iommu_of_ioapic(&iommus, 3, false, &unit, &source));
	assert_true(iommu_of_ioapic(&iommus, 3, true, &unit, &source));
	world->part.scopes[0] = (struct bh_iommu_scope){ BH_IOMMU_IOAPIC, 0x00f8, 5, 0 };
	assert_true(iommu_of_ioapic(&iommus, 5, false, &unit, &source));
	assert_int_equal(source, 0x00f8);
	assert_int_equal(unit, 0);
	assert_false(iommu_of_ioapic(&iommus, 3, true, &unit, &source));
}

static void pins_of_all_ioapics_have_places(void **state)
{
	const struct bh_ioapic ioapics[] = { { .pins = 24 }, { .pins = 120 }, { .pins = 8 } };
	struct world *world = *state;
	struct iommu_assignable assignable;

	world->view.ioapics = ioapics;
	world->board.ioapic_count = 3;
	assert_int_equal(iommu_pin(&world->view, 0, 23), 23);
	assert_int_equal(iommu_pin(&world->view, 1, 0), 24);
	assert_int_equal(iommu_pin(&world->view, 2, 7), 151);
	iommus_assignable(&assignable, &world->view);
	assert_int_equal(assignable.pins, 152);
}

static void a_device_that_nothing_covers_has_to_be_accepted(void **state)
{
	struct world *world = *state;

	world->part.units[0].kind = BH_IOMMU_AMDVI;
	world->part.units[1].kind = BH_IOMMU_AMDVI;
	give(world, ALONE);
	give(world, UNCOVERED);
	assert_int_equal(cell_dma_reach(&world->view, &world->cell_view), DMA_ANY_MEMORY);
	assert_non_null(strstr(said(world), "no IOMMU keeps the cell's devices in its memory"));
	assert_non_null(strstr(said(world), ACCEPTED));
	world->owned[1].address = world->devices[UNROUTED].address;
	assert_string_equal(said(world), "");
}

static void what_cannot_be_told_apart_goes_together(void **state)
{
	struct world *world = *state;

	world->cell.flags = BH_CELL_UNPROTECTED_DMA;
	give(world, BEHIND);
	assert_string_equal(said(world), "cannot be told from by their IOMMU; one cell has both, "
			    "so add that one\n");
	give(world, BESIDE);
	assert_string_equal(said(world), "");
}

static void what_root_keeps_is_not_shared(void **state)
{
	struct world *world = *state;

	world->cell.flags = BH_CELL_UNPROTECTED_DMA;
	give(world, BEHIND);
	world->devices[BESIDE].address = 0x0418;
	assert_string_equal(said(world), "cannot be told, by from 04:02.0, which no cell can "
			    "have: list that among the devices, or leave its alias out if "
			    "nothing is there\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_device_that_is_confined_needs_no_word, set_up),
		cmocka_unit_test_setup(a_device_that_forges_interrupts_has_to_be_accepted, set_up),
		cmocka_unit_test_setup(what_confines_is_told, set_up),
		cmocka_unit_test_setup(what_sends_for_firmware_is_no_cells, set_up),
		cmocka_unit_test(scopes_tell_what_passes),
		cmocka_unit_test_setup(entries_of_linux_come_first, set_up),
		cmocka_unit_test_setup(an_ioapic_is_seen_by_a_unit, set_up),
		cmocka_unit_test_setup(pins_of_all_ioapics_have_places, set_up),
		cmocka_unit_test_setup(a_device_that_nothing_covers_has_to_be_accepted, set_up),
		cmocka_unit_test_setup(what_cannot_be_told_apart_goes_together, set_up),
		cmocka_unit_test_setup(what_root_keeps_is_not_shared, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
