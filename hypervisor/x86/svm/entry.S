/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Into the guest and out of it again. RSP is the struct cpu, whose first member takes the guest's
 * registers; the VMCB is a fixed way behind it. The global interrupt flag is clear whenever the
 * hypervisor runs (APM vol. 2, 15.17): an NMI waits until VMRUN, which it then ends at once.
 *
 * VMRUN switches RAX, RSP, RIP, flags, control registers and CS to ES; VMLOAD and VMSAVE the rest,
 * of which the hypervisor needs GS and TR.
 */
#include "x86/gprs.h"
#include "x86/offsets.h"
#include "x86/svm/offsets.h"

	.section .text.entry, "ax"

	.globl guest_enter, svm_launch, svm_launch_failed
	.globl svm_idle, svm_idle_end, svm_idle_again

	.balign 64
guest_enter:
	cmpl $0, CPU_EVENTS(%rsp)
	jne 1f
	cmpl $0, CPU_HALT(%rsp)
	jne 2f
	mov 0(%rsp), %rax
	mov %rax, (CPU_TO_VMCB + VMCB_RAX)(%rsp)
	gprs_load
	mov (CPU_TO_VMCB + VMCB_OWN_PHYS)(%rsp), %rax
	vmload %rax
	vmrun %rax
	vmsave %rax
	gprs_save
	mov (CPU_TO_VMCB + VMCB_HOST_PHYS)(%rsp), %rax
	vmload %rax
	mov (CPU_TO_VMCB + VMCB_RAX)(%rsp), %rax
	mov %rax, 0(%rsp)
	/* Both were for this entry only. */
	movb $0, (CPU_TO_VMCB + VMCB_TLB_CONTROL)(%rsp)
	movq $0, (CPU_TO_VMCB + VMCB_ENTRY_EVENT)(%rsp)
	mov %rsp, %rdi
	mov $EXIT_SVM_OTHER, %eax
	mov (CPU_TO_VMCB + VMCB_EXIT_CODE)(%rsp), %rsi
	sub $EXIT_SVM_FIRST, %rsi
	cmp %rax, %rsi
	cmova %rax, %rsi
	incq CPU_EXITS(%rdi, %rsi, 8)
	lea svm_exit_handlers(%rip), %rax
	call *(%rax, %rsi, 8)
	jmp guest_enter

1:	mov %rsp, %rdi
	call guest_take_events
	jmp guest_enter

	/*
	 * Halted: nothing but an NMI with a message ends it, and that may come before the HLT; so
	 * this stretch is left from an NMI (exceptions.c). Interrupts are dropped.
	 */
2:
	lidt tables_dropping_idtr(%rip)
svm_idle:
	stgi
	sti
	hlt
	cli
svm_idle_end:
svm_idle_again:
	cli
	clgi
	lidt tables_idtr(%rip)
	jmp guest_enter

	/*
	 * void svm_launch(struct cpu *): the first entry, with RAX = 0 for Linux at the bridge. It
	 * returns by svm_launch_failed() only, on the stack that is kept in the VMCB.
	 */
svm_launch:
	callee_save
	clgi
	mov %rsp, (CPU_TO_VMCB + VMCB_LAUNCH_RSP)(%rdi)
	mov %rdi, %rsp
	jmp guest_enter

svm_launch_failed:
	mov (CPU_TO_VMCB + VMCB_LAUNCH_RSP)(%rdi), %rsp
	stgi
	callee_load
	ret
