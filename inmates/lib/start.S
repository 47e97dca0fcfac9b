/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the state in which a CPU is given to the program to C in long mode. The first CPU comes in
 * flat 32-bit protected mode, from Bulkhead (include/bulkhead/comm.h) or from a multiboot loader
 * (Multiboot Specification 0.6.96, 3.2); the others come in real mode, at a page below 64 KiB to
 * which smp.c copied their first instructions. All memory below 4 GiB is mapped to itself.
 */
#define SELECTOR_CODE    0x08
#define SELECTOR_DATA    0x10
#define SELECTOR_CODE_32 0x18

#define MULTIBOOT_HEADER 0x1badb002
#define MULTIBOOT_FLAGS  0x00010002 /* memory sizes, please; addresses are in this header */

#define CR0_PROTECTED 0x00000001
#define CR0_LONG      0x80010033 /* PG, WP, NE, ET, MP, PE; caches on */
#define CR4_LONG      0x00000620 /* PAE, OSFXSR, OSXMMEXCPT */
#define MSR_EFER      0xc0000080
#define EFER_LME      0x100

#define TABLE_PRESENT 0x03 /* present, writable */
#define LARGE_PRESENT 0x83 /* the same, 2 MiB */
#define DIRECTORIES   4    /* of 1 GiB each */

	.section .text.start, "ax"
	.balign	4
multiboot:
	.long	MULTIBOOT_HEADER
	.long	MULTIBOOT_FLAGS
	.long	-(MULTIBOOT_HEADER + MULTIBOOT_FLAGS)
	.long	multiboot
	.long	inmate_load_start
	.long	inmate_load_end
	.long	inmate_end
	.long	inmate_entry

/* Into long mode, at \where; the stack is not used, EAX, ECX and EDX are lost. */
	.macro	enter_long where
	lgdt	gdtr
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	$CR4_LONG, %eax
	movl	%eax, %cr4
	movl	$table_4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$CR0_LONG, %eax
	movl	%eax, %cr0
	ljmp	$SELECTOR_CODE, $\where
	.endm

	.code32
	.globl inmate_entry
inmate_entry:
	cli
	cld
	movl	%eax, %ebp		/* the loader's magic; EBX is what it has to tell */

	/* A program that is started but not loaded again finds its variables as at first. */
	movl	$inmate_data_start, %esi
	movl	$inmate_saved, %edi
	movl	$inmate_data_size, %ecx
	cmpl	$0, was_started
	je	1f
	xchgl	%esi, %edi
1:	rep movsb
	movl	$1, was_started
	movl	$inmate_bss_start, %edi
	movl	$inmate_bss_size, %ecx
	xorl	%eax, %eax
	rep stosb

	movl	$table_3 + TABLE_PRESENT, table_4
	movl	$table_2 + TABLE_PRESENT, %eax
	xorl	%ecx, %ecx
1:	movl	%eax, table_3(, %ecx, 8)
	addl	$4096, %eax
	incl	%ecx
	cmpl	$DIRECTORIES, %ecx
	jb	1b
	movl	$LARGE_PRESENT, %eax
	xorl	%ecx, %ecx
1:	movl	%eax, table_2(, %ecx, 8)
	addl	$0x200000, %eax
	incl	%ecx
	cmpl	$DIRECTORIES * 512, %ecx
	jb	1b
	enter_long first_cpu

	.code64
first_cpu:
	movl	$stack_end, %esp
	movl	%ebp, %edi
	movl	%ebx, %esi
	call	sse_open
	call	inmate_start
	ud2

/* The registers of FPU and SSE as after reset: exceptions are masked. */
sse_open:
	fninit
	ldmxcsr	mxcsr
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	xorl	%ebp, %ebp		/* ends a debugger's walk up the stack */
	ret

/* Another CPU, in real mode, at the start of the page that this was copied to. */
	.code16
	.globl	inmate_trampoline
inmate_trampoline:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	trampoline_gdtr - inmate_trampoline
	movl	$CR0_PROTECTED, %eax
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CODE_32, $other_cpu_32
	.balign	4
trampoline_gdtr:
	.word	gdt_end - gdt - 1
	.long	gdt
trampoline_end:

	.code32
other_cpu_32:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ds
	enter_long other_cpu

	.code64
other_cpu:
	/* A CPU that is so late that it is no longer waited for finds no stack. */
	xorl	%esp, %esp
	xchgq	%rsp, smp_boot_stack
	testq	%rsp, %rsp
	jz	1f
	movq	smp_boot_cpu, %rdi
	call	sse_open
	call	smp_enter
	ud2
1:	cli
	hlt
	jmp	1b

	.section .rodata
	.balign	16
	.globl	inmate_trampoline_size
inmate_trampoline_size:
	.long	trampoline_end - inmate_trampoline
	.balign	16
gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* 64-bit code; SDM vol. 3A, 3.4.5 */
	.quad	0x00cf93000000ffff	/* data */
	.quad	0x00cf9b000000ffff	/* 32-bit code */
gdt_end:
gdtr:
	.word	gdt_end - gdt - 1
	.quad	gdt
	.balign	4
mxcsr:
	.long	0x1f80

	.data
	.balign	4
was_started:
	.long	0

	.bss
	.balign	4096
table_4:
	.skip	4096
table_3:
	.skip	4096
table_2:
	.skip	4096 * DIRECTORIES
	.skip	65536
stack_end:

	.section .note.GNU-stack, "", @progbits
