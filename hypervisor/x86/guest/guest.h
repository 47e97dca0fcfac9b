/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every backend does alike with the virtual CPU that its processor runs. The files of this
 * folder are compiled once for each backend and become part of it; they reach the virtual CPU by
 * the backend's own "vcpu.h", whose small functions make the difference between a VMCS and a VMCB.
 * So no exit pays for the other vendor.
 *
 * "vcpu.h" provides, for the CPU that it is called on:
 *
 *   vcpu_rip, vcpu_set_rip ...    registers: rip rsp rflags cr0 cr3 cr4 efer dr7 pat debugctl
 *                                 sysenter_cs sysenter_esp sysenter_eip cr2, vcpu_cpl; cr0 and cr4
 *                                 are the processor's, vcpu_shown_cr0 and _cr4 what the guest sees
 *   vcpu_segment, vcpu_base       segments and descriptor tables
 *   vcpu_exit_reason ...          of the last exit: reason, qualification, fault_place, violation,
 *                                 was_delivering, the PORT_ macros
 *   vcpu_instruction_length,      of the instruction that exited, for skip.h's step past it, as are
 *   vcpu_note_step, _trap_step    what goes with the step, and a single step; vcpu_unskip back
 *   vcpu_inject, vcpu_inject_code an exception instead of it
 *   vcpu_deliver_nmi              now, or as soon as the guest can take one
 *   vcpu_deliver_check            a machine check, now
 *   vcpu_settle                   nothing of ours is in the guest's state any more
 *   vcpu_park, vcpu_unpark        halts until an event; vcpu_stay_halted after each
 *   vcpu_setup_controls           all that depends on cpu->cell
 *   vcpu_forget_registers         the virtual CPU's own, where owner.c scrubs the real ones
 *   vcpu_forget_owner             what the TLB holds of the owner before (I4)
 *   vcpu_off                      the end of guest mode on this CPU
 *   VCPU_EFER_EXITS               accesses to EFER are served here
 *   VCPU_EMULATES_APIC            so are those to the page of an APIC that stays in x2APIC mode
 */
#ifndef X86_GUEST_GUEST_H
#define X86_GUEST_GUEST_H

#include "core/cpu.h"

/* arrive.c: a CPU of root, as Linux was when it stepped onto the bridge. */
void guest_arrive(struct cpu *cpu);

/* reset.c: the state after INIT, and the start by SIPI. */
void guest_reset(struct cpu *cpu);
void guest_startup(struct cpu *cpu, uint32_t vector);

/* move.c: to cpu->next_cell; and the start of a stopped CPU. */
void guest_move(struct cpu *cpu);
void guest_begin(struct cpu *cpu);

/* stop.c */
void guest_stop(struct cpu *cpu);

/* events.c */
void guest_take_events(struct cpu *cpu);

/*
 * exit_machine_check.c: one has come. True if the guest serves it, else it is done with, and the
 * CPU goes on or has stopped. guest_end_by_check() is for where there is nothing to go back to.
 * guest_give_check() is for one that it serves, if nothing has ended that meanwhile.
 */
bool guest_take_check(struct cpu *cpu);
void guest_give_check(struct cpu *cpu);
void guest_drop_check(void);
void guest_end_by_check(struct cpu *cpu);

/* leave.c */
_Noreturn void guest_leave(struct cpu *cpu);

/* apic_shadow.c: an access to the page of an APIC in x2APIC mode. */
void guest_apic_shadow(struct cpu *cpu, uint32_t offset);

/* fault.c: of the APIC's page, by an instruction that cannot be read. */
void guest_apic_undecoded(struct cpu *cpu, uint32_t offset);

#endif
