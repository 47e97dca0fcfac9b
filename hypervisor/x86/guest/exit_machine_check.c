/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine checks, wherever they found the CPU (SDM vol. 3A, 6.15, interrupt 18). Root's kernel
 * serves its own; CR4.MCE of a cell, and of a CPU that runs nothing, is the guest's alone, so they
 * are served here. CR4.MCE of the processor stays as Linux had it: one CPU without is the end of
 * the whole machine when all are told.
 */
#include "core/cell.h"
#include "model/machine_check.h"
#include "vcpu.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"
#include "x86/guest/guest.h"
#include "x86/msr.h"
#include "x86/processor.h"

/* In the middle of an exit it waits for the next look at events, where all others are served. */
void exit_machine_check(struct cpu *cpu)
{
	if (vcpu_was_delivering(cpu))
		guest_end_by_check(cpu); /* what was being delivered is lost */
	else
		cpu_post(cpu, CPU_EVENT_MACHINE_CHECK);
}

/* The next one finds nothing in progress; what the banks hold is left to root. */
void guest_drop_check(void)
{
	guarded_wrmsr(MSR_MCG_STATUS, 0);
}

static void stop(struct cpu *cpu, const struct machine_check *check)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_CHECK, .place = check->bank, .value = check->bank_status,
		.has_value = check->bank != BH_CHECK_NO_BANK,
	};

	guest_drop_check();
	fault_stop(cpu, &attempt);
}

void guest_end_by_check(struct cpu *cpu)
{
	const struct machine_check check = machine_check_look(&processor_reader);

	stop(cpu, &check);
}

static bool serves_checks(const struct cpu *cpu)
{
	return cpu->cell == &root_cell && cpu->halt == CPU_RUNS &&
	       (vcpu_shown_cr4(cpu) & CR4_MCE);
}

bool guest_take_check(struct cpu *cpu)
{
	struct machine_check check;

	if (serves_checks(cpu))
		return true;
	check = machine_check_look(&processor_reader);
	if (check.can_go_on)
		guest_drop_check();
	else
		stop(cpu, &check);
	return false;
}

void guest_give_check(struct cpu *cpu)
{
	if (serves_checks(cpu))
		vcpu_deliver_check(cpu);
	else
		guest_drop_check();
}
