/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the TLB forgets: at the next VMRUN of this CPU, before the guest runs again (APM vol. 2,
 * 15.16). The record is made here, where it is asked for.
 */
#include "core/invalidation.h"
#include "model/svm_features.h"
#include "x86/svm/svm.h"

/* CPUID 8000_000A, EDX bit 6 */
static bool has_flush_by_asid(void)
{
	return cpuid(CPUID_SVM, 0).edx >> 6 & 1;
}

/* A new owner and a new ASID: all that this CPU's TLB holds. */
void vcpu_forget_owner(struct cpu *cpu, const struct cell *old_cell, uint32_t old_vpid)
{
	vmcb_of(cpu)->tlb_control = TLB_FLUSH_ALL;
	invalidation_record(BH_INVALIDATE_INVVPID, cpu->linux_cpu, cpu->cell->id, old_vpid, 0);
	invalidation_record(BH_INVALIDATE_INVVPID, cpu->linux_cpu, cpu->cell->id, cpu->vpid, 0);
	invalidation_record(BH_INVALIDATE_EPT, cpu->linux_cpu, cpu->cell->id, 0,
			    old_cell->map.root.v);
	invalidation_record(BH_INVALIDATE_EPT, cpu->linux_cpu, cpu->cell->id, 0,
			    cpu->cell->map.root.v);
}

void vcpu_invalidate_map(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	if (vmcb->tlb_control != TLB_FLUSH_ALL)
		vmcb->tlb_control = has_flush_by_asid() ? TLB_FLUSH_ASID : TLB_FLUSH_ALL;
	invalidation_record(BH_INVALIDATE_EPT, cpu->linux_cpu, cpu->cell->id, 0,
			    cpu->cell->map.root.v);
}
