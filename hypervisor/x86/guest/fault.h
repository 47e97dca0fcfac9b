/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's fault: counted, recorded with what the processor tells about it, and answered by the
 * cell's policy.
 */
#ifndef X86_GUEST_FAULT_H
#define X86_GUEST_FAULT_H

#include <bulkhead/fault.h>

#include "core/cpu.h"
#include "core/fault_log.h"

/* What was tried; everything else about the fault is read from the virtual CPU. */
struct attempt {
	enum bh_fault_kind kind;
	uint32_t access; /* bits of enum bh_access */
	uint32_t size;   /* bytes, 0 unknown */
	uint64_t place;
	uint64_t value;
	bool has_value;
};

/*
 * The short cut for a fault that repeats: true if the cell goes on and the fault is recorded
 * already; it is counted then. Else fault_raise() has to be called.
 */
static inline bool fault_is_known(struct cpu *cpu, enum bh_fault_kind kind, uint64_t place)
{
	return cpu->cell->on_fault == BH_ON_FAULT_REPORT &&
	       fault_log_repeats(cpu->cell, kind, place);
}

/*
 * True if the cell goes on (policy "report"): the caller then answers the access. False if it was
 * stopped: this CPU is parked, nothing is left to do.
 */
bool fault_raise(struct cpu *cpu, const struct attempt *attempt);

/* For what cannot be answered: this CPU stops under either policy, with a record. */
void fault_stop(struct cpu *cpu, const struct attempt *attempt);

#endif
