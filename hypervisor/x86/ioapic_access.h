/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of an IOAPIC as they are. The select register is one for all: the caller sees to it
 * that accesses to one IOAPIC do not run at the same time.
 */
#ifndef X86_IOAPIC_ACCESS_H
#define X86_IOAPIC_ACCESS_H

#include "model/address.h"

uint32_t ioapic_access_read(hpa_t page, uint32_t index);
void ioapic_access_write(hpa_t page, uint32_t index, uint32_t value);

/* Both halves of a pin's entry. */
uint64_t ioapic_access_entry(hpa_t page, uint32_t pin);

/* Ends level-triggered interrupts of that vector, where the IOAPIC has a register for it. */
void ioapic_access_eoi(hpa_t page, uint32_t vector);

#endif
