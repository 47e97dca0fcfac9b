/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of few functions: which bridge each is behind, and as whom an IOMMU sees it.
 *
 *   bus 0: 00.0 host bridge, 1c.0 root port to bus 1, 1d.0 root port to buses 2 to 4,
 *          1e.0 bridge of conventional PCI to bus 5, 1f.0 root port to buses 6 and 7
 *   bus 1: 00.0 a card, alone
 *   bus 2: 00.0 bridge from PCI Express to PCI, to buses 3 and 4
 *   bus 3: 01.0 and 02.0 cards, 03.0 bridge of conventional PCI to bus 4
 *   bus 4: 00.0 and 00.1, a card of two functions
 *   bus 5: 04.0 a card
 *   bus 6: 00.0 bridge that says nothing of PCI Express, to bus 7
 *   bus 7: 01.0 and 01.1 cards, by a header that knows of one only
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/pci_path.h"

#define AT(bus, device, function) BH_PCI_ADDRESS(0, bus, device, function)

static const struct function {
	uint32_t at;
	uint32_t buses;   /* 0: no bridge */
	uint32_t express; /* type of port; 0: not of PCI Express */
	bool has_many, is_pcix;
} functions[] = {
	{ .at = AT(0, 0, 0) },
	{ .at = AT(0, 0x1c, 0), .buses = 0x010100, .express = 4 },
	{ .at = AT(0, 0x1d, 0), .buses = 0x040200, .express = 4 },
	{ .at = AT(0, 0x1e, 0), .buses = 0x050500 },
	{ .at = AT(1, 0, 0) },
	{ .at = AT(2, 0, 0), .buses = 0x040302, .express = 7 },
	{ .at = AT(3, 1, 0) },
	{ .at = AT(3, 2, 0), .is_pcix = true },
	{ .at = AT(3, 3, 0), .buses = 0x040403 },
	{ .at = AT(4, 0, 0), .has_many = true },
	{ .at = AT(4, 0, 1) },
	{ .at = AT(5, 4, 0) },
	{ .at = AT(0, 0x1f, 0), .buses = 0x070600, .express = 4 },
	{ .at = AT(6, 0, 0), .buses = 0x070706 },
	{ .at = AT(7, 1, 0) },
	{ .at = AT(7, 1, 1) },
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
		return functions[i].express || functions[i].is_pcix ? 0x00100000 : 0;
	case 0x0c:
		return (functions[i].buses ? 0x10000 : 0) | (functions[i].has_many ? 0x800000 : 0);
	case 0x18:
		return functions[i].buses;
	case 0x34:
		return 0x40;
	case 0x40:
		return functions[i].express ? functions[i].express << 20 | 0x20010 : 0x07;
	default:
		return 0;
	}
}

static const struct pci_machine machine = { .read = read };

static void bridges_are_found(void **state)
{
	uint32_t bridge;

	(void)state;
	assert_false(pci_bridge_above(&machine, AT(0, 0, 0), &bridge));
	assert_true(pci_bridge_above(&machine, AT(1, 0, 0), &bridge));
	assert_int_equal(bridge, AT(0, 0x1c, 0));
	assert_true(pci_bridge_above(&machine, AT(4, 0, 1), &bridge));
	assert_int_equal(bridge, AT(3, 3, 0));
	/* A root bus of its own. */
	assert_false(pci_bridge_above(&machine, AT(9, 0, 0), &bridge));
}

static void who_is_alone(void **state)
{
	(void)state;
	assert_true(pci_is_alone(&machine, AT(1, 0, 0)));
	assert_true(pci_is_alone(&machine, AT(5, 4, 0)));
	assert_false(pci_is_alone(&machine, AT(3, 1, 0)));
	assert_false(pci_is_alone(&machine, AT(3, 3, 0)));
	assert_false(pci_is_alone(&machine, AT(4, 0, 0)));
	assert_false(pci_is_alone(&machine, AT(4, 0, 1)));
}

static uint32_t seen_as(uint32_t function)
{
	struct pci_requester requester;

	pci_requester(&requester, &machine, function);
	assert_int_equal(requester.is_shared,
			 BH_PCI_BUS(function) > 2 && BH_PCI_BUS(function) != 6);
	assert_int_equal(requester.is_unsure, function == AT(3, 2, 0));
	return requester.source;
}

static void bridges_to_pci_speak_for_others(void **state)
{
	(void)state;
	assert_int_equal(seen_as(AT(0, 0x1c, 0)), AT(0, 0x1c, 0));
	assert_int_equal(seen_as(AT(1, 0, 0)), AT(1, 0, 0));
	assert_int_equal(seen_as(AT(2, 0, 0)), AT(2, 0, 0));
	/* From PCI Express: function 0 of the secondary bus; the topmost bridge counts. */
	assert_int_equal(seen_as(AT(3, 1, 0)), AT(3, 0, 0));
	assert_int_equal(seen_as(AT(3, 2, 0)), AT(3, 0, 0));
	assert_int_equal(seen_as(AT(4, 0, 1)), AT(3, 0, 0));
	/* Conventional: the bridge itself. */
	assert_int_equal(seen_as(AT(5, 4, 0)), AT(0, 0x1e, 0));
	/* But on a link of PCI Express it does as those that say they are from there. */
	assert_int_equal(seen_as(AT(6, 0, 0)), AT(6, 0, 0));
	assert_int_equal(seen_as(AT(7, 1, 0)), AT(7, 0, 0));
}

static void who_is_there(void **state)
{
	(void)state;
	assert_true(pci_is_there(&machine, AT(4, 0, 0), false));
	assert_true(pci_is_there(&machine, AT(4, 0, 1), false));
	assert_false(pci_is_there(&machine, AT(4, 0, 2), false));
	assert_true(pci_is_there(&machine, AT(7, 1, 0), false));
	assert_false(pci_is_there(&machine, AT(7, 1, 1), false));
	assert_false(pci_is_there(&machine, AT(8, 1, 0), false));
	assert_true(pci_is_there(&machine, AT(7, 1, 1), true));
	assert_false(pci_is_there(&machine, AT(7, 1, 2), true));
}

static void all_behind_a_bridge_are_found(void **state)
{
	static const uint32_t behind[] = {
		AT(3, 1, 0), AT(3, 2, 0), AT(4, 0, 0), AT(4, 0, 1),
	};
	struct pci_requester requester;
	uint32_t function = PCI_FIRST;
	size_t i;

	(void)state;
	pci_requester(&requester, &machine, AT(3, 1, 0));
	assert_int_equal(requester.bridge, AT(2, 0, 0));
	for (i = 0; i < BH_ARRAY_SIZE(behind); i++) {
		assert_true(pci_next_behind(&machine, &requester, &function));
		assert_int_equal(function, behind[i]);
	}
	assert_false(pci_next_behind(&machine, &requester, &function));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bridges_are_found),
		cmocka_unit_test(who_is_alone),
		cmocka_unit_test(who_is_there),
		cmocka_unit_test(bridges_to_pci_speak_for_others),
		cmocka_unit_test(all_behind_a_bridge_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
