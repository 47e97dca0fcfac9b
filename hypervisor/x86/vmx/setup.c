/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fills the VMCS of a CPU: the controls by capability and by the CPU's cell, and the host's state.
 */
#include "core/hypervisor.h"
#include "x86/guest/exits.h"
#include "x86/guest/guest.h"
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

static uint32_t secondary_controls(const struct cpu *cpu)
{
	uint32_t wanted = WANTED_PROC2;

	if (cpu->apic_page == APIC_PAGE_SHADOW)
		wanted |= PROC2_APIC_ACCESS;
	/* Only root may empty the caches of the machine. */
	if (cpu->cell != &root_cell)
		wanted |= PROC2_WBINVD;
	return vmx_adjust(vmx_capabilities.procbased2, wanted);
}

void vcpu_setup_controls(struct cpu *cpu)
{
	const struct vmx_capabilities *c = &vmx_capabilities;
	const struct cell *cell = cpu->cell;
	uint32_t proc2 = secondary_controls(cpu);

	vmcs_write(VMCS_PIN_CONTROLS, vmx_adjust(c->pinbased, WANTED_PIN));
	vmcs_write(VMCS_PROC_CONTROLS, vmx_adjust(c->procbased, WANTED_PROC));
	vmcs_write(VMCS_PROC2_CONTROLS, proc2);
	vmcs_write(VMCS_EXIT_CONTROLS, vmx_adjust(c->exit, WANTED_EXIT));
	/* Its bit "IA-32e mode guest" goes with EFER: vcpu_set_efer(). */
	vmcs_write(VMCS_ENTRY_CONTROLS, vmx_adjust(c->entry, WANTED_ENTRY));

	vmcs_write(VMCS_EXCEPTION_BITMAP, EXITING_EXCEPTIONS);
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
 * NE and VMXE are what VMX operation insists on (SDM vol. 3C, 23.8), and MCE what all of the
 * machine needs; the guest sees and sets shadows of them: see exit_control.c.
 */
static void setup_masks(void)
{
	vmcs_write(VMCS_CR0_MASK, CR0_NE);
	vmcs_write(VMCS_CR4_MASK, CR4_VMXE | CR4_MCE);
}

void vmx_setup(struct cpu *cpu)
{
	vcpu_setup_controls(cpu);
	setup_host(cpu);
	setup_masks();
	guest_arrive(cpu);
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, 0);
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_ACTIVE);
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, 0);
}
