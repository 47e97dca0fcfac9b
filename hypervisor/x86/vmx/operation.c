/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMX operation of one CPU: whether its processor has what it takes, and VMXON and VMXOFF (SDM
 * vol. 3C, 23.6 to 23.8, 31.5).
 */
#include "core/hypervisor.h"
#include "core/test_devices.h"
#include "model/refuse.h"
#include "x86/msr.h"
#include "x86/processor.h"
#include "x86/vmx/vmx.h"

struct vmx_capabilities vmx_capabilities;

static bool has_large_pages(const struct cpu *cpu, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;

	/* IA32_VMX_EPT_VPID_CAP bit 17: 1 GiB pages (SDM vol. 3D, A.10) */
	if ((board->flags & BH_BOARD_PAGES_1G) && !(vmx_capabilities.ept_vpid >> 17 & 1))
		return refuse(refusal,
			      "board %s: pages_1g = true, but CPU %u has no 1 GiB EPT pages",
			      board->name, cpu->linux_cpu);
	return true;
}

/*
 * A processor that does not say that it is free of it may have it or not: the board does then, and
 * cell_map_code_leaf() goes by that.
 */
static bool knows_multihit(const struct vmx_capabilities *own, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;

	if ((own->arch_capabilities & ARCH_PSCHANGE_MC_NO) ||
	    (board->flags & (BH_BOARD_MULTIHIT | BH_BOARD_NO_MULTIHIT)))
		return true;
	return refuse(refusal,
		      "board %s: write itlb_multihit = true, or false if Linux says \"Not "
		      "affected\" in /sys/devices/system/cpu/vulnerabilities/itlb_multihit: this "
		      "processor does not tell (IA32_ARCH_CAPABILITIES bit 6)", board->name);
}

/*
 * The registers that tell are the same on every CPU, as the VMCSs are filled by those of the first.
 * Nothing is filled by IA32_ARCH_CAPABILITIES, in which cores of two kinds may differ.
 */
static bool is_like_the_first(const struct vmx_capabilities *own, struct bh_refusal *refusal)
{
	unsigned int i;

	for (i = 0; i < vmx_register_count; i++) {
		uint32_t offset = vmx_registers[i].offset;
		uint64_t here = *(const uint64_t *)((const uint8_t *)own + offset);
		uint64_t first = *(const uint64_t *)((const uint8_t *)&vmx_capabilities + offset);

		if (here != first && offset != offsetof(struct vmx_capabilities, arch_capabilities))
			return refuse(refusal, "%s is 0x%llx here and 0x%llx on the first CPU",
				      vmx_registers[i].name, (unsigned long long)here,
				      (unsigned long long)first);
	}
	return true;
}

bool vmx_check_features(struct cpu *cpu, struct bh_refusal *refusal)
{
	struct vmx_capabilities own;

	vmx_capabilities_read(&own, &processor_reader);
	if (vmx_features_missing(&own, refusal) > 0)
		return false;
	if (cpu->index == 0)
		vmx_capabilities = own;
	return is_like_the_first(&own, refusal) &&
	       board_fits(cpu, vmx_capabilities.cpuid_80000008_eax & 0xff, refusal) &&
	       has_large_pages(cpu, refusal) && knows_multihit(&own, refusal);
}

static bool feature_control_allows(void)
{
	uint64_t control = msr_read(MSR_FEATURE_CONTROL);

	if (!(control & FEATURE_CONTROL_LOCK))
		msr_write(MSR_FEATURE_CONTROL,
			  control | FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMX);
	return msr_read(MSR_FEATURE_CONTROL) & FEATURE_CONTROL_VMX;
}

static bool do_vmxon(hpa_t region)
{
	bool failed;

	__asm__ volatile("vmxon %1" : "=@ccbe"(failed) : "m"(region.v) : "memory");
	return !failed;
}

static bool do_vmclear(hpa_t vmcs)
{
	bool failed;

	__asm__ volatile("vmclear %1" : "=@ccbe"(failed) : "m"(vmcs.v) : "memory");
	return !failed;
}

static bool do_vmptrld(hpa_t vmcs)
{
	bool failed;

	__asm__ volatile("vmptrld %1" : "=@ccbe"(failed) : "m"(vmcs.v) : "memory");
	return !failed;
}

bool vmx_on(struct cpu *cpu, struct bh_refusal *refusal)
{
	hpa_t region = layout_cpu_page(&hypervisor.layout, cpu->index, CPU_VMXON_MEMORY_PAGE);
	hpa_t vmcs = layout_cpu_page(&hypervisor.layout, cpu->index, CPU_VMCS_MEMORY_PAGE);
	uint32_t revision = (uint32_t)vmx_capabilities.basic & 0x7fffffff;

	*(uint32_t *)(layout_cpu_area(cpu->index) + CPU_VMXON_PAGE * BH_PAGE_SIZE) = revision;
	*(uint32_t *)(layout_cpu_area(cpu->index) + CPU_VMCS_PAGE * BH_PAGE_SIZE) = revision;
	if (!feature_control_allows())
		return refuse(refusal, "VMX is locked off by the firmware (IA32_FEATURE_CONTROL)");
	cr0_write((cr0_read() | vmx_capabilities.cr0_fixed0) & vmx_capabilities.cr0_fixed1);
	cr4_write((cr4_read() | vmx_capabilities.cr4_fixed0) & vmx_capabilities.cr4_fixed1);
	if (test_fails(cpu, BH_TEST_VMXON) || !do_vmxon(region)) {
		cr4_write(cr4_read() & ~CR4_VMXE);
		return refuse(refusal, "VMXON failed");
	}
	if (!do_vmclear(vmcs) || !do_vmptrld(vmcs)) {
		vcpu_off(cpu);
		return refuse(refusal, "the VMCS could not be loaded");
	}
	return true;
}

/* INVEPT and INVVPID for all contexts: nothing cached here outlives this operation (I4). */
static void invalidate_all(void)
{
	const struct { uint64_t low, high; } all = { 0, 0 };

	__asm__ volatile("invept %0, %1" : : "m"(all), "r"(2ULL) : "cc", "memory");
	__asm__ volatile("invvpid %0, %1" : : "m"(all), "r"(2ULL) : "cc", "memory");
}

void vcpu_off(struct cpu *cpu)
{
	(void)cpu;
	invalidate_all();
	__asm__ volatile("vmxoff" : : : "cc", "memory");
	cr4_write(cr4_read() & ~CR4_VMXE);
}
