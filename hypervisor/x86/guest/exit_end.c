/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exits after which there is nothing to go back to.
 */
#include "vcpu.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"

void exit_triple_fault(struct cpu *cpu)
{
	const struct attempt attempt = { .kind = BH_FAULT_TRIPLE, .place = vcpu_rip(cpu) };

	fault_stop(cpu, &attempt);
}

/* An exception that met the delivery of another event. */
void exit_delivery_fault(struct cpu *cpu)
{
	const struct attempt attempt = { .kind = BH_FAULT_DELIVERY, .place = vcpu_rip(cpu) };

	fault_stop(cpu, &attempt);
}

/* One that the controls never ask for. */
void exit_unexpected(struct cpu *cpu)
{
	const struct attempt attempt = { .kind = BH_FAULT_EXIT, .place = vcpu_exit_reason(cpu) };

	fault_stop(cpu, &attempt);
}
