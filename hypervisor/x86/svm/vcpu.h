/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual CPU of SVM: fields of its VMCB, by the names that x86/guest knows (guest.h).
 */
#ifndef X86_SVM_VCPU_H
#define X86_SVM_VCPU_H

#include "core/cell.h"
#include "core/cpu.h"
#include "model/format_npt.h"
#include "x86/control.h"
#include "x86/guest/segment.h"
#include "x86/guest/violation.h"
#include "x86/msr.h"
#include "x86/svm/vmcb.h"

/* The VMCB is a fixed way from the struct cpu. */
#define CPU_VMCB ((CPU_VMCS_PAGE - CPU_STRUCT_PAGE) * BH_PAGE_SIZE)

static inline struct vmcb *vmcb_of(const struct cpu *cpu)
{
	return (struct vmcb *)((uint64_t)cpu + CPU_VMCB);
}

#define VCPU_READ(name, field)                                                  \
	static inline uint64_t vcpu_##name(const struct cpu *cpu)               \
	{                                                                       \
		return vmcb_of(cpu)->field;                                     \
	}
#define VCPU_WRITE(name, field)                                                 \
	static inline void vcpu_set_##name(struct cpu *cpu, uint64_t value)     \
	{                                                                       \
		vmcb_of(cpu)->field = value;                                    \
	}
#define VCPU_REGISTER(name, field) VCPU_READ(name, field) VCPU_WRITE(name, field)

VCPU_REGISTER(rip, rip)
VCPU_REGISTER(rsp, rsp)
VCPU_REGISTER(rflags, rflags)
VCPU_REGISTER(cr0, cr0)
VCPU_REGISTER(cr2, cr2)
VCPU_REGISTER(cr3, cr3)
VCPU_REGISTER(cr4, cr4)
VCPU_REGISTER(dr7, dr7)
VCPU_REGISTER(pat, pat)
VCPU_REGISTER(sysenter_cs, sysenter_cs)
VCPU_REGISTER(sysenter_esp, sysenter_esp)
VCPU_REGISTER(sysenter_eip, sysenter_eip)
VCPU_READ(shown_cr0, cr0)
VCPU_READ(shown_cr4, cr4)
VCPU_READ(exit_reason, exit_code)
VCPU_READ(qualification, exit_info1)
VCPU_READ(fault_place, exit_info2)

/* VMRUN insists on SVME (15.5.1); the guest does not see it. */
#define VCPU_EFER_EXITS true

static inline uint64_t vcpu_efer(const struct cpu *cpu)
{
	return vmcb_of(cpu)->efer & ~EFER_SVME;
}

static inline void vcpu_set_efer(struct cpu *cpu, uint64_t value)
{
	vmcb_of(cpu)->efer = value | EFER_SVME;
}

/* Not switched, as the guest's last branches are not recorded for it. */
static inline uint64_t vcpu_debugctl(const struct cpu *cpu)
{
	(void)cpu;
	return msr_read(MSR_DEBUGCTL);
}

static inline void vcpu_set_debugctl(struct cpu *cpu, uint64_t value)
{
	(void)cpu;
	msr_write(MSR_DEBUGCTL, value);
}

/* registers.c: segments in the form of bh_registers. */
struct bh_segment vcpu_segment(const struct cpu *cpu, enum segment segment);
void vcpu_set_segment(struct cpu *cpu, enum segment segment, const struct bh_segment *state);
uint64_t vcpu_base(const struct cpu *cpu, enum segment segment);
struct bh_descriptor_table vcpu_gdtr(const struct cpu *cpu);
struct bh_descriptor_table vcpu_idtr(const struct cpu *cpu);
void vcpu_set_gdtr(struct cpu *cpu, const struct bh_descriptor_table *table);
void vcpu_set_idtr(struct cpu *cpu, const struct bh_descriptor_table *table);

static inline uint32_t vcpu_cpl(const struct cpu *cpu)
{
	return vmcb_of(cpu)->cpl;
}

static inline bool vcpu_in_long_code(const struct cpu *cpu)
{
	const struct vmcb *vmcb = vmcb_of(cpu);

	return (vmcb->cs.attributes & ATTRIBUTE_LONG) && (vmcb->efer & EFER_LMA);
}

static inline bool vcpu_in_big_code(const struct cpu *cpu)
{
	return vmcb_of(cpu)->cs.attributes & ATTRIBUTE_BIG;
}

/* operation.c */
extern uint8_t svm_physical_width;

static inline uint8_t vcpu_physical_width(void)
{
	return svm_physical_width;
}

/* registers.c: with nested paging the first are read from memory at each walk (15.25.10). */
void vcpu_read_pdptes(struct cpu *cpu, uint64_t pdptes[4]);
void vcpu_forget_registers(struct cpu *cpu);

static inline bool vcpu_translate(const struct pagetable *map, gpa_t at, hpa_t *phys)
{
	return npt_translate(map, at, phys);
}

static inline uint64_t vcpu_violation(const struct cpu *cpu)
{
	uint64_t info = vmcb_of(cpu)->exit_info1;
	uint64_t access = info & NPF_WRITE ? VIOLATION_WRITE : VIOLATION_READ;

	if (info & NPF_FETCH)
		access = VIOLATION_FETCH;
	return access | (info & NPF_FINAL ? VIOLATION_AT_DATA : 0);
}

static inline bool vcpu_was_delivering(const struct cpu *cpu)
{
	return vmcb_of(cpu)->exit_event & EVENT_VALID;
}

/* The processor does not tell it. */
static inline bool vcpu_fault_linear(const struct cpu *cpu, uint64_t qualification,
				     uint64_t *linear)
{
	(void)cpu;
	(void)qualification;
	(void)linear;
	return false;
}

/* What an I/O instruction was: EXITINFO1 (15.10.2). */
#define PORT_BYTES(q)  (uint32_t)((q) >> 4 & 7)
#define PORT_IS_IN(q)  ((q) & 1)
#define PORT_STRING(q) ((q) >> 2 & 1)
#define PORT_REP(q)    ((q) >> 3 & 1)
#define PORT_NUMBER(q) ((q) >> 16 & 0xffff)

static inline uint64_t vcpu_port_address_mask(const struct cpu *cpu, uint64_t qualification)
{
	(void)cpu;
	switch (qualification >> 7 & 7) {
	case 1:
		return 0xffff;
	case 2:
		return 0xffffffff;
	default:
		return ~0ULL;
	}
}

/* Of INS, which knows no other segment than ES. */
static inline uint64_t vcpu_port_linear(const struct cpu *cpu, uint64_t qualification)
{
	uint64_t offset = cpu->gprs[GPR_RDI] & vcpu_port_address_mask(cpu, qualification);

	if (vcpu_in_long_code(cpu))
		return offset;
	return (uint32_t)(vmcb_of(cpu)->es.base + offset);
}

/* Of a step, see guest/skip.h. instruction_length.c: what the processor does not tell. */
uint64_t svm_instruction_length(struct cpu *cpu);
uint64_t svm_step_to(const struct cpu *cpu, uint64_t next);

/* exit_exception.c */
void vcpu_trap_step(struct cpu *cpu);

static inline uint64_t vcpu_instruction_length(struct cpu *cpu)
{
	uint64_t next = vmcb_of(cpu)->next_rip;

	/* Zero where it is not saved (15.7.1). */
	return next ? svm_step_to(cpu, next) : svm_instruction_length(cpu);
}

static inline void vcpu_note_step(struct cpu *cpu, uint64_t length)
{
	vmcb_of(cpu)->skipped = (uint8_t)length;
	vmcb_of(cpu)->interrupt_state &= ~STATE_SHADOW;
}

static inline void vcpu_unskip(struct cpu *cpu)
{
	vmcb_of(cpu)->rip -= vmcb_of(cpu)->skipped;
}

static inline void vcpu_inject(struct cpu *cpu, uint32_t vector)
{
	vmcb_of(cpu)->entry_event = EVENT_VALID | EVENT_TYPE_EXCEPTION | vector;
}

/* In real mode no exception has an error code. */
static inline void vcpu_inject_code(struct cpu *cpu, uint32_t vector, uint32_t error_code)
{
	uint64_t code = vmcb_of(cpu)->cr0 & CR0_PE ?
				EVENT_ERROR_CODE | (uint64_t)error_code << 32 : 0;

	vmcb_of(cpu)->entry_event = EVENT_VALID | EVENT_TYPE_EXCEPTION | vector | code;
}

/* setup.c */
void vcpu_setup_controls(struct cpu *cpu);

/* park.c: a halt in the hypervisor. */
void vcpu_park(struct cpu *cpu, uint32_t halt);
void vcpu_unpark(struct cpu *cpu);

/* entry.S looks at cpu->halt. */
static inline void vcpu_stay_halted(const struct cpu *cpu)
{
	(void)cpu;
}

/* exit_event.c */
void vcpu_settle(struct cpu *cpu);
void vcpu_deliver_nmi(struct cpu *cpu);

static inline void vcpu_deliver_check(struct cpu *cpu)
{
	vcpu_inject(cpu, VECTOR_MACHINE_CHECK);
}

/* asid.c */
void vcpu_forget_owner(struct cpu *cpu, const struct cell *old_cell, uint32_t old_vpid);
void vcpu_invalidate_map(struct cpu *cpu);

/*
 * The page of the local APIC is never emulated: a cell's CPUs share one map, in which it can be
 * read. So no cell may take an APIC to x2APIC mode that does not come back from there; one that
 * firmware keeps there shows as what it is.
 */
#define VCPU_EMULATES_APIC false

static inline void vcpu_end_apic_shadow(const struct cpu *cpu)
{
	(void)cpu;
}

/* operation.c */
void vcpu_off(struct cpu *cpu);

#endif
