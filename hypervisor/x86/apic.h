/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC of the CPU that runs: its mode, and the interrupts that the hypervisor itself
 * sends. The mode is the guest's choice and may change between two calls.
 */
#ifndef X86_APIC_H
#define X86_APIC_H

#include <bulkhead/types.h>

#include "model/layout.h"

struct cpu;

static inline void apic_write(uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(HV_APIC + offset) = value;
}

/* A register of x2APIC mode, by its offset in xAPIC mode (SDM vol. 3A, table 10-6). */
static inline uint32_t apic_msr(uint32_t offset)
{
	return 0x800 + offset / 16;
}

static inline uint32_t apic_read(uint32_t offset)
{
	return *(volatile uint32_t *)(HV_APIC + offset);
}

bool apic_is_x2apic(void);

/* APIC id of this CPU as the hardware has it. */
uint32_t apic_id(void);

/* Takes over what the guest has set up so far, into cpu->apic. */
void apic_look(struct cpu *cpu);

/* LDR or DFR as the guest sees them, where they are not the processor's own. */
void apic_set_logical(struct cpu *cpu, uint32_t offset, uint32_t value);

/* Makes another CPU look at its events, by an NMI. The events are posted before. */
void apic_kick(struct cpu *target);

/* How many NMIs arrived here since the last time, but for one that was a kick; they are over. */
uint32_t apic_nmis_but_kicks(struct cpu *cpu);

/* A fixed interrupt, wherever its cell was sent it from. */
void apic_send_fixed(const struct cpu *target, uint8_t vector);

/* Is an interrupt of that vector, below 32, being served? */
bool apic_is_in_service(unsigned int vector);

/* For an interrupt that a VM exit has acknowledged. */
void apic_end_interrupt(void);

/* The local APIC of the calling CPU as INIT leaves it: all is masked, its mode is as it was. */
void apic_init(struct cpu *cpu);

/*
 * The same as after reset: in xAPIC mode, nothing requested. Where the APIC stays in x2APIC mode,
 * since it does not follow the manual or firmware has locked it, cpu->apic_page says so.
 */
void apic_reset(struct cpu *cpu);

/* A real INIT, for a CPU that is not in VMX operation any more. */
void apic_send_init(struct cpu *target);

#endif
