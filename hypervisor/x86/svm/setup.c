/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fills the VMCB of a CPU: what its guest may not do without the hypervisor, by the CPU's cell.
 */
#include "core/hypervisor.h"
#include "core/string.h"
#include "x86/guest/exits.h"
#include "x86/guest/guest.h"
#include "x86/svm/svm.h"

/*
 * Interrupts and SMIs are not intercepted: the guest's go straight to it, and SMIs to the firmware,
 * which as a rule has locked its SMM, so that they could not be (SMMLOCK; APM vol. 2, 15.13.3).
 * HLT, PAUSE, MWAIT and the rest that concerns nobody else neither.
 */
#define INTERCEPTS1 (INTERCEPT1_NMI | INTERCEPT1_INIT | INTERCEPT1_CPUID | INTERCEPT1_RSM | \
		     INTERCEPT1_INVD | INTERCEPT1_INVLPGA | INTERCEPT1_PORTS | \
		     INTERCEPT1_MSRS | INTERCEPT1_TASK | INTERCEPT1_FREEZE | \
		     INTERCEPT1_SHUTDOWN)
#define INTERCEPTS2 (INTERCEPT2_VMRUN | INTERCEPT2_VMMCALL | INTERCEPT2_VMLOAD | \
		     INTERCEPT2_VMSAVE | INTERCEPT2_STGI | INTERCEPT2_CLGI | INTERCEPT2_SKINIT)

/*
 * Of cells but root: what empties the caches of the machine, and RDPMC, which reads the counters of
 * shared caches and memory as well as the core's own; there is no map of counters.
 */
#define CELL_INTERCEPTS1 INTERCEPT1_RDPMC
#define CELL_INTERCEPTS2 INTERCEPT2_WBINVD

/*
 * INVLPGB and TLBSYNC, which reach TLBs of all CPUs, are not switched on for guests; but there are
 * processors that cannot switch them off (APM vol. 2, appendix B, offset 090h). Where they are not
 * known, nor are their intercepts.
 */
static uint32_t intercepts3(void)
{
	bool has_broadcasts = cpuid(0x80000008, 0).ebx >> 3 & 1;

	return has_broadcasts ? INTERCEPT3_INVLPGB | INTERCEPT3_TLBSYNC : 0;
}

/*
 * Nothing of what was there before counts: after a shutdown the whole VMCB is undefined (APM
 * vol. 2, 15.14.3). The rest of it guest_reset() and vcpu_forget_registers() fill.
 */
void vcpu_setup_controls(struct cpu *cpu)
{
	const struct layout *layout = &hypervisor.layout;
	struct vmcb *vmcb = vmcb_of(cpu);
	const struct cell *cell = cpu->cell;

	if (cpu->apic_page == APIC_PAGE_SHADOW)
		cpu->apic_page = APIC_PAGE_NONE;
	memset(vmcb, 0, offsetof(struct vmcb, es));
	vmcb->own_phys = layout_cpu_page(layout, cpu->index, CPU_VMCS_MEMORY_PAGE).v;
	vmcb->host_phys = layout_cpu_page(layout, cpu->index, CPU_HOST_MEMORY_PAGE).v;
	vmcb->tlb_control = TLB_FLUSH_ALL;
	vmcb->intercept_exceptions = EXITING_EXCEPTIONS;
	vmcb->intercept1 = INTERCEPTS1;
	vmcb->intercept2 = INTERCEPTS2;
	vmcb->intercept3 = intercepts3();
	if (cell != &root_cell) {
		vmcb->intercept1 |= CELL_INTERCEPTS1;
		vmcb->intercept2 |= CELL_INTERCEPTS2;
	}
	vmcb->iopm = cell->io_bitmaps[0].v;
	vmcb->msrpm = cell->msr_bitmap.v;
	vmcb->asid = cpu->vpid;
	vmcb->nested_paging = NESTED_PAGING;
	vmcb->nested_cr3 = cell->map.root.v;
}

/*
 * What VMLOAD and VMSAVE switch is Linux's still, but for the segments and tables, which
 * guest_arrive() knows better; the hypervisor's own is kept for every exit.
 */
void svm_setup(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	memset(vmcb, 0, sizeof(*vmcb));
	vcpu_setup_controls(cpu);
	__asm__ volatile("vmsave %0" : : "a"(vmcb->own_phys) : "memory");
	__asm__ volatile("vmsave %0" : : "a"(vmcb->host_phys) : "memory");
	guest_arrive(cpu);
	vmcb->cr2 = cr2_read();
	vmcb->dr6 = dr6_read();
	svm_fill_guarded(vmcb);
}
