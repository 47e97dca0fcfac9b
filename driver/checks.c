// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of what makes a processor unfit, looked up on every CPU, and the comparison of CPU
 * sets. The features of VMX or SVM itself are the hypervisor's to check: it refuses on the bridge.
 */
#include "checks.h"

#include <linux/cc_platform.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <asm/cpufeature.h>
#include <asm/msr-index.h>
#include <asm/processor.h>
#include <asm/special_insns.h>

#include "hypercall.h"
#include "kernel.h"
#include "model/refuse.h"

/* What a CPU says of itself. */
struct facts {
	u32 cpuid_1_ecx;
	u64 cr4;
	u64 feature_control;
	u32 cpuid_80000001_ecx;
	u64 efer;
	u64 vm_cr;
};

static DEFINE_PER_CPU(struct facts, facts);

#define CPUID_1_ECX_VMX     BIT(5)
#define CR4_FRED            BIT_ULL(32) /* Linux has no name for it before 6.9 */
#define CPUID_80000001_ECX_SVM BIT(2) /* APM vol. 3, E.4.2 */
#define VM_CR_SVMDIS        BIT(4) /* APM vol. 2, 15.30.1 */

/* 0 if there is none. */
static u64 read_msr(u32 number)
{
	u64 value;

	kernel_read_msr(number, &value);
	return value;
}

/* Runs on the CPU. Not Linux's idea of its features: that may have been overridden at boot. */
static void gather_facts(void *unused)
{
	struct facts *f = this_cpu_ptr(&facts);

	f->cpuid_1_ecx = kernel_cpuid_ecx(1);
	f->cr4 = __read_cr4();
	f->feature_control = f->cpuid_1_ecx & CPUID_1_ECX_VMX ? read_msr(MSR_IA32_FEAT_CTL) : 0;
	f->cpuid_80000001_ecx = kernel_cpuid_ecx(0x80000001);
	f->efer = read_msr(MSR_EFER);
	f->vm_cr = f->cpuid_80000001_ecx & CPUID_80000001_ECX_SVM ? read_msr(MSR_VM_CR) : 0;
}

static bool has_no_vmx(const struct facts *f)
{
	return !processor_is_for_svm() && !(f->cpuid_1_ecx & CPUID_1_ECX_VMX);
}

/* Unlocked is fine: the hypervisor switches VMX on and locks. */
static bool has_vmx_locked_off(const struct facts *f)
{
	return (f->feature_control & FEAT_CTL_LOCKED) &&
	       !(f->feature_control & FEAT_CTL_VMX_ENABLED_OUTSIDE_SMX);
}

static bool has_vmx_in_use(const struct facts *f)
{
	return f->cr4 & X86_CR4_VMXE;
}

static bool has_no_svm(const struct facts *f)
{
	return processor_is_for_svm() && !(f->cpuid_80000001_ecx & CPUID_80000001_ECX_SVM);
}

static bool has_svm_locked_off(const struct facts *f)
{
	return f->vm_cr & VM_CR_SVMDIS;
}

static bool has_svm_in_use(const struct facts *f)
{
	return f->efer & EFER_SVME;
}

static bool has_five_levels(const struct facts *f)
{
	return f->cr4 & X86_CR4_LA57;
}

/* What Linux wrote the hypervisor, without the same key, would read as noise (APM vol. 2, 7.10). */
static bool has_encrypted_memory(const struct facts *f)
{
	return cc_platform_has(CC_ATTR_MEM_ENCRYPT);
}

static bool has_fred(const struct facts *f)
{
	return f->cr4 & CR4_FRED;
}

/*
 * INVLPGB is not for guests, and Linux does not ask again whether it is there. What counts is that
 * Linux uses it, from 6.15 on: other kernels do not care that the processor has it.
 */
static bool has_broadcasts(const struct facts *f)
{
	(void)f;
#ifdef X86_FEATURE_INVLPGB
	return cpu_feature_enabled(X86_FEATURE_INVLPGB);
#else
	return false;
#endif
}

/* In this order: later rows mean nothing where an earlier one holds. */
static const struct {
	bool (*is_unfit)(const struct facts *f);
	const char *reason;
} reasons[] = {
	{ has_no_vmx, "the processor has no VMX, or a hypervisor above hides it" },
	{ has_vmx_locked_off,
	  "VMX is locked off by the firmware (IA32_FEATURE_CONTROL): "
	  "switch it on in the BIOS set-up" },
	{ has_vmx_in_use,
	  "VMX is in use (CR4.VMXE is set), by KVM most likely: "
	  "end its guests and unload kvm_intel" },
	{ has_no_svm, "the processor has no SVM, or a hypervisor above hides it" },
	{ has_svm_locked_off,
	  "SVM is locked off by the firmware (VM_CR.SVMDIS): switch it on in the BIOS set-up" },
	{ has_svm_in_use,
	  "SVM is in use (EFER.SVME is set), by KVM most likely: "
	  "end its guests and unload kvm_amd" },
	{ has_five_levels,
	  "5-level paging is active (CR4.LA57): boot with the kernel parameter no5lvl" },
	{ has_encrypted_memory,
	  "memory encryption is active: boot with the kernel parameter mem_encrypt=off" },
	{ has_fred,
	  "FRED event delivery is active (CR4.FRED): boot with the kernel parameter fred=off" },
	{ has_broadcasts,
	  "Linux empties TLBs of all CPUs by INVLPGB: "
	  "boot with the kernel parameter clearcpuid=419" },
};

bool check_processors(struct bh_refusal *refusal)
{
	unsigned int cpu, i;

	cpus_read_lock();
	on_each_cpu(gather_facts, NULL, 1);
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		for_each_online_cpu(cpu)
			if (reasons[i].is_unfit(per_cpu_ptr(&facts, cpu)))
				goto unfit;
	cpus_read_unlock();
	return true;

unfit:
	cpus_read_unlock();
	return refuse(refusal, "CPU %u: %s", cpu, reasons[i].reason);
}

static bool cell_has_cpu(const struct bh_cell *cell, unsigned int cpu)
{
	return cpu < BH_MAX_CPUS && (cell->cpus[cpu / 64] >> (cpu % 64) & 1);
}

bool check_cpu_set(const struct bh_cell *root, struct bh_refusal *refusal)
{
	unsigned int cpu;

	for (cpu = 0; cpu < max_t(unsigned int, nr_cpu_ids, BH_MAX_CPUS); cpu++) {
		bool wanted = cell_has_cpu(root, cpu);
		bool present = cpu < nr_cpu_ids && cpu_present(cpu);
		bool online = present && cpu_online(cpu);

		if (wanted && !present)
			return refuse(refusal,
				      "CPU %u is in the board file, but not in this machine", cpu);
		if (wanted && !online)
			return refuse(refusal,
				      "CPU %u is offline: bring it online first "
				      "(echo 1 >/sys/devices/system/cpu/cpu%u/online)",
				      cpu, cpu);
		if (!wanted && online)
			return refuse(refusal,
				      "CPU %u is online, but not in the board file: "
				      "add it there or take it offline",
				      cpu);
	}
	return true;
}
