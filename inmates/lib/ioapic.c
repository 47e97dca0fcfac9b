/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O APIC of a PC, at the place where all have it; data sheet 82093AA, 3.0 (290566-001).
 */
#include <inmate/ioapic.h>

#define IOAPIC_SELECT   0xfec00000u
#define IOAPIC_WINDOW   0xfec00010u
#define REGISTER_VERSION 0x01u
#define REGISTER_ENTRY(pin) (0x10u + 2 * (pin)) /* low half; the high one follows */
#define ENTRY_MASKED    (1u << 16)
#define ENTRY_DESTINATION 24  /* in the high half */
#define ENTRY_KEPT      (0xffu | IOAPIC_LEVEL_LOW) /* that must read as it was written */
#define VERSION_LAST_PIN 16
#define NOTHING         0xffffffffu

static uint32_t ioapic_read(uint32_t reg)
{
	*(volatile uint32_t *)(uint64_t)IOAPIC_SELECT = reg;
	return *(volatile uint32_t *)(uint64_t)IOAPIC_WINDOW;
}

static void ioapic_write(uint32_t reg, uint32_t value)
{
	*(volatile uint32_t *)(uint64_t)IOAPIC_SELECT = reg;
	*(volatile uint32_t *)(uint64_t)IOAPIC_WINDOW = value;
}

unsigned int ioapic_pins(void)
{
	uint32_t version = ioapic_read(REGISTER_VERSION);

	return version == NOTHING ? 0 : (version >> VERSION_LAST_PIN & 0xff) + 1;
}

bool ioapic_route(unsigned int pin, uint8_t vector, uint32_t apic_id, enum ioapic_trigger trigger)
{
	uint32_t entry = vector | trigger;

	if (pin >= ioapic_pins())
		return false;
	/* Masked while the halves do not belong together. */
	ioapic_write(REGISTER_ENTRY(pin), ENTRY_MASKED);
	ioapic_write(REGISTER_ENTRY(pin) + 1, apic_id << ENTRY_DESTINATION);
	ioapic_write(REGISTER_ENTRY(pin), entry);
	return (ioapic_read(REGISTER_ENTRY(pin)) & (ENTRY_KEPT | ENTRY_MASKED)) == entry;
}

void ioapic_mask(unsigned int pin, bool masked)
{
	uint32_t entry = ioapic_read(REGISTER_ENTRY(pin)) & ~ENTRY_MASKED;

	ioapic_write(REGISTER_ENTRY(pin), entry | (masked ? ENTRY_MASKED : 0));
}

enum ioapic_trigger ioapic_trigger_of_pci(unsigned int pin)
{
	return pin < IOAPIC_PIN_PCI ? IOAPIC_LEVEL_HIGH : IOAPIC_LEVEL_LOW;
}
