/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O APIC (data sheet 82093AA): every register index in every width, every offset of its page,
 * every entry with every delivery mode and destinations that are not ours. The entries that are not
 * ours must read as nothing, whatever was written.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define IOAPIC         0xfec00000ULL
#define SELECT         0x00u
#define WINDOW         0x10u
#define PAGE           0x1000u
#define INDICES        0x100u
#define ENTRY(pin)     (0x10u + 2 * (pin))
#define PINS           240u /* as many as indices could name */
#define VERSION        0x01u
#define MASKED         (1u << 16)
#define LEVEL          (1u << 15)
#define LOGICAL        (1u << 11)
#define MODES          8u
#define MODE_INIT      5u
#define MODE_SIPI      6u
#define IDS            16u
#define TEST_VECTOR    0x42u
#define DRAIN          1000000u

static const uint32_t patterns[] = { 0xffffffff, 0x00000000, 0xa5a5a5a5, 0x5a5a5a5a };
#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

static volatile uint32_t *ioapic(uint32_t offset)
{
	return (volatile uint32_t *)(IOAPIC + offset);
}

static uint32_t entry_read(uint32_t index)
{
	*ioapic(SELECT) = index;
	return *ioapic(WINDOW);
}

static void entry_write(uint32_t index, uint32_t value)
{
	*ioapic(SELECT) = index;
	*ioapic(WINDOW) = value;
	attack_tried();
}

static void entry_write_narrow(uint32_t index, uint32_t value)
{
	uint32_t byte;

	*(volatile uint8_t *)ioapic(SELECT) = (uint8_t)index;
	for (byte = 0; byte < 4; byte++)
		((volatile uint8_t *)ioapic(WINDOW))[byte] = (uint8_t)(value >> 8 * byte);
	*(volatile uint16_t *)ioapic(SELECT) = (uint16_t)index;
	*(volatile uint16_t *)ioapic(WINDOW) = (uint16_t)value;
	*((volatile uint16_t *)ioapic(WINDOW) + 1) = (uint16_t)(value >> 16);
	attack_tried();
}

static uint64_t digest(void)
{
	uint64_t sum = 0xcbf29ce484222325;
	uint32_t index;

	for (index = 0; index < INDICES; index++)
		sum = (sum ^ entry_read(index)) * 0x100000001b3ULL;
	return sum;
}

static void try_indices(void)
{
	uint32_t index, i;

	for (index = 0; index < INDICES; index++) {
		for (i = 0; i < PATTERNS; i++) {
			entry_write(index, patterns[i]);
			entry_write_narrow(index, patterns[i]);
		}
	}
	/* Beyond what the selector holds. */
	entry_write(INDICES + ENTRY(0), 0);
	entry_write(0xffffff00u | ENTRY(0), 0);
}

static void try_page(void)
{
	uint32_t offset, i;

	for (i = 0; i < PATTERNS; i++)
		for (offset = 4; offset < PAGE; offset += 4) {
			(void)*ioapic(offset);
			*ioapic(offset) = patterns[i];
			attack_tried();
		}
}

static void try_entry(uint32_t pin, uint32_t id, uint32_t mode)
{
	/* Its own INIT would end it, and is its own affair. */
	if ((mode == MODE_INIT || mode == MODE_SIPI) && id == *window_apic(0x20) >> 24)
		return;
	entry_write(ENTRY(pin) + 1, id << 24);
	entry_write(ENTRY(pin), TEST_VECTOR | mode << 8);
	entry_write(ENTRY(pin), TEST_VECTOR | mode << 8 | LEVEL);
	if (mode < MODE_INIT)
		entry_write(ENTRY(pin), TEST_VECTOR | mode << 8 | LOGICAL);
	entry_write(ENTRY(pin), MASKED);
}

static void mask_all(void)
{
	uint32_t pin;

	for (pin = 0; pin < PINS / 2; pin++)
		entry_write(ENTRY(pin), MASKED);
}

void attack_ioapic(void)
{
	uint64_t before = digest(), interrupts = trap_interrupts, nmis = trap_nmis;
	uint32_t pins = (entry_read(VERSION) >> 16 & 0xff) + 1, pin, id, mode;
	volatile unsigned int i;

	*window_apic(0xf0) = 0x1ff;
	try_indices();
	mask_all();
	try_page();
	mask_all();
	for (pin = 0; pin < pins && pin < PINS / 2; pin++)
		for (mode = 0; mode < MODES; mode++)
			for (id = 0; id < IDS; id++)
				try_entry(pin, id, mode);
	mask_all();
	interrupts_on();
	for (i = 0; i < DRAIN; i++)
		continue;
	interrupts_off();
	say("ioapic: version 0x%x, digest 0x%x before, 0x%x behind\n", entry_read(VERSION), before,
	    digest());
	say("ioapic: brought us %u interrupts, %u NMIs\n", trap_interrupts - interrupts,
	    trap_nmis - nmis);
}
