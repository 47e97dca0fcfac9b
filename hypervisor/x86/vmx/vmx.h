/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the VMX backend share: the processor's capabilities, a CPU's way into and out
 * of VMX operation, and the small steps that exit handlers are made of.
 */
#ifndef X86_VMX_VMX_H
#define X86_VMX_VMX_H

#include <bulkhead/refusal.h>

#include "core/assert.h"
#include "core/cell.h"
#include "core/cpu.h"
#include "model/vmx_features.h"
#include "x86/control.h"
#include "x86/vmx/vmcs.h"

/* operation.c: of the first CPU; equal on all others or the enable was refused. */
extern struct vmx_capabilities vmx_capabilities;
bool vmx_check_features(struct cpu *cpu, struct bh_refusal *refusal);
bool vmx_on(struct cpu *cpu, struct bh_refusal *refusal);
void vmx_off(void);

/*
 * setup.c: the VMCS of a CPU of root, from Linux's state at the bridge; and of it what depends on
 * the CPU's cell.
 */
void vmx_setup(struct cpu *cpu);
void vmx_setup_controls(const struct cpu *cpu);

/* reset.c: the state after INIT, and the start by SIPI. */
void vmx_reset(struct cpu *cpu);
void vmx_startup(struct cpu *cpu, uint32_t vector);
void vmx_park(struct cpu *cpu, uint32_t halt);
void vmx_unpark(struct cpu *cpu);

/* ept.c */
uint64_t vmx_eptp(const struct cell *cell);
void vmx_invalidate_ept(const struct cpu *cpu, uint64_t eptp);
void vmx_invalidate_vpid(const struct cpu *cpu, uint32_t vpid);
void vmx_invalidate_map(struct cpu *cpu);

/* move.c: to cpu->next_cell; and the start of a stopped CPU. */
void vmx_move(struct cpu *cpu);
void vmx_begin(struct cpu *cpu);

/* apic_shadow.c: an access to the page, and the end of the shadow. */
void vmx_apic_shadow(struct cpu *cpu, uint32_t offset);
void vmx_end_apic_shadow(struct cpu *cpu);

/* stop.c */
void vmx_stop(struct cpu *cpu);

/* leave.c */
_Noreturn void vmx_leave(struct cpu *cpu);
_Noreturn void vmx_step_back(struct cpu *cpu);

/* entry.S: enters a guest for the first time; returns only if VMLAUNCH fails. */
void vmx_launch(struct cpu *cpu);

/* skip.c: what is rare of a step: past the end of 4 GiB, and a single step. */
uint64_t vmx_wrapped(uint64_t rip);
void vmx_trap_step(void);

/*
 * A step past the instruction that exited: RIP, interrupt shadow, single step (SDM vol. 3C,
 * 27.2.5).
 */
static inline void vmx_skip_bytes(uint64_t length)
{
	uint64_t blocked = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);
	uint64_t rip = vmcs_read(VMCS_GUEST_RIP) + length;

	assert_that(length >= 1 && length <= 15);
	if (__builtin_expect((uint32_t)rip < length, 0))
		rip = vmx_wrapped(rip);
	vmcs_write(VMCS_GUEST_RIP, rip);
	if (__builtin_expect((blocked & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) != 0, 0))
		vmcs_write(VMCS_GUEST_INTERRUPTIBILITY,
			   blocked & ~(uint64_t)(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS));
	if (__builtin_expect((vmcs_read(VMCS_GUEST_RFLAGS) & RFLAGS_TF) != 0, 0))
		vmx_trap_step();
}

static inline void vmx_skip(void)
{
	vmx_skip_bytes(vmcs_read(VMCS_INSTRUCTION_LENGTH));
}

/* A hardware exception instead of the instruction that exited. */
static inline void vmx_inject_exception(uint32_t vector)
{
	vmcs_write(VMCS_ENTRY_EVENT, EVENT_VALID | EVENT_TYPE_HARDWARE_EXCEPTION << 8 | vector);
}

/* In real mode no exception has an error code, and none may be given (26.2.1.3). */
static inline void vmx_inject_exception_code(uint32_t vector, uint32_t error_code)
{
	uint32_t has_code = vmcs_read(VMCS_GUEST_CR0) & CR0_PE ? EVENT_ERROR_CODE : 0;

	vmcs_write(VMCS_ENTRY_ERROR_CODE, error_code);
	vmcs_write(VMCS_ENTRY_EVENT,
		   EVENT_VALID | has_code | EVENT_TYPE_HARDWARE_EXCEPTION << 8 | vector);
}

static inline uint32_t vmx_guest_cpl(void)
{
	return RIGHTS_DPL((uint32_t)vmcs_read(VMCS_RIGHTS(SEG_SS)));
}

#endif
