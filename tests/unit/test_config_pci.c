/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a board and a cell may get wrong about devices, IOAPICs and interrupts: each is found, in
 * these words, and is a rule as the fuzz targets know them; and what is no mistake is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cell_blob.h"
#include "pci_blob.h"
#include "pci_rules.h"

#define BOARD(member, number, expected) SET_IN(struct pci_board, member, number, expected)
#define CELL(member, number, expected)  SET_IN(struct pci_cell, member, number, expected)

static struct pci_set set;
static struct pci_views views;

static void good_set_is_taken(void **state)
{
	const struct cell_view *others[] = { &views.other };
	struct bh_refusal refusal;
	struct config_view board;
	struct cell_view cell;

	(void)state;
	pci_set_fill(&set);
	pci_views_make(&views, &set);
	if (!config_open(&board, &set.board, sizeof(set.board), &refusal))
		fail_msg("%s", refusal.text);
	assert_ptr_equal(board.ioapics, set.board.ioapics);
	assert_ptr_equal(board.devices, set.board.devices);
	assert_ptr_equal(board.regions, set.board.regions);
	assert_null(blob_broken_rule(&board));
	if (!cell_view_open(&cell, &set.cell, sizeof(set.cell), &refusal) ||
	    !cell_admit(&board, &cell, others, 1, &refusal))
		fail_msg("%s", refusal.text);
	assert_ptr_equal(cell.devices, set.cell.devices);
	assert_ptr_equal(cell.irqs, set.cell.irqs);
	assert_null(cell_broken_rule(&board, &cell, others, 1));
	if (!cell_view_open(&cell, &set.other, sizeof(set.other), &refusal) ||
	    !cell_admit(&board, &cell, NULL, 0, &refusal))
		fail_msg("%s", refusal.text);
}

struct lines {
	size_t used;
	char text[16384];
};

static void add_line(void *context, const struct config_finding *finding)
{
	struct lines *lines = context;
	char place[96], other[96] = "";

	config_place_name(&views.board, &finding->place, place, sizeof(place));
	if (finding->other.part != CONFIG_NOTHING)
		config_place_name(&views.board, &finding->other, other, sizeof(other));
	lines->used += (size_t)snprintf(lines->text + lines->used,
					sizeof(lines->text) - lines->used, "%s: %s %s %s\n", place,
					finding->what, other, finding->detail);
	assert_true(lines->used < sizeof(lines->text));
}

static void boards_found(const struct mutation *mutations, size_t count)
{
	struct lines lines;
	size_t i;

	for (i = 0; i < count; i++) {
		pci_set_fill(&set);
		pci_views_make(&views, &set);
		blob_mutate(&set.board, &mutations[i]);
		lines.used = 0;
		lines.text[0] = '\0';
		config_check(&views.board, add_line, &lines);
		if (!strstr(lines.text, mutations[i].words))
			fail_msg("%s: not found: \"%s\", but:\n%s", mutations[i].what,
				 mutations[i].words, lines.text);
		if (!blob_broken_rule(&views.board))
			fail_msg("%s is no rule as they are written down", mutations[i].what);
	}
}

static const struct mutation bad_boards[] = {
	BOARD(board.flags, 0, "board.pci.mmconfig: the board has no PCI"),
	BOARD(board.flags, 0, "board.pci: there is none for devices"),
	BOARD(board.mmconfig.at, 0, "board.pci.mmconfig.buses: there is none, but it has"),
	BOARD(board.mmconfig.at, 0xb0001000, "0xb0001000 is no multiple of 1M"),
	BOARD(board.mmconfig.last_bus, 256, "buses are 0 to 255"),
	BOARD(board.mmconfig.first_bus, 256, "buses are 0 to 255"),
	BOARD(board.mmconfig.at, 0xbff00000,
	      "root.memory[1] \"pci\": overlaps board.pci.mmconfig at 0xc0000000; leave"),
	BOARD(board.mmconfig.at, 0xfffff00000, "run past the last address"),
	BOARD(board.mmconfig.first_bus, 1,
	      "board.pci.devices[0] \"nic\": has a bus that is not in "
	      "board.pci.mmconfig.buses (0x0)"),
	BOARD(ioapics[0].at, 0xfec00010, "0xfec00010 is no multiple of 4K"),
	BOARD(ioapics[0].at, 0xfec01000,
	      "board.ioapics[1] \"second\": overlaps board.ioapics[0]"),
	BOARD(ioapics[0].at, 0xfeb00000,
	      "overlaps board.ioapics[0] \"ioapic\" at 0xfeb00000"),
	BOARD(ioapics[0].pins, 0, "0 pins: an IOAPIC has 1 to 120"),
	BOARD(ioapics[1].pins, 121, "121 pins"),
	BOARD(ioapics[0].pins, 25, "has interrupts that belong to board.ioapics[0]"),
	BOARD(ioapics[0].pins, 11, "devices[0] \"nic\": 11 is an interrupt of none"),
	BOARD(ioapics[0].name[0], 0, "the name is empty"),
	BOARD(devices[0].name[0], 0, "the name is empty"),
	BOARD(devices[0].name[1], '/', "character 2"),
	BOARD(devices[1].group[0], '*', "character 1"),
	BOARD(devices[0].address, 0x10018, "devices of domain 0 alone"),
	BOARD(devices[2].address, 0x18,
	      "board.pci.devices[2] \"aux\": has the address of "
	      "board.pci.devices[0] \"nic\""),
	BOARD(devices[0].vendor_id, 0xffff, "no maker has the number 0xffff"),
	BOARD(devices[0].vendor_id, 0, "no maker has the number 0x0000"),
	BOARD(devices[0].flags, 2, "devices[0] \"nic\": flags 0x2 are unknown"),
	BOARD(devices[0].pin, 32, "32 is an interrupt of none of board.ioapics"),
	BOARD(devices[0].bars[0].size, 0x18000, "size 0x18000 is no power of two"),
	BOARD(devices[0].bars[0].size, 8, "size 0x8 is no power of two from 16 on"),
	BOARD(devices[0].bars[0].at, 0xfebd0000, "0xfebd0000 is no multiple of its size"),
	BOARD(devices[0].bars[0].at, 0, "BAR 0: 0x0 is no multiple"),
	BOARD(devices[0].bars[0].at, 0xffffffe0000, "run past the last address"),
	BOARD(devices[0].bars[0].at, 0xfc0000000, "takes the register of BAR 1, too"),
	BOARD(devices[0].bars[0].at, 0xfebe0000, "root has no region \"nic.bar0\" to lend"),
	BOARD(devices[0].bars[0].kind, 3, "BAR 0: kind 3 is unknown"),
	BOARD(devices[0].bars[0].kind, 0, "BAR 0: there is none, but it has a place"),
	BOARD(devices[0].bars[1].size, 2, "BAR 1: 2 ports are no power of two"),
	BOARD(devices[0].bars[1].size, 512, "BAR 1: 512 ports are no power of two"),
	BOARD(devices[0].bars[1].at, 0xc050, "port 0xc050 is no multiple of its size 64"),
	BOARD(devices[0].bars[1].at, 0x10000, "port 0x10000"),
	BOARD(devices[0].bars[1].at, 0xc080, "root has no ports 0xc080-0xc0bf to lend"),
	BOARD(devices[1].msix_bar, 6, "BAR 6 is no memory of the device"),
	BOARD(devices[1].msix_bar, 1, "BAR 1 is no memory of the device"),
	BOARD(devices[1].msix_entries, 0, "there is none, but it has a place"),
	BOARD(devices[1].msix_entries, 2049, "2049 entries: a table has at most 2048"),
	BOARD(devices[1].msix_entries, 1024, "do not fit BAR 3"),
	BOARD(devices[1].msix_offset, 0x3fb8, "do not fit BAR 3"),
	BOARD(devices[1].msix_offset, 0x1004, "do not fit BAR 3"),
	BOARD(devices[1].msix_offset, 0x2000,
	      "root has no region \"net.bar3.table\" to lend"),
	BOARD(regions[2].flags, BH_REGION_LENT, "root has no region \"nic.bar0\" to lend"),
	BOARD(regions[2].flags, BH_REGION_BAR, "root has no region \"nic.bar0\" to lend"),
	BOARD(regions[5].flags, BH_REGION_LENT | BH_REGION_BAR,
	      "\"net.bar3.table\" to lend"),
	BOARD(regions[2].access, 7, "root has no region \"nic.bar0\" to lend"),
	BOARD(regions[2].size, 0x10000, "root has no region \"nic.bar0\" to lend"),
	BOARD(regions[1].flags, BH_REGION_BAR | BH_REGION_LENT,
	      "devices that the board has not"),
	BOARD(regions[1].size, 0x3eb81000,
	      "board.pci.devices: \"net.bar0\": overlaps "
	      "root.memory[1] \"pci\" at 0xfeb80000"),
	BOARD(ports[0].flags, BH_PORTS_BAR, "ports of devices that the board has not"),
	BOARD(ports[1].flags, 0, "root has no ports 0xc040-0xc07f to lend"),
};

static void bad_boards_found(void **state)
{
	(void)state;
	boards_found(bad_boards, BH_ARRAY_SIZE(bad_boards));
}

/* Two changes: another function in the page of the small one. */
static void a_page_is_one_devices(void **state)
{
	struct lines lines = { 0 };

	(void)state;
	pci_set_fill(&set);
	pci_views_make(&views, &set);
	set.board.devices[PCI_NIC].bars[2] = (struct bh_bar){ 0xfeba4800, 0x100, 1, 0 };
	config_check(&views.board, add_line, &lines);
	assert_non_null(strstr(lines.text, "board.pci.devices[2] \"aux\": shares a page of memory "
					   "with board.pci.devices[0] \"nic\""));
	assert_non_null(blob_broken_rule(&views.board));
	memcpy(set.board.devices[PCI_NIC].group, "slot", 5);
	lines.used = 0;
	lines.text[0] = '\0';
	config_check(&views.board, add_line, &lines);
	assert_null(strstr(lines.text, "shares a page"));
}

static void cells_found(const struct mutation *mutations, size_t count)
{
	const struct cell_view *others[] = { &views.other };
	struct lines lines;
	size_t i;

	for (i = 0; i < count; i++) {
		pci_set_fill(&set);
		pci_views_make(&views, &set);
		blob_mutate(&set.cell, &mutations[i]);
		lines.used = 0;
		lines.text[0] = '\0';
		config_check_cell(&views.board, &views.cell, others, 1, add_line, &lines);
		if (!strstr(lines.text, mutations[i].words))
			fail_msg("%s: not found: \"%s\", but:\n%s", mutations[i].what,
				 mutations[i].words, lines.text);
		if (!cell_broken_rule(&views.board, &views.cell, others, 1))
			fail_msg("%s is no rule as they are written down", mutations[i].what);
	}
}

static void bad_cells_found(void **state)
{
	static const struct mutation mutations[] = {
		CELL(cell.flags, 0, "cell.unprotected_dma: no IOMMU keeps the cell's devices"),
		CELL(cell.device_count, 0, "cell.unprotected_dma: the cell has no device"),
		CELL(cell.device_count, 0, "cell.pci: has regions or ports of devices"),
		CELL(devices[0].address, 0x19, "cell.pci[0]: 0000:00:03.1 is none of board.pci"),
		CELL(devices[1].address, 0x18,
		      "cell.pci[1]: is the same device as cell rt0: cell.pci[0]"),
		CELL(cell.device_count, 2,
		      "cell.pci[1]: is of one group with board.pci.devices[2]"),
		CELL(devices[0].address, 0x121, "cell.irqs[1]: is the interrupt of board.pci"),
		CELL(regions[1].flags, 0,
		     "cell.memory[1] \"nic.bar0\": is memory of a device: board.pci.devices: "
		     "\"nic.bar0\" ; leave it out, and have the device itself in cell.pci"),
		CELL(regions[1].flags, 0, "cell.pci[0]: the cell lacks its region \"nic.bar0\""),
		CELL(regions[4].flags, BH_REGION_BAR, "lacks its region \"net.bar3.table\""),
		CELL(regions[1].at, 0xfebe0000, "lacks its region \"nic.bar0\""),
		CELL(regions[1].access, 1, "lacks its region \"nic.bar0\""),
		CELL(regions[1].name[0], 'm', "lacks its region \"nic.bar0\""),
		CELL(regions[0].flags, BH_REGION_BAR, "devices that the cell has not"),
		CELL(regions[1].flags, BH_REGION_BAR | BH_REGION_DMA, "nor for DMA"),
		CELL(ports[0].flags, 0, "cell.pci[0]: the cell lacks its ports 0xc040-0xc07f"),
		CELL(ports[0].flags, 0, "overlaps root.ports[1] at 0xc040"),
		CELL(ports[0].last, 0xc06f, "the cell lacks its ports 0xc040-0xc07f"),
		CELL(irqs[0].gsi, 32, "cell.irqs[0]: 32 is an interrupt of none of board.ioapics"),
		CELL(irqs[0].gsi, 11,
		      "cell.irqs[1]: is the same interrupt as cell rt0: cell.irqs[0]"),
		CELL(irqs[0].gsi, 27,
		      "cell.irqs[0]: is the same interrupt as cell net: cell.irqs[0]"),
		CELL(irqs[1].gsi, 9, "cell.pci[0]: the cell lacks its interrupt 11"),
		CELL(regions[0].at, 0xb0000000,
		      "overlaps board.pci.mmconfig at 0xb0000000 of the cell"),
		CELL(regions[0].at, 0xfec00000,
		      "overlaps board.ioapics[0] \"ioapic\" at 0xfec00000"),
		CELL(regions[0].at, 0xfea01000, "overlaps board.ioapics[0] \"ioapic\""),
		CELL(regions[1].phys, 0xfec00000,
		      "overlaps board.ioapics[0] \"ioapic\" at 0xfec00000; leave that out"),
		CELL(regions[1].phys, 0xb0100000,
		      "overlaps board.pci.mmconfig at 0xb0100000; leave that out"),
	};

	(void)state;
	pci_set_fill(&set);
	cells_found(mutations, BH_ARRAY_SIZE(mutations));
}

static void bad_forms_refused(void **state)
{
	static const struct mutation boards[] = {
		BOARD(board.ioapic_count, 17, "17 IOAPICs"),
		BOARD(board.ioapic_count, 1, "parts have"),
		BOARD(board.device_count, 65, "65 devices"),
		BOARD(board.device_count, 2, "parts have"),
		BOARD(board.root.device_count, 1, "root has settings"),
		BOARD(board.root.irq_count, 1, "root has settings"),
		BOARD(ioapics[1].name[31], 'x', "unused bytes of the name of IOAPIC 1"),
		BOARD(devices[2].name[31], 'x', "unused bytes of the name of device 2"),
		BOARD(devices[0].group[31], 'x',
		      "unused bytes of the name of the group of device 0"),
		BOARD(devices[1].bars[5].reserved, 1, "reserved bytes of device 1"),
	};
	static const struct mutation cells[] = {
		CELL(cell.device_count, 65, "65 devices"),
		CELL(cell.irq_count, 65, "65 interrupts"),
		CELL(cell.irq_count, 2, "parts have"),
		CELL(devices[2].reserved, 1, "reserved bytes of device 2"),
		CELL(irqs[2].reserved, 1u << 31, "reserved bytes of interrupt 2"),
	};
	struct bh_refusal refusal;
	struct config_view board;
	struct cell_view cell;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(boards); i++) {
		pci_set_fill(&set);
		blob_mutate(&set.board, &boards[i]);
		blob_seal(&set.board.header);
		assert_false(config_open(&board, &set.board, sizeof(set.board), &refusal));
		if (!strstr(refusal.text, boards[i].words))
			fail_msg("%s: %s", boards[i].what, refusal.text);
	}
	for (i = 0; i < BH_ARRAY_SIZE(cells); i++) {
		pci_set_fill(&set);
		blob_mutate(&set.cell, &cells[i]);
		blob_seal(&set.cell.header);
		assert_false(cell_view_open(&cell, &set.cell, sizeof(set.cell), &refusal));
		if (!strstr(refusal.text, cells[i].words))
			fail_msg("%s: %s", cells[i].what, refusal.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_set_is_taken),
		cmocka_unit_test(bad_boards_found),
		cmocka_unit_test(a_page_is_one_devices),
		cmocka_unit_test(bad_cells_found),
		cmocka_unit_test(bad_forms_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
