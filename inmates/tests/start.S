/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a test program begins, in a cell (include/bulkhead/comm.h) or, for comparison, on a bare
 * machine under a multiboot loader: flat 32-bit mode, told apart by EAX. It goes to long mode with
 * the first 4 GiB mapped as they are and calls main(). Other CPUs come by a page below 1 MiB.
 */
#define MULTIBOOT_MAGIC 0x1badb002
#define TRAMPOLINE      0x8000

	.section .head, "a"
	.balign 4
	.long	MULTIBOOT_MAGIC, 0, -MULTIBOOT_MAGIC

	.text
	.code32
	.globl start
start:
	movl	%eax, start_magic
	movl	%ebx, start_comm
	movl	$stack_top, %esp
	call	long_mode
	ljmp	$8, $1f

/* Where SIPI leads, after the trampoline: one CPU at a time. */
start_other:
	movl	start_stack, %esp
	call	long_mode
	ljmp	$8, $2f

long_mode:
	lgdt	gdt_register
	movl	%cr4, %eax
	orl	$0x620, %eax            /* PAE, and SSE */
	movl	%eax, %cr4
	movl	$top, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	rdmsr
	orl	$0x100, %eax            /* EFER.LME */
	wrmsr
	movl	%cr0, %eax
	andl	$~4, %eax               /* no emulation */
	orl	$0x80000022, %eax       /* paging, NE, MP */
	movl	%eax, %cr0
	ret

	.code64
1:	call	segments
	call	runtime_main
	ud2
2:	call	segments
	call	runtime_other
3:	hlt
	jmp	3b

segments:
	movl	$0x10, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	ret

/* Copied to TRAMPOLINE. Real mode, CS = TRAMPOLINE >> 4. */
	.code16
	.globl trampoline, trampoline_end
trampoline:
	cli
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	trampoline_gdt - trampoline
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$0x18, $TRAMPOLINE + 4f - trampoline
	.code32
4:	movl	$0x10, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	movl	$start_other, %eax
	jmp	*%eax
	.balign 4
trampoline_gdt:
	.word	31
	.long	gdt
trampoline_end:

	.data
	.balign 16
gdt:	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
gdt_register:
	.word	31
	.long	gdt

	.balign 4096
top:	.quad	pointers + 3
	.fill	511, 8, 0
pointers:
	.quad	directories + 3, directories + 0x1003, directories + 0x2003, directories + 0x3003
	.fill	508, 8, 0
directories:
	.set	entry, 0
	.rept	2048
	.quad	entry * 0x200000 + 0x83
	.set	entry, entry + 1
	.endr

	.globl start_magic, start_comm, start_stack
start_magic:
	.long	0
start_comm:
	.long	0
start_stack:
	.long	0

	.bss
	.balign 16
	.skip	16384
stack_top:

	.section .note.GNU-stack, "", @progbits
