/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of the guest and back into it. RSP at a VM exit is the struct cpu, whose first member takes
 * the guest's registers; the stack continues below:
 *
 *	struct cpu	self, events, ...
 *			gprs[15] r15
 *			...
 *			gprs[4]  (rsp)		not saved: it is in the VMCS
 *			...
 *	cpu (page)	gprs[0]  rax		<- RSP at the exit, and when C is called
 *	the stack	return address, C frames
 */
#include "x86/offsets.h"

#define VMCS_EXIT_REASON 0x4402

	.section .text.entry, "ax"

	.globl vmx_exit, guest_enter, guest_enter_critical, guest_enter_critical_end, vmx_launch

	.balign 64
vmx_exit:
	mov %rax, 0(%rsp)
	mov %rcx, 8(%rsp)
	mov %rdx, 16(%rsp)
	mov %rbx, 24(%rsp)
	mov %rbp, 40(%rsp)
	mov %rsi, 48(%rsp)
	mov %rdi, 56(%rsp)
	mov %r8, 64(%rsp)
	mov %r9, 72(%rsp)
	mov %r10, 80(%rsp)
	mov %r11, 88(%rsp)
	mov %r12, 96(%rsp)
	mov %r13, 104(%rsp)
	mov %r14, 112(%rsp)
	mov %r15, 120(%rsp)
	mov %rsp, %rdi
	mov $VMCS_EXIT_REASON, %eax
	vmread %rax, %rsi
	/*
	 * Basic reasons are below 128; bit 31 of a failed entry goes away, its reasons are known.
	 */
	and $(EXIT_HANDLERS - 1), %esi
	incq CPU_EXITS(%rdi, %rsi, 8)
	lea vmx_exit_handlers(%rip), %rax
	call *(%rax, %rsi, 8)

guest_enter:
	cmpl $0, CPU_EVENTS(%rsp)
	jne 1f
	/* From here on an NMI starts again at guest_enter, with RSP at the cpu (exceptions.c). */
guest_enter_critical:
	mov 0(%rsp), %rax
	mov 8(%rsp), %rcx
	mov 16(%rsp), %rdx
	mov 24(%rsp), %rbx
	mov 40(%rsp), %rbp
	mov 48(%rsp), %rsi
	mov 56(%rsp), %rdi
	mov 64(%rsp), %r8
	mov 72(%rsp), %r9
	mov 80(%rsp), %r10
	mov 88(%rsp), %r11
	mov 96(%rsp), %r12
	mov 104(%rsp), %r13
	mov 112(%rsp), %r14
	mov 120(%rsp), %r15
	vmresume
guest_enter_critical_end:
	call vmx_entry_failed	/* VMRESUME failed: a defect of ours */

1:	mov %rsp, %rdi
	call guest_take_events
	jmp guest_enter

	/*
	 * void vmx_launch(struct cpu *): the first entry, with RAX = 0 for Linux at the bridge. It
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
	xor %ecx, %ecx
	xor %edx, %edx
	xor %esi, %esi
	xor %edi, %edi
	xor %r8d, %r8d
	xor %r9d, %r9d
	xor %r10d, %r10d
	xor %r11d, %r11d
	vmlaunch
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret
