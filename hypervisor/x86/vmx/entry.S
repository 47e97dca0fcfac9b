/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of the guest and back into it. RSP at a VM exit is the end of cpu->gprs, so that the pushes
 * fill it from the top, and the stack continues below:
 *
 *	struct cpu	self, events, ...
 *			gprs[15] r15		<- RSP at the exit is just above
 *			...
 *			gprs[4]  (rsp)		not pushed: it is in the VMCS
 *			...
 *	cpu (page)	gprs[0]  rax		<- RSP when C runs
 *	the stack	return address, C frames
 */
#include "x86/offsets.h"

#define VMCS_EXIT_REASON 0x4402

	.section .text.entry, "ax"

	.globl vmx_exit, guest_enter, guest_enter_critical, guest_enter_critical_end, vmx_launch

	.balign 64
vmx_exit:
	push %r15
	push %r14
	push %r13
	push %r12
	push %r11
	push %r10
	push %r9
	push %r8
	push %rdi
	push %rsi
	push %rbp
	push %rsp
	push %rbx
	push %rdx
	push %rcx
	push %rax
	mov %rsp, %rdi
	mov $VMCS_EXIT_REASON, %eax
	vmread %rax, %rsi
	cmp $EXIT_REASONS, %rsi
	jae 1f
	incq CPU_EXITS(%rdi, %rsi, 8)
	lea vmx_exit_handlers(%rip), %rax
	call *(%rax, %rsi, 8)

guest_enter:
	cmpl $0, CPU_EVENTS(%rsp)
	jne 2f
	/* From here on an NMI starts again at guest_enter, with RSP at the cpu (exceptions.c). */
guest_enter_critical:
	pop %rax
	pop %rcx
	pop %rdx
	pop %rbx
	pop %rbp		/* RSP's slot */
	pop %rbp
	pop %rsi
	pop %rdi
	pop %r8
	pop %r9
	pop %r10
	pop %r11
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	vmresume
guest_enter_critical_end:
	/* VMRESUME failed: a defect of ours. */
	lea -CPU_GPRS_SIZE(%rsp), %rsp
	call vmx_entry_failed

1:	/* Beyond the table: a failed entry (bit 31), or an exit of a newer processor. */
	call vmx_exit_unknown
	jmp guest_enter

2:	mov %rsp, %rdi
	call vmx_take_events
	jmp guest_enter

	/*
	 * void vmx_launch(struct cpu *): the first entry. The guest's registers are in cpu->gprs; it
	 * returns on the caller's stack if VMLAUNCH fails.
	 */
vmx_launch:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	xor %eax, %eax
	vmlaunch
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret
