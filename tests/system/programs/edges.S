/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell in 32-bit mode that goes where processors are odd. What it does is the first letter at
 * `wish`; what it found is its exit code.
 *
 *   r  four denied instructions in real mode, where exceptions have no error code: how many #GP
 *   w  CPUID in the last two bytes of 4 GiB, behind which execution goes on at 0: 5
 *   s  single steps over instructions that exit and over interrupt shadows: how many #DB
 *   u  a read beyond its memory from user level
 *   v  a port that is not the cell's from virtual-8086 mode
 *   a  an interrupt at user level onto a stack that is not aligned, when that is checked
 *   c  turns the caches off, and ends: CR0.CD as it is then
 *   g  CR0.CD as it finds it
 *   i  sends itself an interrupt that it never takes, and ends: requested interrupts
 *   j  requested interrupts as it finds them
 *   n  the same with the vectors of exceptions that a local APIC takes, 16 to 31
 *   h  stops by HLT for good
 *   x  switches to x2APIC mode and writes to where the registers were
 *   l  asks the local APIC for an SMI when a performance counter overflows
 *   m  the same in x2APIC mode
 *   k  a call that is root's: where it is
 *   o  sets CR4.MCE, tells so by a heartbeat, and stops by HLT for good
 *   p  CR4.MCE as it finds it, when it has set it and when it has cleared it: 2; then CPUID
 */
	.equ EXIT, 8
	.equ COMM_HEARTBEATS, 360
	.equ COMM_BACKEND, 368
	.equ BACKEND_SVM, 1
	.equ VMMCALL_END, 0xd9 /* VMCALL is 0F 01 C1, VMMCALL is 0F 01 D9 */
	.equ ROOTS_CALL, 3
	.equ wish, 0x8000
	.equ stack, 0x7000
	.equ real_stack, 0x6000
	.equ beyond, 0x10000000
	.equ apic, 0xfee00000
	.equ port, 0x510
	.equ MCE, 1 << 6

	.equ CODE, 0x08
	.equ DATA, 0x10
	.equ CODE_16, 0x18
	.equ DATA_16, 0x20
	.equ CODE_WRAPS, 0x28
	.equ CODE_USER, 0x33
	.equ DATA_USER, 0x3b
	.equ TASK, 0x40

	.macro letter name
	.ascii "\name"
	.long do_\name
	.endm

	.text
	.code32
	.globl _start
_start:
	movl $stack, %esp
	lgdt gdtr
	ljmp $CODE, $1f
1:	movw $DATA, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	cmpl $BACKEND_SVM, COMM_BACKEND(%ebx)
	jne 1f
	movb $VMMCALL_END, call_exit + 2
	movb $VMMCALL_END, roots_call + 2
1:	movb wish, %al
	movl $wishes, %ecx
1:	cmpb (%ecx), %al
	je 2f
	addl $5, %ecx
	cmpl $wishes_end, %ecx
	jne 1b
	movl $-1, %edi
	jmp end
2:	jmp *1(%ecx)
end:
	movl $EXIT, %eax
call_exit:
	vmcall

do_k:
	movl $ROOTS_CALL, %eax
	.globl roots_call
roots_call:
	vmcall
	movl $0, %edi
	jmp end

/* In real mode the table of vectors is at 0. SI: length of the next instruction; BX: exceptions. */
do_r:
	movl $real_fault, 13 * 4
	lidt idtr_real
	movl %cr4, %eax
	orl $1 << 18, %eax		/* OSXSAVE */
	movl %eax, %cr4
	ljmp $CODE_16, $1f
	.code16
1:	movw $DATA_16, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	movl %cr0, %eax
	andl $~1, %eax
	movl %eax, %cr0
	ljmp $0, $1f
1:	xorw %ax, %ax
	movw %ax, %ds
	movw %ax, %ss
	movw $real_stack, %sp
	xorl %ebx, %ebx
	movw $2, %si
	movl $0x570, %ecx
	rdmsr
	wrmsr
	movl $0x1b, %ecx
	xorl %eax, %eax
	xorl %edx, %edx
	wrmsr
	movw $3, %si
	movl $5, %ecx
	xsetbv
	movl %cr0, %eax
	orl $1, %eax
	movl %eax, %cr0
	ljmpl $CODE, $real_done
real_fault:
	incw %bx
	movw %sp, %bp
	addw %si, (%bp)
	iretw
	.code32
real_done:
	movw $DATA, %ax
	movw %ax, %ds
	movw %ax, %ss
	movl %ebx, %edi
	jmp end

/* The segment's base is behind the instruction: at 0 - 2 it is the one before the base. */
do_w:
	movl $wrapped, %eax
	movw %ax, gdt + CODE_WRAPS + 2
	shrl $16, %eax
	movb %al, gdt + CODE_WRAPS + 4
	ljmp $CODE_WRAPS, $0xfffffffe
	cpuid
wrapped:
	ljmp $CODE, $1f
1:	movl $5, %edi
	jmp end

/* The instruction that sets TF is not stepped; the one behind a load of SS is, with it. */
do_s:
	movl $step, %eax
	movl $1, %ecx
	call set_gate
	lidt idtr
	movl $DATA, %edx
	xorl %ebp, %ebp
	pushfl
	orl $0x100, (%esp)
	popfl
	sti
	nop
	movw %dx, %ss
	cpuid
	nop
	pushfl
	andl $~0x100, (%esp)
	popfl
	cli
	movl %ebp, %edi
	jmp end
step:
	incl %ebp
	pushl %eax
	movl %dr6, %eax
	testl $1 << 14, %eax
	jnz 1f
	addl $0x100, %ebp
1:	xorl %eax, %eax
	movl %eax, %dr6
	popl %eax
	movl $DATA, %edx
	iret

/* To user level, with these flags, to EBX. */
to_user:
	movl $DATA_USER, %eax
	movw %ax, %ds
	movw %ax, %es
	pushl %eax
	pushl %edi
	pushl %edx
	pushl $CODE_USER
	pushl %ebx
	iret

do_u:
	movl $1f, %ebx
	movl $stack, %edi
	movl $2, %edx
	jmp to_user
1:	movl beyond, %eax
	jmp 1b

do_v:
	call set_task
	xorl %eax, %eax
	pushl %eax			/* GS, FS, DS, ES, SS */
	pushl %eax
	pushl %eax
	pushl %eax
	pushl %eax
	pushl $real_stack
	pushl $0x20002			/* VM */
	pushl %eax
	pushl $1f
	iret
	.code16
1:	movw $port, %dx
	inb %dx, %al
	jmp 1b
	.code32

do_a:
	movl $17, %ecx
	call set_gate_user
	movl $0x30, %ecx
	call set_gate_user
	lidt idtr
	movl %cr0, %eax
	orl $1 << 18, %eax		/* AM */
	movl %eax, %cr0
	movl $1f, %ebx
	movl $stack - 2, %edi
	movl $0x40002, %edx		/* AC */
	jmp to_user
1:	int $0x30
	jmp 1b

do_c:
	movl %cr0, %eax
	orl $1 << 30, %eax
	movl %eax, %cr0
do_g:
	movl %cr0, %edi
	shrl $30, %edi
	andl $1, %edi
	jmp end

/* Vector 0x60. */
do_i:
	movl $0x1ff, apic + 0xf0
	movl $0x40060, apic + 0x300
	call wait
do_j:
	movl apic + 0x230, %edi
	jmp end

do_n:
	movl $0x1ff, apic + 0xf0
	movl $0x40010, %esi
1:	movl %esi, apic + 0x300
	incl %esi
	cmpl $0x40020, %esi
	jb 1b
	call wait
	movl apic + 0x200, %edi
	shrl $16, %edi
	jmp end

do_h:
	cli
	hlt
	jmp do_h

do_o:
	movl %cr4, %eax
	orl $MCE, %eax
	movl %eax, %cr4
	movl $1, COMM_HEARTBEATS(%ebx)
	jmp do_h

do_p:
	movl %cr4, %edi
	movl %edi, %eax
	orl $MCE, %eax
	movl %eax, %cr4
	movl %cr4, %esi
	andl $~MCE, %eax
	movl %eax, %cr4
	xorl %eax, %eax
	cpuid
	movl %cr4, %eax
	shrl $4, %edi			/* as 4, 2 and 1 */
	shrl $5, %esi
	shrl $6, %eax
	andl $4, %edi
	andl $2, %esi
	andl $1, %eax
	orl %esi, %edi
	orl %eax, %edi
	jmp end

do_x:
	call to_x2apic
	movl $0, apic + 0xb0
	movl $6, %edi
	jmp end

do_l:
	movl $0x200, apic + 0x340
	movl $6, %edi
	jmp end

do_m:
	call to_x2apic
	movl $0x834, %ecx
	movl $0x200, %eax
	xorl %edx, %edx
	wrmsr
	movl $6, %edi
	jmp end

to_x2apic:
	movl $0x1b, %ecx
	rdmsr
	orl $1 << 10, %eax
	wrmsr
	ret

wait:
	movl $10000, %ecx
1:	loop 1b
	ret

/* Vector ECX to EAX. */
set_gate:
	movl $CODE << 16, %edx
	movw %ax, %dx
	andl $0xffff0000, %eax
	orl $0x8e00, %eax
	movl %edx, idt(, %ecx, 8)
	movl %eax, idt + 4(, %ecx, 8)
	ret

/* Vector ECX to user_handler at user level. */
set_gate_user:
	movl $user_handler, %eax
	call set_gate
	movw $CODE_USER, idt + 2(, %ecx, 8)
	movb $0xee, idt + 5(, %ecx, 8)
	ret
user_handler:
	jmp user_handler

set_task:
	movl $task, %eax
	movw %ax, gdt + TASK + 2
	shrl $16, %eax
	movb %al, gdt + TASK + 4
	movw $DATA, task + 8
	movl $stack, task + 4
	movw $104, task + 102
	movl $TASK, %eax
	ltr %ax
	ret

	.data
wishes:
	.irp name, r, w, s, u, v, a, c, g, i, j, n, h, x, l, m, k, o, p
	letter \name
	.endr
wishes_end:
	.balign 8
gdt:
	.quad 0
	.quad 0x00cf9b000000ffff
	.quad 0x00cf93000000ffff
	.quad 0x00009b000000ffff
	.quad 0x000093000000ffff
	.quad 0x00cf9b000000ffff
	.quad 0x00cffb000000ffff
	.quad 0x00cff3000000ffff
	.quad 0x0000890000000fff
gdtr:
	.word . - gdt - 1
	.long gdt
	.balign 8
idtr:
	.word 0x400 - 1
	.long idt
idtr_real:
	.word 0x400 - 1
	.long 0
	.bss
	.balign 16
idt:
	.skip 0x400
task:
	.skip 0x1000
