// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which way a function is reset, by what its capabilities say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/pci_reset.h"
#include "pci_space.h"

static struct pci_reset_plan plan_of(struct pci_space *space)
{
	struct pci_capabilities capabilities;

	assert_true(pci_capabilities_read(&capabilities, &space->reader));
	return pci_reset_plan(&capabilities, &space->reader);
}

static void a_function_that_can_resets_itself(void **state)
{
	struct pci_space space;
	struct pci_reset_plan plan;

	(void)state;
	space_fill_nic(&space);
	space_set(&space, NIC_EXPRESS + 4, 4, 1u << 28);
	plan = plan_of(&space);
	assert_int_equal(plan.way, PCI_RESET_BY_EXPRESS);
	assert_int_equal(plan.offset, NIC_EXPRESS + 8);
	/* Everything else in that register stays as it is. */
	assert_int_equal(plan.value, 0x2810 | 0x8000);
}

static void conventional_functions_have_a_capability_for_it(void **state)
{
	struct pci_space space;
	struct pci_reset_plan plan;

	(void)state;
	space_fill_nic(&space);
	space_set(&space, NIC_MAKERS, 1, 0x13);
	space_set(&space, NIC_MAKERS + 3, 1, 0x03);
	plan = plan_of(&space);
	assert_int_equal(plan.way, PCI_RESET_BY_FEATURES);
	assert_int_equal(plan.offset, NIC_MAKERS + 4);
	assert_int_equal(plan.value, 1);
	space_set(&space, NIC_MAKERS + 3, 1, 0x01);
	assert_int_equal(plan_of(&space).way, PCI_RESET_BY_NOTHING);
}

/* The card's registers survive D3hot, so that is no reset; another one's do not. */
static void power_resets_what_forgets(void **state)
{
	struct pci_space space;
	struct pci_reset_plan plan;

	(void)state;
	space_fill_nic(&space);
	assert_int_equal(plan_of(&space).way, PCI_RESET_BY_NOTHING);
	space_set(&space, NIC_POWER + 4, 2, 0xa103);
	plan = plan_of(&space);
	assert_int_equal(plan.way, PCI_RESET_BY_POWER);
	assert_int_equal(plan.offset, NIC_POWER + 4);
	/* In D0, and an event that is pending is not cleared. */
	assert_int_equal(plan.value, 0x2100);
}

/* What a function says of itself may lead out of its space. */
static void what_is_cut_off_is_no_way(void **state)
{
	struct pci_space space;

	(void)state;
	space_fill_nic(&space);
	space_set(&space, NIC_MAKERS + 1, 1, 0xf8);
	space_set(&space, 0xf8, 1, PCI_CAP_PCIE);
	/* The one that is whole is another capability now. */
	space_set(&space, NIC_EXPRESS, 1, 0x09);
	space_set(&space, 0xfc, 4, 1u << 28);
	assert_int_equal(plan_of(&space).way, PCI_RESET_BY_NOTHING);
	space_set(&space, 0xf8, 1, PCI_CAP_AF);
	space_set(&space, 0xf8 + 3, 1, 0x03);
	assert_int_equal(plan_of(&space).way, PCI_RESET_BY_FEATURES);
}

/* A reset of the bus comes before that by power, behind those of the function alone. */
static void a_bus_is_reset_for_one_alone(void **state)
{
	struct pci_space space;
	struct pci_reset_plan plan;

	(void)state;
	space_fill_nic(&space);
	plan = plan_of(&space);
	assert_int_equal(pci_reset_way(&plan, false), PCI_RESET_BY_NOTHING);
	assert_int_equal(pci_reset_way(&plan, true), PCI_RESET_BY_BUS);
	space_set(&space, NIC_POWER + 4, 2, 0);
	plan = plan_of(&space);
	assert_int_equal(pci_reset_way(&plan, false), PCI_RESET_BY_POWER);
	assert_int_equal(pci_reset_way(&plan, true), PCI_RESET_BY_BUS);
	space_set(&space, NIC_EXPRESS + 4, 4, 1u << 28);
	plan = plan_of(&space);
	assert_int_equal(pci_reset_way(&plan, true), PCI_RESET_BY_EXPRESS);
}

static bool is_early(struct pci_space *space)
{
	struct pci_capabilities capabilities;

	assert_true(pci_capabilities_read(&capabilities, &space->reader));
	return pci_reset_is_early(&capabilities, &space->reader);
}

/* Device Status, bit 5, at 0xa of its capability; of conventional PCI bit 0 at 5. */
static void what_is_pending_is_waited_for(void **state)
{
	struct pci_space space;

	(void)state;
	space_fill_nic(&space);
	space_set(&space, NIC_EXPRESS + 0xa, 2, 0xffdf);
	assert_false(is_early(&space));
	space_set(&space, NIC_EXPRESS + 0xa, 2, 0x0020);
	assert_true(is_early(&space));
	space_set(&space, NIC_EXPRESS, 1, 0x09);
	assert_false(is_early(&space));
	space_set(&space, NIC_MAKERS, 1, 0x13);
	space_set(&space, NIC_MAKERS + 5, 1, 0xfe);
	assert_false(is_early(&space));
	space_set(&space, NIC_MAKERS + 5, 1, 0x01);
	assert_true(is_early(&space));
}

/* Nobody answers, or a root port does for a function that is not ready. */
static void a_function_is_ready_by_its_own_words(void **state)
{
	struct pci_space space;

	(void)state;
	space_fill_nic(&space);
	assert_true(pci_reset_is_over(space_get(&space, PCI_ID, 4)));
	assert_false(pci_reset_is_over(0xffffffff));
	assert_false(pci_reset_is_over(0xffff0001));
	assert_false(pci_reset_is_over(0x00000001));
	assert_true(pci_reset_is_over(0x00018086));
}

static void what_nothing_resets_is_refused(void **state)
{
	struct bh_refusal refusal = { .text = "" };
	struct bh_device device = space_nic;
	enum pci_reset_way way;

	(void)state;
	assert_false(pci_reset_check(&device, PCI_RESET_BY_NOTHING, &refusal));
	assert_non_null(strstr(refusal.text, "device nic: nothing resets it"));
	assert_non_null(strstr(refusal.text, "without_reset = true"));
	device.flags = BH_DEVICE_WITHOUT_RESET;
	assert_true(pci_reset_check(&device, PCI_RESET_BY_NOTHING, &refusal));
	device.flags = 0;
	for (way = PCI_RESET_BY_EXPRESS; way < PCI_RESET_WAYS; way++) {
		assert_true(pci_reset_check(&device, way, &refusal));
		assert_string_not_equal(pci_reset_text(way), "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_that_can_resets_itself),
		cmocka_unit_test(conventional_functions_have_a_capability_for_it),
		cmocka_unit_test(power_resets_what_forgets),
		cmocka_unit_test(what_is_cut_off_is_no_way),
		cmocka_unit_test(a_bus_is_reset_for_one_alone),
		cmocka_unit_test(what_is_pending_is_waited_for),
		cmocka_unit_test(a_function_is_ready_by_its_own_words),
		cmocka_unit_test(what_nothing_resets_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
