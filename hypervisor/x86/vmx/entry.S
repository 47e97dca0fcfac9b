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
#include "x86/gprs.h"
#include "x86/offsets.h"

#define VMCS_EXIT_REASON 0x4402

	.section .text.entry, "ax"

	.globl vmx_exit, guest_enter, guest_enter_critical, guest_enter_critical_end, vmx_launch

	.balign 64
vmx_exit:
	mov %rax, 0(%rsp)
	gprs_save
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
	gprs_load
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
	callee_save
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
	callee_load
	ret
