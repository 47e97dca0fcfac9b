/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fills the VMCS of a CPU of root: the controls by capability, the host's state, and the guest's
 * state as Linux was when it stepped onto the bridge.
 */
#include "core/hypervisor.h"
#include "x86/msr.h"
#include "x86/vmx/vmx.h"

extern const uint8_t vmx_exit[];

#define WANTED_PIN   (PIN_NMI_EXITING | PIN_VIRTUAL_NMIS)
#define WANTED_PROC  (PROC_IO_BITMAPS | PROC_MSR_BITMAPS | PROC_SECONDARY)
#define WANTED_PROC2 (PROC2_EPT | PROC2_RDTSCP | PROC2_VPID | PROC2_UNRESTRICTED | \
		      PROC2_INVPCID | PROC2_ENCLS_EXITING | PROC2_XSAVES | PROC2_USER_WAIT)
#define WANTED_EXIT  (EXIT_SAVE_DEBUG | EXIT_HOST_LONG | EXIT_ACKNOWLEDGE | EXIT_SAVE_PAT | \
		      EXIT_LOAD_PAT | EXIT_SAVE_EFER | EXIT_LOAD_EFER)
#define WANTED_ENTRY (ENTRY_LOAD_DEBUG | ENTRY_GUEST_LONG | ENTRY_LOAD_PAT | ENTRY_LOAD_EFER)

/*
 * State that XRSTORS loads past the MSR bitmap, by its bit in IA32_XSS, where the policy's table
 * denies the same as registers. Processor Trace writes by physical address, and user interrupts
 * reach any CPU.
 */
#define XSS_TRACE (1u << 8)
#define XSS_PASID (1u << 10)
#define XSS_HDC   (1u << 13)
#define XSS_UINTR (1u << 14)
#define XSS_LBR   (1u << 15)
#define XSS_HWP   (1u << 16)
#define XSS_OF_NOBODY (XSS_TRACE | XSS_UINTR)
#define XSS_OF_ROOT   (XSS_PASID | XSS_HDC | XSS_LBR | XSS_HWP)

static uint64_t xss_exiting(const struct cell *cell)
{
	return cell == &root_cell ? XSS_OF_NOBODY : XSS_OF_NOBODY | XSS_OF_ROOT;
}

void vmx_setup_controls(const struct cpu *cpu)
{
	const struct vmx_capabilities *c = &vmx_capabilities;
	const struct cell *cell = cpu->cell;
	uint32_t shadow = cpu->apic_page == APIC_PAGE_SHADOW ? PROC2_APIC_ACCESS : 0;
	uint32_t proc2 = vmx_adjust(c->procbased2, WANTED_PROC2 | shadow);

	vmcs_write(VMCS_PIN_CONTROLS, vmx_adjust(c->pinbased, WANTED_PIN));
	vmcs_write(VMCS_PROC_CONTROLS, vmx_adjust(c->procbased, WANTED_PROC));
	vmcs_write(VMCS_PROC2_CONTROLS, proc2);
	vmcs_write(VMCS_EXIT_CONTROLS, vmx_adjust(c->exit, WANTED_EXIT));
	vmcs_write(VMCS_ENTRY_CONTROLS, vmx_adjust(c->entry, WANTED_ENTRY));

	vmcs_write(VMCS_EXCEPTION_BITMAP, 1u << VECTOR_DB | 1u << VECTOR_AC);
	vmcs_write(VMCS_PF_MASK, 0);
	vmcs_write(VMCS_PF_MATCH, 0);
	vmcs_write(VMCS_CR3_TARGETS, 0);
	vmcs_write(VMCS_EXIT_MSR_STORES, 0);
	vmcs_write(VMCS_EXIT_MSR_LOADS, 0);
	vmcs_write(VMCS_ENTRY_MSR_LOADS, 0);
	vmcs_write(VMCS_ENTRY_EVENT, 0);
	vmcs_write(VMCS_TSC_OFFSET, 0);
	if (proc2 & PROC2_XSAVES)
		vmcs_write(VMCS_XSS_EXITING, xss_exiting(cell));
	if (proc2 & PROC2_ENCLS_EXITING)
		vmcs_write(VMCS_ENCLS_EXITING, ~0ULL);

	vmcs_write(VMCS_IO_BITMAP_A, cell->io_bitmaps[0].v);
	vmcs_write(VMCS_IO_BITMAP_B, cell->io_bitmaps[1].v);
	vmcs_write(VMCS_MSR_BITMAP, cell->msr_bitmap.v);
	if (proc2 & PROC2_APIC_ACCESS)
		vmcs_write(VMCS_APIC_ACCESS, BH_APIC_BASE);
	vmcs_write(VMCS_EPTP, vmx_eptp(cell));
	vmcs_write(VMCS_VPID, cpu->vpid);
	vmcs_write(VMCS_LINK_POINTER, ~0ULL);
}

static void setup_host(struct cpu *cpu)
{
	vmcs_write(VMCS_HOST_CR0, cr0_read() & ~CR0_TS);
	vmcs_write(VMCS_HOST_CR3, cr3_read());
	vmcs_write(VMCS_HOST_CR4, cr4_read());
	vmcs_write(VMCS_HOST_EFER, EFER_LME | EFER_LMA | EFER_NXE);
	vmcs_write(VMCS_HOST_PAT, PAT_RESET);
	vmcs_write(VMCS_HOST_ES, HOST_DS);
	vmcs_write(VMCS_HOST_CS, HOST_CS);
	vmcs_write(VMCS_HOST_SS, HOST_DS);
	vmcs_write(VMCS_HOST_DS, HOST_DS);
	vmcs_write(VMCS_HOST_FS, 0);
	vmcs_write(VMCS_HOST_GS, 0);
	vmcs_write(VMCS_HOST_TR, HOST_TR);
	vmcs_write(VMCS_HOST_FS_BASE, 0);
	vmcs_write(VMCS_HOST_GS_BASE, (uint64_t)cpu);
	vmcs_write(VMCS_HOST_TR_BASE, (uint64_t)&cpu->tables.tss);
	vmcs_write(VMCS_HOST_GDTR_BASE, (uint64_t)cpu->tables.gdt);
	vmcs_write(VMCS_HOST_IDTR_BASE, tables_idt());
	vmcs_write(VMCS_HOST_SYSENTER_CS, 0);
	vmcs_write(VMCS_HOST_SYSENTER_ESP, 0);
	vmcs_write(VMCS_HOST_SYSENTER_EIP, 0);
	vmcs_write(VMCS_HOST_RSP, (uint64_t)cpu);
	vmcs_write(VMCS_HOST_RIP, (uint64_t)vmx_exit);
}

/*
 * NE and VMXE are what VMX operation insists on (SDM vol. 3C, 23.8); the guest sees and sets
 * shadows of them: see exit_control.c.
 */
static void setup_control_registers(const struct bh_bridge *bridge)
{
	uint64_t cr4 = bridge->linux_cr4 & ~CR4_VMXE;

	vmcs_write(VMCS_CR0_MASK, CR0_NE);
	vmcs_write(VMCS_CR0_SHADOW, cr0_read());
	vmcs_write(VMCS_GUEST_CR0, cr0_read());
	vmcs_write(VMCS_GUEST_CR3, bridge->linux_cr3);
	vmcs_write(VMCS_CR4_MASK, CR4_VMXE);
	vmcs_write(VMCS_CR4_SHADOW, cr4);
	vmcs_write(VMCS_GUEST_CR4, cr4 | CR4_VMXE);
	vmcs_write(VMCS_GUEST_DR7, 0x400);
}

/* A segment from its selector and the copy of Linux's GDT (SDM vol. 3A, 3.4.5; vol. 3C, 24.4.1). */
static void setup_segment(enum vmcs_segment segment, uint16_t selector,
			  const struct bh_bridge *bridge)
{
	uint32_t index = selector >> 3;
	uint64_t low, base, limit;

	vmcs_write(VMCS_SELECTOR(segment), selector);
	if (index == 0 || index >= BH_BRIDGE_GDT_ENTRIES) {
		vmcs_write(VMCS_RIGHTS(segment), RIGHTS_UNUSABLE);
		vmcs_write(VMCS_BASE(segment), 0);
		vmcs_write(VMCS_LIMIT(segment), 0);
		return;
	}
	low = bridge->gdt[index];
	base = (low >> 16 & 0xffffff) | (low >> 56 & 0xff) << 24;
	limit = (low & 0xffff) | (low >> 48 & 0xf) << 16;
	if (low >> 55 & 1)
		limit = limit << 12 | 0xfff;
	/* Two entries wide: system segments in 64-bit mode. */
	if (!(low >> 44 & 1) && index + 1 < BH_BRIDGE_GDT_ENTRIES)
		base |= bridge->gdt[index + 1] << 32;
	vmcs_write(VMCS_BASE(segment), base);
	vmcs_write(VMCS_LIMIT(segment), limit);
	vmcs_write(VMCS_RIGHTS(segment), low >> 40 & 0xf0ff);
}

static void setup_segments(const struct bh_bridge *bridge)
{
	setup_segment(SEG_ES, bridge->es, bridge);
	setup_segment(SEG_CS, (uint16_t)bridge->frame[1], bridge);
	setup_segment(SEG_SS, (uint16_t)bridge->frame[4], bridge);
	setup_segment(SEG_DS, bridge->ds, bridge);
	setup_segment(SEG_FS, bridge->fs, bridge);
	setup_segment(SEG_GS, bridge->gs, bridge);
	setup_segment(SEG_LDTR, bridge->ldtr, bridge);
	setup_segment(SEG_TR, bridge->tr, bridge);
	vmcs_write(VMCS_BASE(SEG_FS), bridge->fs_base);
	vmcs_write(VMCS_BASE(SEG_GS), bridge->gs_base);
	/*
	 * The bridge's copy says "available"; a loaded task register is busy (SDM vol. 3C,
	 * 26.3.1.2).
	 */
	vmcs_write(VMCS_RIGHTS(SEG_TR), vmcs_read(VMCS_RIGHTS(SEG_TR)) | RIGHTS_TYPE_BUSY_TSS);
	vmcs_write(VMCS_GUEST_GDTR_BASE, bridge->linux_gdtr.base);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, bridge->linux_gdtr.limit);
	vmcs_write(VMCS_GUEST_IDTR_BASE, bridge->linux_idtr.base);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, bridge->linux_idtr.limit);
}

static void setup_guest(struct cpu *cpu)
{
	const struct bh_bridge *bridge = cpu->bridge;

	setup_control_registers(bridge);
	setup_segments(bridge);
	vmcs_write(VMCS_GUEST_RIP, bridge->resume);
	vmcs_write(VMCS_GUEST_RSP, bridge->linux_rsp);
	vmcs_write(VMCS_GUEST_RFLAGS, RFLAGS_FIXED);
	vmcs_write(VMCS_GUEST_EFER, msr_read(MSR_EFER));
	vmcs_write(VMCS_GUEST_PAT, msr_read(MSR_PAT));
	vmcs_write(VMCS_GUEST_DEBUGCTL, msr_read(MSR_DEBUGCTL));
	vmcs_write(VMCS_GUEST_SYSENTER_CS, msr_read(MSR_SYSENTER_CS));
	vmcs_write(VMCS_GUEST_SYSENTER_ESP, msr_read(MSR_SYSENTER_ESP));
	vmcs_write(VMCS_GUEST_SYSENTER_EIP, msr_read(MSR_SYSENTER_EIP));
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, 0);
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_ACTIVE);
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, 0);
}

void vmx_setup(struct cpu *cpu)
{
	vmx_setup_controls(cpu);
	setup_host(cpu);
	setup_guest(cpu);
}
