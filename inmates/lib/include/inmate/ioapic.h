/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O APIC: which vector of which CPU an interrupt line raises. In a cell only the pins that
 * are the cell's can be set. All of it is written before or apart from its interrupts: the register
 * is chosen by one access and used by another.
 */
#ifndef INMATE_IOAPIC_H
#define INMATE_IOAPIC_H

#include <stdbool.h>
#include <stdint.h>

/* A PC's pins: ISA interrupts have their old number, but for the interval timer's. */
#define IOAPIC_PIN_TIMER 2u
#define IOAPIC_PIN_COM2  3u
#define IOAPIC_PIN_COM1  4u
#define IOAPIC_PIN_RTC   8u
#define IOAPIC_PIN_PCI   16u /* the first of those that are PCI's alone */

/* How the line says that it wants something: by becoming high, or by being high or low. */
enum ioapic_trigger {
	IOAPIC_EDGE = 0,
	IOAPIC_LEVEL_HIGH = 1u << 15,
	IOAPIC_LEVEL_LOW = 1u << 15 | 1u << 13,
};

unsigned int ioapic_pins(void); /* 0: there is none */

/*
 * From now on the line raises this vector of the CPU with this APIC id (of eight bits). false: the
 * pin is not there, or is not ours.
 */
bool ioapic_route(unsigned int pin, uint8_t vector, uint32_t apic_id, enum ioapic_trigger trigger);

void ioapic_mask(unsigned int pin, bool masked);

/*
 * How PCI lines are triggered: low, as on a PC's pins from 16 on; on those below, the chipset has
 * turned them round.
 */
enum ioapic_trigger ioapic_trigger_of_pci(unsigned int pin);

#endif
