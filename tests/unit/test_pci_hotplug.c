// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which ports have a slot for hot plug, and what root reads and writes of it while it is held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/bits.h"
#include "model/pci_hotplug.h"
#include "pci_space.h"

#define EXPRESS 0x40 /* of space_fill_bridge() */
#define CONTROL (EXPRESS + 0x18)
#define STATUS  (EXPRESS + 0x1a)
#define HAS_SLOT 0x0100
#define HOT_PLUG 0x00000040

static void fill(struct pci_space *space, uint32_t type, uint32_t slot, uint32_t abilities)
{
	space_fill_bridge(space);
	space_set(space, EXPRESS + 2, 2, type << 4 | slot | 2);
	space_set(space, EXPRESS + 0x14, 4, abilities);
}

static uint32_t control_of(struct pci_space *space)
{
	struct pci_capabilities capabilities;

	assert_true(pci_capabilities_read(&capabilities, &space->reader));
	return pci_hotplug_control(&capabilities, &space->reader);
}

static void root_ports_and_ports_downwards_have_slots(void **state)
{
	struct pci_space space;
	uint32_t type;

	(void)state;
	for (type = 0; type < 16; type++) {
		bool can = type == PCI_EXPRESS_ROOT_PORT || type == PCI_EXPRESS_DOWNSTREAM;

		fill(&space, type, HAS_SLOT, HOT_PLUG);
		assert_int_equal(control_of(&space), can ? CONTROL : 0);
		/* Soldered on; a slot that is not for it. */
		fill(&space, type, 0, HOT_PLUG);
		assert_int_equal(control_of(&space), 0);
		fill(&space, type, HAS_SLOT, ~HOT_PLUG);
		assert_int_equal(control_of(&space), 0);
	}
}

static void others_have_none(void **state)
{
	struct pci_space space;

	(void)state;
	space_fill_nic(&space);
	assert_int_equal(control_of(&space), 0);
	/* Cut off before the slot's registers end. */
	fill(&space, PCI_EXPRESS_ROOT_PORT, HAS_SLOT, HOT_PLUG);
	space_set(&space, EXPRESS + 1, 1, CONTROL);
	assert_int_equal(control_of(&space), 0);
}

static struct pci_access access_at(uint32_t offset, uint32_t width)
{
	return (struct pci_access){ .offset = offset, .width = width };
}

/* By each width: what hardware has, and what root reads. */
static void assert_reads(const struct pci_hotplug *held, uint32_t hardware, uint32_t seen)
{
	uint32_t width, byte;

	for (width = 1; width <= 4; width *= 2)
		for (byte = 0; byte < 4; byte += width) {
			struct pci_access access = access_at(CONTROL + byte, width);
			uint32_t mask = (uint32_t)bytes_mask(width);

			assert_int_equal(pci_hotplug_read(held, &access,
							  hardware >> 8 * byte & mask),
					 seen >> 8 * byte & mask);
		}
}

static void root_reads_what_it_has_on_and_no_change(void **state)
{
	struct pci_hotplug held = { .control = CONTROL, .wanted = 0x1008 };

	(void)state;
	assert_reads(&held, 0x00000000, 0x00001008);
	assert_reads(&held, 0xffffefff, 0xfef7ffff);
	held.wanted = 0x1000;
	assert_reads(&held, 0x014803e0, 0x004013e0);
	held.wanted = 0;
	assert_reads(&held, 0x01480ff7, 0x00400ff7 & ~0x1008u);
}

static void it_writes_all_but_the_events(void **state)
{
	struct pci_hotplug held = { .control = CONTROL, .wanted = 0x1008 };
	struct pci_access access = access_at(CONTROL, 2);

	(void)state;
	assert_int_equal(pci_hotplug_write(&held, &access, 0x13e1), 0x03e1);
	assert_int_equal(held.wanted, 0x1000);
	assert_int_equal(pci_hotplug_write(&held, &access, 0x0008), 0);
	assert_int_equal(held.wanted, 0x0008);
	/* Bytes, which say nothing of each other. */
	access = access_at(CONTROL + 1, 1);
	assert_int_equal(pci_hotplug_write(&held, &access, 0xff), 0xef);
	assert_int_equal(held.wanted, 0x1008);
	access = access_at(CONTROL, 1);
	assert_int_equal(pci_hotplug_write(&held, &access, 0xf7), 0xf7);
	assert_int_equal(held.wanted, 0x1000);
	/* What happened it may clear. */
	access = access_at(CONTROL, 4);
	assert_int_equal(pci_hotplug_write(&held, &access, 0x011f03e8), 0x011f03e0);
	assert_int_equal(held.wanted, 0x0008);
	access = access_at(STATUS, 2);
	assert_int_equal(pci_hotplug_write(&held, &access, 0xffff), 0xffff);
	assert_int_equal(held.wanted, 0x0008);
}

static void other_registers_are_as_they_are(void **state)
{
	struct pci_hotplug held = { .control = CONTROL, .wanted = 0x1008 };
	uint32_t offset;

	(void)state;
	for (offset = 0; offset < PCI_EXTENDED_SIZE; offset += 4) {
		struct pci_access access = access_at(offset, 4);

		if (offset == CONTROL)
			continue;
		assert_int_equal(pci_hotplug_read(&held, &access, UINT32_MAX), UINT32_MAX);
		assert_int_equal(pci_hotplug_read(&held, &access, 0), 0);
		assert_int_equal(pci_hotplug_write(&held, &access, UINT32_MAX), UINT32_MAX);
		assert_int_equal(pci_hotplug_write(&held, &access, 0), 0);
	}
	assert_int_equal(held.wanted, 0x1008);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_ports_and_ports_downwards_have_slots),
		cmocka_unit_test(others_have_none),
		cmocka_unit_test(root_reads_what_it_has_on_and_no_change),
		cmocka_unit_test(it_writes_all_but_the_events),
		cmocka_unit_test(other_registers_are_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
