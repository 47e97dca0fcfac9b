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
 * For a command that icr_stays_inside() does not let out as it is. x2apic: the mode of the sender's
 * APIC.
 */
enum icr_verdict icr_filter(struct cpu *cpu, bool x2apic, uint32_t low, uint32_t destination);

#endif
