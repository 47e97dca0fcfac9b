/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's fault: counted, recorded with what the processor tells about it, and answered by the
 * cell's policy.
 */
#ifndef X86_VMX_FAULT_H
#define X86_VMX_FAULT_H

#include <bulkhead/fault.h>

#include "core/cpu.h"

/* What was tried; everything else about the fault is read from the VMCS. */
struct attempt {
	enum bh_fault_kind kind;
	uint32_t access; /* bits of enum bh_access */
	uint32_t size;   /* bytes, 0 unknown */
	uint64_t place;
	uint64_t value;
	bool has_value;
};

/*
 * True if the cell goes on (policy "report"): the caller then answers the access. False if it was
 * stopped: this CPU is parked, nothing is left to do.
 */
bool fault_raise(struct cpu *cpu, const struct attempt *attempt);

/* For what cannot be answered: this CPU stops under either policy, with a record. */
void fault_stop(struct cpu *cpu, const struct attempt *attempt);

#endif
