/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where exceptions and interrupts of an attacker arrive, and the way back out of a try. Each vector
 * has a stub of 16 bytes; an exception leaves the try that raised it, an interrupt returns.
 *
 * A try's stack, saved in try_stack while it runs:
 *
 *	return address | rbp | rbx | r12 | r13 | r14 | r15 | rflags  <- try_stack
 *
 * An interrupt's:
 *
 *	ss | rsp | rflags | cs | rip | vector | rax | rcx | rdx | rsi | rdi | r8 to r11
 */
	.text
	.code64

	.balign 16
	.globl trap_stubs
trap_stubs:
	.set vector, 0
	.rept 256
	.balign 16
	.if vector == 2 || vector >= 32
	pushq	$vector
	jmp	interrupt
	.else
	movl	$vector, trap_vector(%rip)
	jmp	recover
	.endif
	.set vector, vector + 1
	.endr

/* Registers that C may change, around a call; the stack is an interrupt's own and aligned. */
interrupt:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	movl	72(%rsp), %edi
	movq	%rsp, %rax
	andq	$-16, %rsp
	pushq	%rax
	pushq	%rax
	call	trap_interrupt
	popq	%rsp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$8, %rsp
	iretq

	.globl trap_try
trap_try:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushfq
	movq	%rsp, try_stack(%rip)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	call	*%rax
returned:
	movq	try_stack(%rip), %rsp
	movl	$-1, %eax
	jmp	leave

/* Whatever the try did to stack and data segments is undone; CS is the gate's. */
recover:
	movl	$0x10, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	movq	try_stack(%rip), %rsp
	movl	trap_vector(%rip), %eax
leave:
	popfq
	cld
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret

/*
 * Calls the code at the argument with what code_registers holds. It runs inside of a try, so only
 * the stack has to survive; code that takes more from it than it should returns to an exception.
 */
	.globl code_run
code_run:
	leaq	lost(%rip), %rax
	.rept 8
	pushq	%rax
	.endr
	movq	code_registers+0(%rip), %rax
	movq	code_registers+8(%rip), %rcx
	movq	code_registers+16(%rip), %rdx
	movq	code_registers+24(%rip), %rbx
	movq	code_registers+32(%rip), %rbp
	movq	code_registers+40(%rip), %rsi
	pushq	%rdi
	movq	code_registers+48(%rip), %rdi
	call	*(%rsp)
	jmp	returned
lost:
	ud2

/* Segments after a new GDT: the argument is the code selector. */
	.globl trap_load_segments
trap_load_segments:
	pushq	%rdi
	leaq	1f(%rip), %rax
	pushq	%rax
	lretq
1:	movl	$0x10, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	ret

	.bss
	.balign 8
try_stack:
	.skip	8
trap_vector:
	.skip	4

	.section .note.GNU-stack, "", @progbits
