/* SPDX-License-Identifier: GPL-2.0-only */
/* Pins of a PC's first IOAPIC that are wired to something of the machine's own (ICH9, 5.9.2). */
#ifndef TOOLS_PIN_OWNER_H
#define TOOLS_PIN_OWNER_H

#include <stddef.h>
#include <stdint.h>

#define PIN_OF_8259  0
#define PIN_OF_TIMER 2
/* Where ACPI's events are on nearly all machines; SCI_INT of the FADT says it (ACPI 6.4, 5.2.9). */
#define USUAL_ACPI_PIN 9

/* Whose it is, by its number (GSI); null if it may be a device's. */
static inline const char *pin_owner(uint64_t pin, uint64_t acpi_pin)
{
	if (pin == PIN_OF_8259)
		return "the output of the 8259";
	if (pin == PIN_OF_TIMER)
		return "Linux's timer (IRQ 0)";
	return pin == acpi_pin ? "ACPI's (SCI)" : NULL;
}

#endif
