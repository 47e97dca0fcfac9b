/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes to the local APIC's page in xAPIC mode.
 */
#ifndef X86_GUEST_APIC_H
#define X86_GUEST_APIC_H

#include "core/cpu.h"

/* The guest writes at this offset of the page, by the instruction at RIP. */
void exit_apic_write(struct cpu *cpu, uint32_t offset);

#endif
