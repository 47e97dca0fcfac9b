/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exits after which there is nothing to go back to.
 */
#include "core/log.h"
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

/*
 * No guest switches tasks, and an instruction that would is told so. A task gate of its IDT has
 * taken an event by then, which nobody would bring again.
 */
void exit_task_switch(struct cpu *cpu)
{
	if (vcpu_was_delivering(cpu))
		exit_delivery_fault(cpu);
	else
		exit_forbidden(cpu);
}

/*
 * The guest's state was not fit to enter (SDM vol. 3C, 26.8; APM vol. 2, 15.5.1). It is kept for
 * inspection.
 */
void exit_refused_state(struct cpu *cpu)
{
	log_print("CPU %u: guest state refused by the processor, exit reason 0x%llx, rip 0x%llx\n",
		  cpu->linux_cpu, (unsigned long long)vcpu_exit_reason(cpu),
		  (unsigned long long)vcpu_rip(cpu));
	exit_unexpected(cpu);
}

/* One that the controls never ask for. */
void exit_unexpected(struct cpu *cpu)
{
	const struct attempt attempt = { .kind = BH_FAULT_EXIT, .place = vcpu_exit_reason(cpu) };

	fault_stop(cpu, &attempt);
}
