/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RDPMC of a cell: what the registers of a counter are to it as MSRs, the counter is to it here.
 * VMX has no such exit, as RDPMC of Intel's processors knows the core's own counters only.
 */
#include "core/cell.h"
#include "core/hypervisor.h"
#include "model/counters.h"
#include "model/msr_policy.h"
#include "x86/control.h"
#include "x86/guest/fault.h"
#include "x86/guest/skip.h"
#include "x86/msr.h"
#include "x86/svm/exits.h"

static __attribute__((noinline, cold)) void deny(struct cpu *cpu, uint32_t msr)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_MSR, .access = BH_ACCESS_READ, .size = 8, .place = msr,
	};

	if (fault_raise(cpu, &attempt))
		vcpu_inject_code(cpu, VECTOR_GP, 0);
}

/* A processor that has fewer counters than the model knows raises the exception here. */
void exit_rdpmc(struct cpu *cpu)
{
	uint32_t counter = (uint32_t)cpu->gprs[GPR_RCX];
	bool is_allowed = vcpu_cpl(cpu) == 0 || (vcpu_cr4(cpu) & CR4_PCE);
	uint64_t value;
	uint32_t msr;

	if (!is_allowed || !counter_register(counter, &msr)) {
		vcpu_inject_code(cpu, VECTOR_GP, 0);
	} else if (!msr_permission_reads(hypervisor_pointer(cpu->cell->msr_bitmap), msr)) {
		deny(cpu, msr);
	} else if (guarded_rdpmc(counter, &value)) {
		cpu->gprs[GPR_RAX] = (uint32_t)value;
		cpu->gprs[GPR_RDX] = value >> 32;
		vcpu_skip(cpu);
	} else {
		vcpu_inject_code(cpu, VECTOR_GP, 0);
	}
}
