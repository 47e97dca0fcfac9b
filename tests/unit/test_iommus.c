// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a configuration on IOMMUs: its form, what it may get wrong, which unit a device is
 * behind, when the processor's map is that of devices too, and the pages that all of it takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/config_checks.h"
#include "model/format_ept.h"
#include "model/format_npt.h"
#include "model/format_vtd.h"
#include "model/iommu_places.h"

#define MIB (1024 * 1024ULL)
#define GIB (1024 * MIB)
#define RWX (BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE)

/* One unit of graphics, one of all the rest of segment 0 with a bridge, one of segment 1. */
struct part {
	struct bh_iommus head;
	struct bh_iommu units[3];
	struct bh_iommu_scope scopes[5];
	struct bh_iommu_window windows[1];
};

/* As in a blob: the part on IOMMUs is the last one. */
struct world {
	struct bh_config_header header;
	struct bh_board board;
	struct bh_region regions[4];
	struct part part;
	struct config_view view;
};

static const struct part good_part = {
	.head = { .iommu_count = 3, .scope_count = 5, .window_count = 1 },
	.units = {
		{ .name = "dmar0", .registers = 0xfed90000, .kind = BH_IOMMU_VTD, .levels = 4,
		  .flags = BH_IOMMU_PAGES_2M, .scope_count = 1 },
		{ .name = "dmar1", .registers = 0xfed91000, .kind = BH_IOMMU_VTD, .levels = 4,
		  .flags = BH_IOMMU_PAGES_2M | BH_IOMMU_PAGES_1G | BH_IOMMU_ALL,
		  .scope_count = 3 },
		{ .name = "dmar2", .registers = 0xfed92000, .kind = BH_IOMMU_VTD, .levels = 4,
		  .flags = BH_IOMMU_PAGES_2M | BH_IOMMU_PAGES_1G, .segment = 1,
		  .scope_count = 1 },
	},
	.scopes = {
		{ BH_IOMMU_FUNCTION, 0x0010, 0, 0 },
		{ BH_IOMMU_BRIDGE, 0x00e0, 0x0305, 0 },
		{ BH_IOMMU_ALIAS, 0x0408, 0x0300, 0 },
		{ BH_IOMMU_IOAPIC, 0xf0f8, 2, 0 },
		{ BH_IOMMU_RANGE, 0x0100, 0x01ff, 0 },
	},
	.windows = { { .start = 0x7b000000, .size = 8 * MIB, .address = 0x10 } },
};

static const struct bh_region good_regions[4] = {
	{ .name = "main", .phys = 0x100000, .at = 0x100000, .size = 895 * MIB, .access = RWX },
	{ .name = "high", .phys = 0x7b000000, .at = 0x7b000000, .size = 64 * MIB, .access = RWX },
	{ .name = "lent", .phys = 0x60000000, .at = 0x60000000, .size = MIB, .access = RWX,
	  .flags = BH_REGION_LENT },
	{ .name = "pci", .phys = 0xc0000000, .at = 0xc0000000, .size = GIB - 0x20000000,
	  .access = BH_ACCESS_READ | BH_ACCESS_WRITE, .kind = BH_REGION_DEVICE },
};

static int set_up(void **state)
{
	static struct world world;

	world = (struct world){
		.header = { .size = offsetof(struct world, part) + sizeof(struct part) },
		.board = {
			.name = "pc", .hypervisor = { 0x38000000, 8 * MIB }, .physical_bits = 39,
			.iommu_size = sizeof(struct part),
			.root = { .name = "root", .region_count = 4 },
		},
		.part = good_part,
	};
	memcpy(world.regions, good_regions, sizeof(good_regions));
	world.view = (struct config_view){
		.header = &world.header, .board = &world.board, .regions = world.regions,
	};
	*state = &world;
	return 0;
}

static struct iommus open_part(struct world *world)
{
	struct bh_refusal refusal = { "" };
	struct iommus iommus;

	if (!iommus_open(&world->view, &refusal))
		fail_msg("%s", refusal.text);
	iommus_view(&world->view, &iommus);
	return iommus;
}

static void refuses(struct world *world, const char *words)
{
	struct bh_refusal refusal = { "" };

	assert_false(iommus_open(&world->view, &refusal));
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" instead of \"%s\"", refusal.text, words);
	world->part = good_part;
}

static void malformed_parts_are_refused(void **state)
{
	struct world *world = *state;

	world->board.iommu_size = 8; /* less than a head */
	refuses(world, "no proper head");
	world->board.iommu_size = sizeof(struct part) - 4; /* not where numbers of 64 bits may be */
	refuses(world, "no proper head");
	world->board.iommu_size = sizeof(struct part);
	world->part.head.iommu_count = 0;
	refuses(world, "no proper head");
	world->part.head.reserved = 1;
	refuses(world, "no proper head");
	world->part.head.iommu_count = 9;
	refuses(world, "9 IOMMUs are more than the 8");
	world->part.head.scope_count = 129;
	refuses(world, "129 scopes of IOMMUs are more than the 128");
	world->part.head.window_count = 33;
	refuses(world, "33 windows of firmware are more than the 32");
	world->part.head.scope_count = 4;
	refuses(world, "bytes, its parts");
	world->part.units[1].scope_count = 2;
	refuses(world, "the IOMMUs have 4 scopes, 5 are here");
	world->part.units[0].name[31] = 'x';
	refuses(world, "the name of IOMMU 0");
}

static void a_board_without_is_good(void **state)
{
	struct world *world = *state;
	struct iommus iommus;

	world->board.iommu_size = 0;
	iommus = open_part(world);
	assert_int_equal(iommus.count, 0);
	assert_int_equal(iommu_of(&iommus, 0x10), 0);
	assert_int_equal(iommus_pages(&world->view), 0);
}

/* The findings, one behind the other. */
struct findings {
	const struct config_view *view;
	char text[2048];
};

static void keep(void *context, const struct config_finding *finding)
{
	struct findings *findings = context;
	size_t used = strlen(findings->text);
	char place[100];

	config_place_name(findings->view, &finding->place, place, sizeof(place));
	snprintf(findings->text + used, sizeof(findings->text) - used, "%s: %s\n", place,
		 finding->what);
}

/* What is wrong with the part, which is good again afterwards. */
static struct findings judge(struct world *world)
{
	struct findings findings = { .view = &world->view };
	struct config_checker checker = {
		.view = &world->view, .report = keep, .context = &findings,
	};

	config_check_memory(&checker);
	config_check_iommus(&checker);
	world->part = good_part;
	memcpy(world->regions, good_regions, sizeof(good_regions));
	return findings;
}

static void finds(struct world *world, const char *words)
{
	struct findings findings = judge(world);

	if (words ? !strstr(findings.text, words) : findings.text[0])
		fail_msg("\"%s\" instead of \"%s\"", findings.text, words ? words : "");
}

static void senseless_parts_are_found(void **state)
{
	struct world *world = *state;
	struct part *part = &world->part;

	finds(world, NULL);
	part->units[0].name[0] = '\0';
	finds(world, "board.iommus[0]: the name is empty");
	part->units[1].kind = 3;
	finds(world, "board.iommus[1]: kind 3 is unknown");
	part->units[1].kind = BH_IOMMU_AMDVI;
	finds(world, "board.iommus[1]: is not that of");
	part->units[2].levels = 5;
	finds(world, "board.iommus[2]: tables of 5 levels are not built");
	part->units[2].levels = 3;
	finds(world, "board.iommus[2]: is not that of");
	part->units[2].flags = 0x400;
	finds(world, "board.iommus[2]: flags 0x400 are unknown");
	part->units[2].flags |= BH_IOMMU_TUNNEL;
	finds(world, "board.iommus[2]: how a unit sends (tunnel, pass_pw, res_pass_pw, isoc) is "
	      "AMD-Vi's");
	part->units[2].flags |= BH_IOMMU_REMAPS | BH_IOMMU_LINUX_REMAPS;
	finds(world, "board.iommus[2]: is not that of");
	part->units[0].flags |= BH_IOMMU_LINUX_REMAPS;
	finds(world, "board.iommus[0]: Linux remaps by it, so it does: say remaps = true");
	part->units[0].kind = BH_IOMMU_AMDVI;
	part->units[0].flags |= BH_IOMMU_REMAPS | BH_IOMMU_LINUX_REMAPS;
	finds(world, "are taken over of kind \"vt-d\" only");
	part->units[2].registers = 0xfed92800;
	finds(world, "that is no page of the machine");
	part->units[2].registers = 0xfed91000;
	finds(world, "board.iommus[2]: overlaps");
	part->units[2].registers = 0xc0000000;
	finds(world, "root.memory[3] \"pci\": overlaps");
	part->units[2].registers = 0x38000000;
	finds(world, "board.iommus[2]: overlaps");
	part->units[2].registers = BH_APIC_BASE;
	finds(world, "board.iommus[2]: overlaps");
	part->units[2].last_bus = 256;
	finds(world, "segment 1 and bus 256");
	part->scopes[1].kind = 8;
	finds(world, "scope 0 is of unknown kind 8");
	part->scopes[3].kind = BH_IOMMU_UNIT;
	finds(world, "scope 2 says that the unit is a PCI function: only those of AMD-Vi are");
	part->scopes[1].pass = 1;
	finds(world, "board.iommus[1]: scope 0 has pass = 0x1, which is AMD-Vi's");
	part->units[1].kind = BH_IOMMU_AMDVI;
	part->scopes[1].pass = 0x1d7;
	finds(world, "scope 0 has pass = 0x1d7, of which 0x100 is unknown");
	part->units[0].flags |= BH_IOMMU_ALL;
	finds(world, "board.iommus[1]: covers what others do not");
	part->windows[0].start = 0x7b000800;
	finds(world, "board.iommu_windows[0]: 0x7b000800 and size 0x800000 are no whole pages");
	part->windows[0].last = 0x8;
	finds(world, "board.iommu_windows[0]: the last of its devices is before the first");
	part->windows[0].start = 0x50000000;
	finds(world, "is in none of root's regions of kind \"ram\"");
	world->regions[1].flags = BH_REGION_LENT;
	finds(world, "is in none of root's regions of kind \"ram\"");
}

static void devices_are_behind_their_units(void **state)
{
	struct iommus iommus = open_part(*state);

	assert_int_equal(iommu_of(&iommus, 0x0010), 0);
	assert_int_equal(iommu_of(&iommus, 0x0018), 1);
	assert_int_equal(iommu_of(&iommus, 0x00e0), 1);
	assert_int_equal(iommu_of(&iommus, 0x0500), 1);
	assert_int_equal(iommu_of(&iommus, 0x10100), 2);
	assert_int_equal(iommu_of(&iommus, 0x101ff), 2);
	/* Nobody has it: what is not covered is told as such. */
	assert_int_equal(iommu_of(&iommus, 0x10200), 3);
	assert_int_equal(iommu_source(&iommus, 0x0408), 0x0300);
	assert_int_equal(iommu_source(&iommus, 0x0410), 0x0410);
	assert_int_equal(iommu_source(&iommus, 0x10200), 0x0200);
}

static void devices_reach_what_is_said(void **state)
{
	const struct bh_region device = { .size = 4096, .kind = BH_REGION_DEVICE,
					  .flags = BH_REGION_DMA };
	struct bh_region ram = { .phys = 0x5000, .at = 0x1000, .size = 4096, .access = RWX };
	struct pt_mapping mapping;

	(void)state;
	assert_false(iommu_map_at(&device, false, &mapping));
	assert_false(iommu_map_at(&ram, false, &mapping));
	assert_true(iommu_map_at(&ram, true, &mapping));
	ram.flags = BH_REGION_DMA;
	assert_true(iommu_map_at(&ram, false, &mapping));
	assert_int_equal(mapping.virt, 0x1000);
	assert_int_equal(mapping.phys.v, 0x5000);
	assert_int_equal(mapping.attributes, PT_READ | PT_WRITE);
	ram.access = BH_ACCESS_READ | BH_ACCESS_EXECUTE;
	assert_true(iommu_map_at(&ram, false, &mapping));
	assert_int_equal(mapping.attributes, PT_READ);
	/* Root's map does not change when cells come and go. */
	ram.flags = BH_REGION_SHARED;
	assert_false(iommu_map_at(&ram, true, &mapping));
	ram.flags = BH_REGION_LENT;
	assert_false(iommu_map_at(&ram, true, &mapping));
}

/* Rights equal, formats and page sizes agree, addresses in reach: then no page more is needed. */
static void an_ept_serves_where_all_is_equal(void **state)
{
	struct world *world = *state;
	struct iommus iommus = open_part(world);
	struct bh_region regions[] = {
		{ .size = 2 * MIB, .access = RWX, .flags = BH_REGION_DMA },
		{ .at = 0xfef00000, .size = 4096, .kind = BH_REGION_COMM },
		{ .at = 0xe0000000, .size = 0x20, .kind = BH_REGION_DEVICE },
	};
	unsigned int i;

	assert_int_equal(iommus_largest_leaf(&iommus), PT_2M);
	assert_ptr_equal(iommus_format(&iommus), &pt_format_vtd_4);
	assert_true(iommus_share_map(&iommus, &pt_format_ept, PT_2M, regions, 3));
	assert_false(iommus_share_map(&iommus, &pt_format_ept, PT_1G, regions, 3));
	assert_false(iommus_share_map(&iommus, &pt_format_npt, PT_2M, regions, 3));
	regions[0].flags = 0;
	assert_false(iommus_share_map(&iommus, &pt_format_ept, PT_2M, regions, 3));
	regions[0].flags = BH_REGION_DMA;
	/* Of three levels a unit has the table behind the first entry, which ends at 512 GiB. */
	regions[0].at = 512 * GIB;
	assert_true(iommus_share_map(&iommus, &pt_format_ept, PT_2M, regions, 3));
	for (i = 0; i < 3; i++)
		world->part.units[i].levels = 3;
	assert_false(iommus_share_map(&iommus, &pt_format_ept, PT_2M, regions, 3));
}

static void pages_are_counted(void **state)
{
	const struct iommu_assignable none = { .count = 0 };
	const struct iommu_assignable some = {
		.buses = { 0x21 }, .count = 20, .routes = 20 * IOMMU_ROUTES,
	};
	struct bh_iommu unit = good_part.units[0];
	struct world *world = *state;
	struct iommus iommus = open_part(world);
	struct iommu_budget budget;

	iommu_budget(&budget, &unit, &none);
	assert_int_equal(budget.total, 4); /* root table, contexts, queue, answers */
	iommu_budget(&budget, &unit, &some);
	assert_int_equal(budget.contexts, 3);
	assert_int_equal(budget.total, 6);
	/* One of the sources may be a bridge's, which is on a third bus. */
	iommu_budget(&budget, &unit, &(struct iommu_assignable){
		.buses = { 0x21 }, .count = 20, .bridges = 1,
	});
	assert_int_equal(budget.contexts, 4);
	/* 20 devices, 32 entries of 16 bytes each: three pages, and a power of two of them. */
	unit.flags |= BH_IOMMU_REMAPS;
	iommu_budget(&budget, &unit, &some);
	assert_int_equal(budget.interrupts, 4);
	unit.flags |= BH_IOMMU_SCALABLE;
	iommu_budget(&budget, &unit, &some);
	assert_int_equal(budget.contexts, 6);
	assert_int_equal(budget.directory, 2);
	assert_int_equal(budget.total, 15);
	unit = (struct bh_iommu){
		.kind = BH_IOMMU_AMDVI, .last_bus = 3, .flags = BH_IOMMU_REMAPS,
	};
	iommu_budget(&budget, &unit, &some);
	assert_int_equal(budget.devices, 8);
	assert_int_equal(budget.interrupts, 1);
	assert_int_equal(budget.total, 12);
	/* Levels 4 and 3, of level 2 one for each of two GiB, and level 1 for half of 2 MiB. */
	assert_int_equal(iommus_root_pages(&iommus, &world->view), 5);
	assert_int_equal(iommus_pages(&world->view), 5 + 3 * 4);
}

/* Two functions that unit 1 sees as a third, one of unit 0, one that no unit covers. */
static void board_with_devices(struct world *world, struct bh_device devices[4])
{
	const uint32_t addresses[4] = { 0x0408, 0x0300, 0x0010, 0x10200 };
	uint32_t i;

	memset(devices, 0, 4 * sizeof(devices[0]));
	for (i = 0; i < 4; i++)
		devices[i].address = addresses[i];
	world->board.device_count = 4;
	world->view.devices = devices;
}

static void devices_of_cells_have_places(void **state)
{
	struct world *world = *state;
	struct iommu_assignable assignable;
	struct bh_device devices[4];

	board_with_devices(world, devices);
	iommus_assignable(&assignable, &world->view);
	assert_int_equal(assignable.count, 3);
	assert_int_equal(assignable.routes, 3 * IOMMU_ROUTES);
	/* What the unit sees counts: bus 3 of both behind the bridge, not bus 4. */
	assert_int_equal(assignable.buses[0], 1u << 3 | 1u << 0);
	/* That is 03:00.0, as whom a bridge may speak. */
	assert_int_equal(assignable.bridges, 1);
	world->board.iommu_size = 0;
	iommus_assignable(&assignable, &world->view);
	assert_int_equal(assignable.count, 0);
}

static void devices_are_told_apart_or_not(void **state)
{
	struct world *world = *state;
	struct iommus iommus = open_part(world);

	assert_true(iommu_same_source(&iommus, 0x0408, 0x0300));
	assert_false(iommu_same_source(&iommus, 0x0408, 0x0410));
	assert_false(iommu_same_source(&iommus, 0x10200, 0x10200));
}

static void devices_that_cells_cannot_have_are_found(void **state)
{
	struct world *world = *state;
	struct bh_device devices[4];
	uint32_t i;

	board_with_devices(world, devices);
	for (i = 0; i < 4; i++)
		snprintf(devices[i].name, sizeof(devices[i].name), "d%u", i);
	finds(world, "board.pci.devices[2] \"d2\": has memory by");
	/* Of all from one to another: the last of them, and none behind. */
	world->part.windows[0].last = devices[0].address;
	finds(world, "board.pci.devices[0] \"d0\": has memory by");
	world->part.windows[0].last = devices[0].address - 1;
	assert_null(strstr(judge(world).text, "\"d0\": has memory by"));
	for (i = 0; i < 3; i++)
		world->part.units[i].kind = BH_IOMMU_AMDVI;
	world->part.units[1].last_bus = 2;
	finds(world, "board.pci.devices[0] \"d0\": is on a bus behind");
	world->part.scopes[3] = (struct bh_iommu_scope){ BH_IOMMU_UNIT, 0x0408, 0, 0 };
	finds(world, "board.pci.devices[0] \"d0\": is\n");
}

/* Pages for devices are taken by a cell that has some: here no EPT serves. */
static void a_cell_takes_pages_for_its_devices(void **state)
{
	struct world *world = *state;
	struct iommus iommus = open_part(world);
	const struct bh_region regions[] = {
		{ .phys = 0x40000000, .at = 0, .size = 4 * MIB, .access = RWX,
		  .flags = BH_REGION_DMA },
		{ .phys = 0x41000000, .at = 0x10000000, .size = 0x3000, .access = RWX },
	};
	struct bh_cell cell = { .region_count = 2 };
	const struct cell_view view = { .cell = &cell, .regions = regions };

	assert_int_equal(iommus_cell_pages(&iommus, &world->view, &view), 0);
	cell.device_count = 1;
	/* Levels 4, 3 and 2. */
	assert_int_equal(iommus_cell_pages(&iommus, &world->view, &view), 3);
	cell.region_count = 1;
	assert_int_equal(iommus_cell_pages(&iommus, &world->view, &view), 0);
	world->part.units[0].flags |= BH_IOMMU_SCALABLE;
	assert_int_equal(iommus_cell_pages(&iommus, &world->view, &view), 2);
	world->board.flags = BH_BOARD_SVM;
	assert_int_equal(iommus_cell_pages(&iommus, &world->view, &view), 3 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(malformed_parts_are_refused, set_up),
		cmocka_unit_test_setup(a_board_without_is_good, set_up),
		cmocka_unit_test_setup(senseless_parts_are_found, set_up),
		cmocka_unit_test_setup(devices_are_behind_their_units, set_up),
		cmocka_unit_test_setup(devices_reach_what_is_said, set_up),
		cmocka_unit_test_setup(an_ept_serves_where_all_is_equal, set_up),
		cmocka_unit_test_setup(pages_are_counted, set_up),
		cmocka_unit_test_setup(devices_of_cells_have_places, set_up),
		cmocka_unit_test_setup(devices_are_told_apart_or_not, set_up),
		cmocka_unit_test_setup(devices_that_cells_cannot_have_are_found, set_up),
		cmocka_unit_test_setup(a_cell_takes_pages_for_its_devices, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
