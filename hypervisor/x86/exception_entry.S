/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where exceptions and NMIs of the hypervisor itself arrive, and the few instructions that may
 * fault on purpose. The hypervisor runs with IF clear, but where interrupts are to be dropped.
 *
 * The frame that exception_handle() gets (struct exception_frame), growing down:
 *
 *	ss rsp rflags cs rip	by the processor
 *	error code		by the processor, or 0 by the stub
 *	vector			by the stub
 *	rax ... r15		by exception_common
 */
#include "x86/offsets.h"

	.section .text.exceptions, "ax"

	/*
	 * One stub every 16 bytes: pushes a zero where the processor pushes no error code, and its
	 * number.
	 */
	.balign 16
	.globl exception_stubs
exception_stubs:
	vector = 0
	.rept 32
	.balign 16
	.if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
	push $0
	.endif
	push $vector
	jmp exception_common
	vector = vector + 1
	.endr

exception_common:
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
	push %rbx
	push %rdx
	push %rcx
	push %rax
	mov %rsp, %rdi
	cld
	call exception_handle
	pop %rax
	pop %rcx
	pop %rdx
	pop %rbx
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
	add $16, %rsp
	iretq

	/*
	 * An interrupt for a CPU that runs no guest: nobody is there to serve it, and whoever comes
	 * next is not meant.
	 */
	.globl interrupt_dropped
interrupt_dropped:
	push %rax
	push %rcx
	push %rdx
	push %rsi
	push %rdi
	push %r8
	push %r9
	push %r10
	push %r11
	cld
	call apic_end_interrupt
	/* RFLAGS.IF of who was interrupted: the next one waits until it is asked for. */
	andl $~0x200, (9 * 8 + 16)(%rsp)
	pop %r11
	pop %r10
	pop %r9
	pop %r8
	pop %rdi
	pop %rsi
	pop %rdx
	pop %rcx
	pop %rax
	iretq

	/*
	 * Instructions that may fault: RIP between guarded_start and guarded_end makes the handler
	 * go on at guarded_fault, which makes the function return false.
	 */
	.globl guarded_start, guarded_end, guarded_fault
	.globl guarded_rdmsr, guarded_wrmsr, guarded_rdpmc, guarded_xsetbv
guarded_start:
guarded_rdmsr:
	mov %edi, %ecx
	rdmsr
	mov %eax, (%rsi)
	mov %edx, 4(%rsi)
	mov $1, %eax
	ret

guarded_wrmsr:
	mov %edi, %ecx
	mov %esi, %eax
	mov %rsi, %rdx
	shr $32, %rdx
	wrmsr
	mov $1, %eax
	ret

guarded_rdpmc:
	mov %edi, %ecx
	rdpmc
	mov %eax, (%rsi)
	mov %edx, 4(%rsi)
	mov $1, %eax
	ret

guarded_xsetbv:
	mov %edi, %ecx
	mov %esi, %eax
	mov %rsi, %rdx
	shr $32, %rdx
	xsetbv
	mov $1, %eax
	ret
guarded_end:

guarded_fault:
	xor %eax, %eax
	ret
