/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt commands of guests: who may be interrupted, and what INIT, SIPI and NMI do.
 */
#ifndef X86_ICR_H
#define X86_ICR_H

#include "core/cpu.h"
#include "model/apic_policy.h"

/* What is left to do for the caller, who knows which way the APIC is reached. */
enum icr_verdict {
	ICR_WRITE, /* give it to the APIC as it is */
	ICR_DONE,  /* nothing: it was served here, or has no effect */
	ICR_DENIED /* a fault: to a CPU that is not the cell's, or of a kind that nobody may send */
};

/*
 * Goes out as it is: fixed interrupts, and those of lowest priority. Root owns every CPU that runs
 * the hypervisor; others wait for a SIPI that never comes. Everything else is icr_filter()'s.
 */
static inline bool icr_passes(uint32_t low)
{
	return (low >> 8 & 7) <= ICR_LOWEST;
}

enum icr_verdict icr_filter(struct cpu *cpu, uint32_t low, uint32_t destination);

#endif
