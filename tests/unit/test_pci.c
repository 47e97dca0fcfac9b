/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to a register, lists of capabilities, and a device against what the board file says of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/pci_parts.h"
#include "model/pci_policy.h"
#include "model/trapped.h"
#include "pci_space.h"

static void ports_lead_to_registers(void **state)
{
	struct pci_register reg;

	(void)state;
	assert_true(pci_register_by_port(&reg, 0x80001804, 0xcfc, 4));
	assert_int_equal(reg.function, 0x18);
	assert_int_equal(reg.offset, 4);
	assert_true(pci_register_by_port(&reg, 0x80ff07fd, 0xcff, 1));
	assert_int_equal(reg.function, 0xff07);
	assert_int_equal(reg.offset, 0xff);
	assert_true(pci_register_by_port(&reg, 0x80000000, 0xcfe, 2));
	assert_int_equal(reg.offset, 2);
	assert_true(pci_register_by_port(&reg, 0x80000000, 0xcfd, 2));
	assert_int_equal(reg.offset, 1);
	assert_false(pci_register_by_port(&reg, 0x00001804, 0xcfc, 4));
	assert_false(pci_register_by_port(&reg, 0x80001804, 0xcfd, 4));
	assert_false(pci_register_by_port(&reg, 0x80001804, 0xcff, 2));
	assert_false(pci_register_by_port(&reg, 0x80001804, 0xcf8, 4));
	assert_false(pci_register_by_port(&reg, 0x80001804, 0xcfc, 8));
}

static void memory_leads_to_registers(void **state)
{
	const struct bh_mmconfig mmconfig = { 0xb0000000, 1, 3 };
	const struct bh_mmconfig none = { 0 };
	struct pci_register reg;

	(void)state;
	assert_int_equal(pci_mmconfig_range(&mmconfig).start, 0xb0100000);
	assert_int_equal(pci_mmconfig_range(&mmconfig).size, 0x300000);
	assert_int_equal(pci_mmconfig_range(&none).size, 0);
	assert_true(pci_register_by_memory(&reg, &mmconfig, 0xb0119104, 4));
	assert_int_equal(reg.function, 0x119);
	assert_int_equal(reg.offset, 0x104);
	assert_true(pci_register_by_memory(&reg, &mmconfig, 0xb03fffff, 1));
	assert_int_equal(reg.function, 0x3ff);
	assert_int_equal(reg.offset, 0xfff);
	assert_false(pci_register_by_memory(&reg, &mmconfig, 0xb00fffff, 1));
	assert_false(pci_register_by_memory(&reg, &mmconfig, 0xb0400000, 1));
	assert_false(pci_register_by_memory(&reg, &mmconfig, 0xb0119102, 4));
	assert_false(pci_register_by_memory(&reg, &mmconfig, 0xb0119100, 8));
	assert_false(pci_register_by_memory(&reg, &none, 0, 4));
}

static void lists_are_followed(void **state)
{
	static const struct pci_capability due[] = {
		{ 0x01, NIC_POWER, 8, false },     { 0x05, NIC_MSI, 0x10, false },
		{ 0x10, NIC_EXPRESS, 0x20, false }, { 0x11, NIC_MSIX, 0x28, false },
		{ 0x09, NIC_MAKERS, 0x20, false }, { 0x01, NIC_ERRORS, 0x40, true },
		{ 0x03, NIC_SERIAL, 0xec0, true },
	};
	struct pci_capabilities found;
	struct pci_space space;
	size_t i;

	(void)state;
	space_fill_nic(&space);
	assert_true(pci_capabilities_read(&found, &space.reader));
	assert_int_equal(found.count, BH_ARRAY_SIZE(due));
	for (i = 0; i < BH_ARRAY_SIZE(due); i++) {
		assert_int_equal(found.list[i].id, due[i].id);
		assert_int_equal(found.list[i].offset, due[i].offset);
		assert_int_equal(found.list[i].size, due[i].size);
		assert_int_equal(found.list[i].is_extended, due[i].is_extended);
	}
	assert_int_equal(pci_capability_find(&found, true, 1)->offset, NIC_ERRORS);
	assert_null(pci_capability_find(&found, false, 3));
	space.reader.size = PCI_CONFIG_SIZE;
	assert_true(pci_capabilities_read(&found, &space.reader));
	assert_int_equal(found.count, 5);
}

static void lists_without_end_end(void **state)
{
	static const struct {
		uint32_t offset, width, value, count;
	} cases[] = {
		{ NIC_MAKERS + 1, 1, NIC_POWER, 7 },     /* back to the first */
		{ NIC_MAKERS + 1, 1, NIC_MAKERS, 7 },    /* to itself */
		{ NIC_MAKERS + 1, 1, 0x3c, 7 },          /* into the header */
		{ 0x34, 1, 0x10, 0 },                    /* the same, at once: not of Express */
		{ NIC_SERIAL, 4, 0x10010003, 7 },        /* back to the first of the others */
		{ NIC_SERIAL, 4, 0x04010003, 7 },        /* into the other list's space */
		{ NIC_MSI, 4, UINT32_MAX, 1 },           /* what is not there reads as ones */
	};
	struct pci_capabilities found;
	struct pci_space space;
	uint32_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(cases); i++) {
		space_fill_nic(&space);
		space_set(&space, cases[i].offset, cases[i].width, cases[i].value);
		assert_false(pci_capabilities_read(&found, &space.reader));
		assert_int_equal(found.count, cases[i].count);
	}
	/* More than there is room for. */
	space_fill_nic(&space);
	for (i = 0; i < 64; i++)
		space_set(&space, 0x100 + 0x20 * i, 4, (0x120 + 0x20 * i) << 20 | 3);
	assert_false(pci_capabilities_read(&found, &space.reader));
	assert_int_equal(found.count, PCI_CAPABILITIES_MOST);
	/* No list at all, and nothing behind the first 256 bytes. */
	space_fill_nic(&space);
	space_set(&space, 0x06, 2, 0);
	space_set(&space, 0x100, 4, UINT32_MAX);
	assert_true(pci_capabilities_read(&found, &space.reader));
	assert_int_equal(found.count, 0);
}

static uint32_t space_of(const struct pci_space *space)
{
	struct pci_capabilities found;

	pci_capabilities_read(&found, &space->reader);
	return found.space;
}

/* PCI Express has 4 KiB, PCI-X in mode 2 alone, what bridges show again and again is 256 bytes. */
static void spaces_have_their_size(void **state)
{
	struct pci_capabilities found;
	struct pci_space space;
	uint32_t offset;

	(void)state;
	space_fill_nic(&space);
	assert_int_equal(space_of(&space), 0x1000);
	for (offset = 0x100; offset < 0x1000; offset += 0x100) {
		assert_int_equal(space_of(&space), 0x1000);
		memcpy(&space.bytes[offset], space.bytes, 0x100);
	}
	assert_true(pci_capabilities_read(&found, &space.reader));
	assert_int_equal(found.space, 0x100);
	assert_int_equal(found.count, 5);
	space_fill_nic(&space);
	space_set(&space, NIC_EXPRESS, 1, 0x09);
	assert_int_equal(space_of(&space), 0x100);
	space_set(&space, NIC_EXPRESS, 1, 0x07);
	assert_int_equal(space_of(&space), 0x100);
	space_set(&space, NIC_EXPRESS + 4, 4, 0x40000000);
	assert_int_equal(space_of(&space), 0x1000);
	space.reader.size = PCI_CONFIG_SIZE;
	assert_int_equal(space_of(&space), 0x100);
}

static void devices_are_held_against_the_board(void **state)
{
	static const struct {
		uint32_t offset, width, value;
		const char *words;
	} cases[] = {
		{ 0x00, 4, UINT32_MAX, "nothing answers at its address" },
		{ 0x00, 2, 0x8087, "is 8087:10d3, the board file says 8086:10d3" },
		{ 0x0e, 1, 0x81, "is a bridge" },
		{ 0x10, 4, 0xfeba0000, "has BAR 0 at 0xfeba0000, the board file says 0xfeb80000" },
		{ 0x10, 4, 0x0000c041, "has BAR 0 at 0xc040" },
		{ 0x14, 4, 0xfeb30000, "has BAR 1 at 0xfeb30000, which the board file leaves out" },
		{ 0x20, 4, 4, "has BAR 3 at 0x480000000, the board file says 0x380000000" },
		{ 0x18, 4, 0x0000c081, "has BAR 2 at 0xc080" },
		{ NIC_MSIX, 1, 0x12, "has no MSI-X, the board file says it has" },
		{ NIC_MSIX + 2, 1, 5, "msix = { bar = 3; offset = 0x1000; entries = 6; }" },
		{ NIC_MSIX + 4, 4, 0x2003, "at 0x2000 of BAR 3" },
		{ NIC_MSIX + 4, 4, 0x1000, "at 0x1000 of BAR 0" },
		{ 0x34, 1, 0x10, "list of capabilities has no end" },
	};
	struct bh_refusal refusal;
	struct pci_space space;
	size_t i;

	(void)state;
	space_fill_nic(&space);
	assert_true(pci_device_check(&space_nic, &space.reader, &refusal));
	space_set(&space, 0x0e, 1, 0x80); /* one of several functions */
	assert_true(pci_device_check(&space_nic, &space.reader, &refusal));
	for (i = 0; i < BH_ARRAY_SIZE(cases); i++) {
		space_fill_nic(&space);
		space_set(&space, cases[i].offset, cases[i].width, cases[i].value);
		assert_false(pci_device_check(&space_nic, &space.reader, &refusal));
		if (!strstr(refusal.text, cases[i].words))
			fail_msg("%zu: %s", i, refusal.text);
	}
}

static void tables_are_found(void **state)
{
	static const struct bh_board board = { .device_count = 1 };
	const struct config_view view = { .board = &board, .devices = &space_nic };
	struct bh_region regions[DEVICE_REGIONS];
	struct msix_place place;
	uint32_t count;

	(void)state;
	count = device_regions(&space_nic, regions);
	assert_int_equal(count, 4);
	assert_string_equal(regions[1].name, "nic.bar3");
	assert_int_equal(regions[1].size, 0x1000);
	assert_string_equal(regions[2].name, "nic.bar3.table");
	assert_int_equal(regions[2].phys, 0x380001000);
	assert_int_equal(regions[2].flags, BH_REGION_BAR | BH_REGION_MSIX);
	assert_string_equal(regions[3].name, "nic.bar3.rest");
	assert_int_equal(regions[3].size, 0x2000);
	assert_ptr_equal(trapped_find(regions, count, 0x380001010, 4), &regions[2]);
	assert_null(trapped_find(regions, count, 0x380001ffe, 4));
	assert_null(trapped_find(regions, count, 0x380000ffc, 4));
	assert_true(device_msix_place(&view, 0x380001010, 4, &place));
	assert_ptr_equal(place.device, &space_nic);
	assert_int_equal(place.offset, 0x10);
	assert_true(device_msix_place(&view, 0x38000104c, 4, &place));
	assert_false(device_msix_place(&view, 0x380001050, 4, &place)); /* five entries */
	assert_false(device_msix_place(&view, 0x380000ffc, 4, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_lead_to_registers),
		cmocka_unit_test(memory_leads_to_registers),
		cmocka_unit_test(lists_are_followed),
		cmocka_unit_test(lists_without_end_end),
		cmocka_unit_test(spaces_have_their_size),
		cmocka_unit_test(devices_are_held_against_the_board),
		cmocka_unit_test(tables_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
