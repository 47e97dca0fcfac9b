/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SVM operation of one CPU: whether its processor has what it takes, and how it is turned on and
 * off (APM vol. 2, 15.4 and 15.30).
 */
#include "core/hypervisor.h"
#include "core/test_devices.h"
#include "model/refuse.h"
#include "model/svm_features.h"
#include "x86/processor.h"
#include "x86/svm/svm.h"

uint8_t svm_physical_width;

static bool has_large_pages(const struct cpu *cpu, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;

	/* CPUID 8000_0001, EDX bit 26; nested tables have what the processor's own have */
	if ((board->flags & BH_BOARD_PAGES_1G) && !(cpuid(0x80000001, 0).edx >> 26 & 1))
		return refuse(refusal, "board %s: pages_1g = true, but CPU %u has no 1 GiB pages",
			      board->name, cpu->linux_cpu);
	return true;
}

bool svm_check_features(struct cpu *cpu, struct bh_refusal *refusal)
{
	struct svm_capabilities own;

	svm_capabilities_read(&own, &processor_reader);
	if (svm_features_missing(&own, hypervisor.layout.cpu_count, refusal) > 0)
		return false;
	if (cpu->index == 0)
		svm_physical_width = (uint8_t)cpuid(0x80000008, 0).eax;
	return board_fits(cpu, svm_physical_width, refusal) && has_large_pages(cpu, refusal);
}

bool svm_on(struct cpu *cpu, struct bh_refusal *refusal)
{
	hpa_t save_area = layout_cpu_page(&hypervisor.layout, cpu->index, CPU_VMXON_MEMORY_PAGE);

	if (test_fails(cpu, BH_TEST_VMXON))
		return refuse(refusal, "SVM could not be turned on");
	if (!guarded_wrmsr(MSR_EFER, msr_read(MSR_EFER) | EFER_SVME))
		return refuse(refusal, "SVM could not be turned on");
	msr_write(MSR_VM_HSAVE_PA, save_area.v);
	return true;
}

/* What VMLOAD has taken from the guest for the hypervisor's time, and what its VMCB held. */
static void load_registers(const struct vmcb *vmcb)
{
	msr_write(MSR_STAR, vmcb->star);
	msr_write(MSR_LSTAR, vmcb->lstar);
	msr_write(MSR_CSTAR, vmcb->cstar);
	msr_write(MSR_SFMASK, vmcb->sfmask);
	msr_write(MSR_KERNEL_GS_BASE, vmcb->kernel_gs_base);
	cr2_write(vmcb->cr2);
	dr6_write(vmcb->dr6);
	svm_load_guarded(vmcb);
}

void vcpu_off(struct cpu *cpu)
{
	load_registers(vmcb_of(cpu));
	__asm__ volatile("stgi" : : : "memory");
	msr_write(MSR_VM_HSAVE_PA, 0);
	msr_write(MSR_EFER, msr_read(MSR_EFER) & ~EFER_SVME);
}
