/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index and data registers of an IOAPIC (82093AA, 3.1).
 */
#include "x86/ioapic_access.h"

#include "core/cpu.h"
#include "model/ioapic_policy.h"
#include "x86/device_memory.h"

#define VERSION_BITS     0xffu
#define VERSION_WITH_EOI 0x20u /* ICH9, 13.5.2: the first that has the register */

static hpa_t place(hpa_t page, uint32_t offset)
{
	return HPA(page.v + offset);
}

static void select_register(hpa_t page, uint32_t index)
{
	device_memory_write(cpu_this(), place(page, IOAPIC_SELECT), sizeof(index), index);
}

uint32_t ioapic_access_read(hpa_t page, uint32_t index)
{
	select_register(page, index);
	return (uint32_t)device_memory_read(cpu_this(), place(page, IOAPIC_WINDOW), sizeof(index));
}

void ioapic_access_write(hpa_t page, uint32_t index, uint32_t value)
{
	select_register(page, index);
	device_memory_write(cpu_this(), place(page, IOAPIC_WINDOW), sizeof(value), value);
}

uint64_t ioapic_access_entry(hpa_t page, uint32_t pin)
{
	uint32_t index = IOAPIC_ENTRIES + 2 * pin;
	uint64_t high = ioapic_access_read(page, index + 1);

	return high << 32 | ioapic_access_read(page, index);
}

void ioapic_access_eoi(hpa_t page, uint32_t vector)
{
	uint32_t version = ioapic_access_read(page, IOAPIC_VERSION) & VERSION_BITS;

	if (version >= VERSION_WITH_EOI)
		device_memory_write(cpu_this(), place(page, IOAPIC_EOI), sizeof(vector), vector);
}
