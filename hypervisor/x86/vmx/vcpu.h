/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual CPU of VMX: fields of the VMCS that is loaded on this processor, by the names that
 * x86/guest knows (guest.h).
 */
#ifndef X86_VMX_VCPU_H
#define X86_VMX_VCPU_H

#include "core/assert.h"
#include "core/cell.h"
#include "core/cpu.h"
#include "model/format_ept.h"
#include "model/vmx_features.h"
#include "x86/control.h"
#include "x86/guest/segment.h"
#include "x86/guest/violation.h"
#include "x86/vmx/vmcs.h"

/* Of the first CPU; equal on all others or the enable was refused: operation.c. */
extern struct vmx_capabilities vmx_capabilities;

#define VCPU_READ(name, field)                                                  \
	static inline uint64_t vcpu_##name(const struct cpu *cpu)               \
	{                                                                       \
		(void)cpu;                                                      \
		return vmcs_read(field);                                        \
	}
#define VCPU_WRITE(name, field)                                                 \
	static inline void vcpu_set_##name(struct cpu *cpu, uint64_t value)     \
	{                                                                       \
		(void)cpu;                                                      \
		vmcs_write(field, value);                                       \
	}
#define VCPU_REGISTER(name, field) VCPU_READ(name, field) VCPU_WRITE(name, field)

VCPU_REGISTER(rip, VMCS_GUEST_RIP)
VCPU_REGISTER(rsp, VMCS_GUEST_RSP)
VCPU_REGISTER(rflags, VMCS_GUEST_RFLAGS)
VCPU_READ(cr0, VMCS_GUEST_CR0)
VCPU_REGISTER(cr3, VMCS_GUEST_CR3)
VCPU_READ(cr4, VMCS_GUEST_CR4)
VCPU_READ(efer, VMCS_GUEST_EFER)
VCPU_REGISTER(dr7, VMCS_GUEST_DR7)
VCPU_REGISTER(pat, VMCS_GUEST_PAT)
VCPU_REGISTER(debugctl, VMCS_GUEST_DEBUGCTL)
VCPU_REGISTER(sysenter_cs, VMCS_GUEST_SYSENTER_CS)
VCPU_REGISTER(sysenter_esp, VMCS_GUEST_SYSENTER_ESP)
VCPU_REGISTER(sysenter_eip, VMCS_GUEST_SYSENTER_EIP)
VCPU_READ(exit_reason, VMCS_EXIT_REASON)
VCPU_READ(qualification, VMCS_QUALIFICATION)
VCPU_READ(fault_place, VMCS_GUEST_PHYSICAL)

/* CR2 is not in the VMCS: the guest's own value is in the register. */
static inline uint64_t vcpu_cr2(const struct cpu *cpu)
{
	(void)cpu;
	return cr2_read();
}

static inline void vcpu_set_cr2(struct cpu *cpu, uint64_t value)
{
	(void)cpu;
	cr2_write(value);
}

/* CR4.MCE is the processor's as Linux had it, whatever guest it runs: exit_machine_check.c. */
static inline uint64_t vcpu_kept_cr4(void)
{
	return CR4_VMXE | (cr4_read() & CR4_MCE);
}

/* What the guest sees of a bit that the hypervisor keeps is in a shadow: exit_control.c. */
static inline uint64_t vcpu_shown_cr0(const struct cpu *cpu)
{
	uint64_t mask = vmcs_read(VMCS_CR0_MASK);

	return (vcpu_cr0(cpu) & ~mask) | (vmcs_read(VMCS_CR0_SHADOW) & mask);
}

static inline uint64_t vcpu_shown_cr4(const struct cpu *cpu)
{
	uint64_t mask = vmcs_read(VMCS_CR4_MASK);

	assert_that((vcpu_cr4(cpu) & mask) == vcpu_kept_cr4());
	return (vcpu_cr4(cpu) & ~mask) | (vmcs_read(VMCS_CR4_SHADOW) & mask);
}

static inline void vcpu_set_cr0(struct cpu *cpu, uint64_t value)
{
	(void)cpu;
	vmcs_write(VMCS_CR0_SHADOW, value);
	vmcs_write(VMCS_GUEST_CR0, value);
}

static inline void vcpu_set_cr4(struct cpu *cpu, uint64_t value)
{
	(void)cpu;
	vmcs_write(VMCS_CR4_SHADOW, value);
	vmcs_write(VMCS_GUEST_CR4, (value & ~CR4_MCE) | vcpu_kept_cr4());
}

/* No bit of it is the hypervisor's: accesses go straight to the register. */
#define VCPU_EFER_EXITS false

static inline void vcpu_set_efer(struct cpu *cpu, uint64_t value)
{
	uint64_t controls = vmcs_read(VMCS_ENTRY_CONTROLS) & ~(uint64_t)ENTRY_GUEST_LONG;

	(void)cpu;
	vmcs_write(VMCS_GUEST_EFER, value);
	vmcs_write(VMCS_ENTRY_CONTROLS, value & EFER_LMA ? controls | ENTRY_GUEST_LONG : controls);
}

static inline uint64_t vcpu_base(const struct cpu *cpu, enum segment segment)
{
	(void)cpu;
	return vmcs_read(VMCS_BASE(segment));
}

static inline struct bh_segment vcpu_segment(const struct cpu *cpu, enum segment segment)
{
	(void)cpu;
	return (struct bh_segment){
		.base = vmcs_read(VMCS_BASE(segment)),
		.limit = (uint32_t)vmcs_read(VMCS_LIMIT(segment)),
		.rights = (uint32_t)vmcs_read(VMCS_RIGHTS(segment)),
		.selector = vmcs_read(VMCS_SELECTOR(segment)),
	};
}

static inline void vcpu_set_segment(struct cpu *cpu, enum segment segment,
				    const struct bh_segment *state)
{
	(void)cpu;
	vmcs_write(VMCS_SELECTOR(segment), state->selector);
	vmcs_write(VMCS_BASE(segment), state->base);
	vmcs_write(VMCS_LIMIT(segment), state->limit);
	vmcs_write(VMCS_RIGHTS(segment), state->rights);
}

static inline struct bh_descriptor_table vcpu_gdtr(const struct cpu *cpu)
{
	(void)cpu;
	return (struct bh_descriptor_table){
		.base = vmcs_read(VMCS_GUEST_GDTR_BASE),
		.limit = (uint16_t)vmcs_read(VMCS_GUEST_GDTR_LIMIT),
	};
}

static inline struct bh_descriptor_table vcpu_idtr(const struct cpu *cpu)
{
	(void)cpu;
	return (struct bh_descriptor_table){
		.base = vmcs_read(VMCS_GUEST_IDTR_BASE),
		.limit = (uint16_t)vmcs_read(VMCS_GUEST_IDTR_LIMIT),
	};
}

static inline void vcpu_set_gdtr(struct cpu *cpu, const struct bh_descriptor_table *table)
{
	(void)cpu;
	vmcs_write(VMCS_GUEST_GDTR_BASE, table->base);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, table->limit);
}

static inline void vcpu_set_idtr(struct cpu *cpu, const struct bh_descriptor_table *table)
{
	(void)cpu;
	vmcs_write(VMCS_GUEST_IDTR_BASE, table->base);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, table->limit);
}

static inline uint32_t vcpu_cpl(const struct cpu *cpu)
{
	(void)cpu;
	return RIGHTS_DPL((uint32_t)vmcs_read(VMCS_RIGHTS(SEG_SS)));
}

/* CS.L counts in long mode only; outside it the processor keeps it clear (24.4.1). */
static inline bool vcpu_in_long_code(const struct cpu *cpu)
{
	(void)cpu;
	return vmcs_read(VMCS_RIGHTS(SEG_CS)) & RIGHTS_LONG;
}

static inline bool vcpu_in_big_code(const struct cpu *cpu)
{
	(void)cpu;
	return vmcs_read(VMCS_RIGHTS(SEG_CS)) & RIGHTS_BIG;
}

static inline uint8_t vcpu_physical_width(void)
{
	return (uint8_t)vmx_capabilities.cpuid_80000008_eax;
}

/* The processor keeps them since CR3 was loaded (SDM vol. 3A, 4.4.1). */
static inline void vcpu_read_pdptes(struct cpu *cpu, uint64_t pdptes[4])
{
	unsigned int i;

	(void)cpu;
	for (i = 0; i < 4; i++)
		pdptes[i] = vmcs_read(VMCS_GUEST_PDPTE0 + 2 * i);
}

static inline bool vcpu_translate(const struct pagetable *map, gpa_t at, hpa_t *phys)
{
	return ept_translate(map, at, phys);
}

#define VIOLATION_LINEAR (1ULL << 7) /* the linear address is known; only here */

static inline uint64_t vcpu_violation(const struct cpu *cpu)
{
	return vcpu_qualification(cpu);
}

static inline bool vcpu_was_delivering(const struct cpu *cpu)
{
	(void)cpu;
	return vmcs_read(VMCS_VECTORING_EVENT) & EVENT_VALID;
}

static inline bool vcpu_fault_linear(const struct cpu *cpu, uint64_t qualification,
				     uint64_t *linear)
{
	(void)cpu;
	if (!(qualification & VIOLATION_LINEAR))
		return false;
	*linear = vmcs_read(VMCS_GUEST_LINEAR);
	return true;
}

/* What an I/O instruction was: its exit qualification (table 27-5). */
#define PORT_BYTES(q)  (uint32_t)(((q) & 7) + 1)
#define PORT_IS_IN(q)  ((q) >> 3 & 1)
#define PORT_STRING(q) ((q) >> 4 & 1)
#define PORT_REP(q)    ((q) >> 5 & 1)
#define PORT_NUMBER(q) ((q) >> 16 & 0xffff)

/* The address size of INS and OUTS: VM-exit instruction information, bits 9:7 (table 27-9). */
static inline uint64_t vcpu_port_address_mask(const struct cpu *cpu, uint64_t qualification)
{
	static const uint64_t masks[] = { 0xffff, 0xffffffff, ~0ULL, ~0ULL };

	(void)cpu;
	(void)qualification;
	return masks[vmcs_read(VMCS_INSTRUCTION_INFO) >> 7 & 3];
}

static inline uint64_t vcpu_port_linear(const struct cpu *cpu, uint64_t qualification)
{
	(void)cpu;
	(void)qualification;
	return vmcs_read(VMCS_GUEST_LINEAR);
}

/* What guest/skip.h makes of these is a step as the processor makes it (SDM vol. 3C, 27.2.5). */
static inline uint64_t vcpu_instruction_length(struct cpu *cpu)
{
	(void)cpu;
	return vmcs_read(VMCS_INSTRUCTION_LENGTH);
}

static inline void vcpu_note_step(struct cpu *cpu, uint64_t length)
{
	uint64_t blocked = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	(void)cpu;
	(void)length;
	if (__builtin_expect((blocked & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) != 0, 0))
		vmcs_write(VMCS_GUEST_INTERRUPTIBILITY,
			   blocked & ~(uint64_t)(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS));
}

/* A guest that has TF and no trap pending behind it could not be entered (26.3.1.5). */
static inline void vcpu_trap_step(struct cpu *cpu)
{
	(void)cpu;
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, PENDING_DEBUG_STEP);
}

/* Back to the instruction that vcpu_skip() has stepped over, for a record that shows it. */
static inline void vcpu_unskip(struct cpu *cpu)
{
	vcpu_set_rip(cpu, vcpu_rip(cpu) - vmcs_read(VMCS_INSTRUCTION_LENGTH));
}

/* A hardware exception instead of the instruction that exited. */
static inline void vcpu_inject(struct cpu *cpu, uint32_t vector)
{
	(void)cpu;
	vmcs_write(VMCS_ENTRY_EVENT, EVENT_VALID | EVENT_TYPE_HARDWARE_EXCEPTION << 8 | vector);
}

/* In real mode no exception has an error code, and none may be given (26.2.1.3). */
static inline void vcpu_inject_code(struct cpu *cpu, uint32_t vector, uint32_t error_code)
{
	uint32_t has_code = vmcs_read(VMCS_GUEST_CR0) & CR0_PE ? EVENT_ERROR_CODE : 0;

	(void)cpu;
	vmcs_write(VMCS_ENTRY_ERROR_CODE, error_code);
	vmcs_write(VMCS_ENTRY_EVENT,
		   EVENT_VALID | has_code | EVENT_TYPE_HARDWARE_EXCEPTION << 8 | vector);
}

/* All that owner.c scrubs is in the processor itself. */
static inline void vcpu_forget_registers(struct cpu *cpu)
{
	(void)cpu;
}

/* setup.c */
void vcpu_setup_controls(struct cpu *cpu);

/* park.c: a halt in guest mode. */
void vcpu_park(struct cpu *cpu, uint32_t halt);
void vcpu_unpark(struct cpu *cpu);

/* The NMI that carried a message may have woken a guest that is to stay halted. */
static inline void vcpu_stay_halted(struct cpu *cpu)
{
	if (cpu->halt != CPU_RUNS)
		vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
}

/* The guest's state is its own at every exit. */
static inline void vcpu_settle(struct cpu *cpu)
{
	(void)cpu;
}

/* exit_event.c */
void vcpu_deliver_nmi(struct cpu *cpu);
void vcpu_deliver_check(struct cpu *cpu);

/* ept.c */
void vcpu_forget_owner(struct cpu *cpu, const struct cell *old_cell, uint32_t old_vpid);
void vcpu_invalidate_map(struct cpu *cpu);

#define VCPU_EMULATES_APIC true

/* exit_apic_page.c: the page's reads no longer exit, if they did. */
void vcpu_end_apic_shadow(struct cpu *cpu);

/* operation.c: after guest_leave() has read the guest's state, of which nothing is left then. */
void vcpu_off(struct cpu *cpu);

#endif
