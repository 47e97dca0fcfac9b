/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where exceptions and interrupts arrive, one stub of 16 bytes a vector, and the way out of a try
 * (try.c). The stack of an interrupt is struct interrupt_frame, from its end:
 *
 *	ss | rsp | rflags | cs | rip | error | vector | rax | rcx | rdx | rbx | rbp | rsi | rdi |
 *	r8 to r15  <- rbx, the frame | 512 bytes of FPU and SSE, aligned  <- rsp
 */
	.text
	.code64

	.balign	16
	.globl	interrupt_stubs
interrupt_stubs:
	.set	vector, 0
	.rept	256
	.balign	16
	/* 8, 10 to 14, 17, 21, 29, 30 come with an error code; SDM vol. 3A, table 6-1. */
	.if	!(vector < 32 && (0x60227d00 >> (vector & 31)) & 1)
	pushq	$0
	.endif
	pushq	$vector
	jmp	interrupt
	.set	vector, vector + 1
	.endr

interrupt:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rbx
	pushq	%rbp
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	cld
	movq	%rsp, %rdi
	movq	%rsp, %rbx
	subq	$512, %rsp
	andq	$-16, %rsp
	fxsave64 (%rsp)
	call	interrupt_dispatch
	fxrstor64 (%rsp)
	movq	%rbx, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rbp
	popq	%rbx
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$16, %rsp
	iretq

/* int try_call(function, argument, place): the stack at the call is kept at the place. */
	.globl	try_call
try_call:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushfq
	movq	%rsp, (%rdx)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	call	*%rax
	movl	$-1, %eax
/* An exception in the function continues here, with that stack and its vector in RAX. */
	.globl	try_escape
try_escape:
	popfq
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret

	.section .note.GNU-stack, "", @progbits
