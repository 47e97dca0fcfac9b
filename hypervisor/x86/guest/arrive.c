/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's state as Linux was when it stepped onto the bridge.
 */
#include "vcpu.h"
#include "x86/guest/guest.h"
#include "x86/msr.h"

/* From its selector and the copy of Linux's GDT (SDM vol. 3A, 3.4.5; vol. 3C, 24.4.1). */
static struct bh_segment segment_of(uint16_t selector, const struct bh_bridge *bridge)
{
	struct bh_segment segment = { .selector = selector, .rights = RIGHTS_UNUSABLE };
	uint32_t index = selector >> 3;
	uint64_t low;

	if (index == 0 || index >= BH_BRIDGE_GDT_ENTRIES)
		return segment;
	low = bridge->gdt[index];
	segment.base = (low >> 16 & 0xffffff) | (low >> 56 & 0xff) << 24;
	segment.limit = (low & 0xffff) | (low >> 48 & 0xf) << 16;
	if (low >> 55 & 1)
		segment.limit = segment.limit << 12 | 0xfff;
	/* Two entries wide: system segments in 64-bit mode. */
	if (!(low >> 44 & 1) && index + 1 < BH_BRIDGE_GDT_ENTRIES)
		segment.base |= bridge->gdt[index + 1] << 32;
	segment.rights = low >> 40 & 0xf0ff;
	return segment;
}

static void set_segment(struct cpu *cpu, enum segment number, uint64_t selector)
{
	const struct bh_segment segment = segment_of((uint16_t)selector, cpu->bridge);

	vcpu_set_segment(cpu, number, &segment);
}

static void set_segment_at(struct cpu *cpu, enum segment number, uint16_t selector, uint64_t base)
{
	struct bh_segment segment = segment_of(selector, cpu->bridge);

	segment.base = base;
	vcpu_set_segment(cpu, number, &segment);
}

static void set_segments(struct cpu *cpu)
{
	const struct bh_bridge *bridge = cpu->bridge;
	struct bh_segment task = segment_of(bridge->tr, bridge);

	set_segment(cpu, SEG_ES, bridge->es);
	set_segment(cpu, SEG_CS, bridge->frame[1]);
	set_segment(cpu, SEG_SS, bridge->frame[4]);
	set_segment(cpu, SEG_DS, bridge->ds);
	set_segment_at(cpu, SEG_FS, bridge->fs, bridge->fs_base);
	set_segment_at(cpu, SEG_GS, bridge->gs, bridge->gs_base);
	set_segment(cpu, SEG_LDTR, bridge->ldtr);
	/*
	 * The bridge's copy says "available"; a loaded task register is busy (SDM vol. 3C,
	 * 26.3.1.2).
	 */
	task.rights |= RIGHTS_TYPE_BUSY_TSS;
	vcpu_set_segment(cpu, SEG_TR, &task);
	vcpu_set_gdtr(cpu, &bridge->linux_gdtr);
	vcpu_set_idtr(cpu, &bridge->linux_idtr);
}

void guest_arrive(struct cpu *cpu)
{
	const struct bh_bridge *bridge = cpu->bridge;

	vcpu_set_cr0(cpu, cr0_read());
	vcpu_set_cr3(cpu, bridge->linux_cr3);
	vcpu_set_cr4(cpu, bridge->linux_cr4 & ~CR4_VMXE);
	vcpu_set_dr7(cpu, 0x400);
	set_segments(cpu);
	vcpu_set_rip(cpu, bridge->resume);
	vcpu_set_rsp(cpu, bridge->linux_rsp);
	vcpu_set_rflags(cpu, RFLAGS_FIXED);
	vcpu_set_efer(cpu, msr_read(MSR_EFER));
	vcpu_set_pat(cpu, msr_read(MSR_PAT));
	vcpu_set_debugctl(cpu, msr_read(MSR_DEBUGCTL));
	vcpu_set_sysenter_cs(cpu, msr_read(MSR_SYSENTER_CS));
	vcpu_set_sysenter_esp(cpu, msr_read(MSR_SYSENTER_ESP));
	vcpu_set_sysenter_eip(cpu, msr_read(MSR_SYSENTER_EIP));
}
