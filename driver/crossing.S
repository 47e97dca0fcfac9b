/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bridge's text: the step from Linux to the hypervisor and the way back. It is one page of its
 * own, mapped at the same linear address in Linux's page tables and in the hypervisor's, so that
 * the instruction behind a load of CR3 is there in both. It calls nothing and reads nothing but
 * the CPU's data page (struct bh_bridge). What the pages contain is set up by bridge.c.
 *
 * An NMI or a machine check is safe at every instruction here, because of two rules:
 *   - while the bridge's IDT is loaded, RSP points into the data page's stack: the handlers below
 *     run on that stack, without an IST, and find the data page by it. CS and SS have the same
 *     selectors in Linux's GDT, in the copy and in the hypervisor's, so their IRETQ suits each;
 *   - Linux's IDT is loaded only while Linux's CR3, CR4 and GS base are, and a GDT with Linux's
 *     selectors: its handlers bring their own stack.
 * No other exception can happen, interrupts are off.
 *
 *   the data page                          Linux's stack while the CPU is away
 *   0x1000 +-----------------------+       +-----------------------+
 *          | stack: NMI frames     |       | return address        |
 *    0x400 +-----------------------+       | RFLAGS                |
 *          | IDT, GDT copy         |       | RBX RBP R12 ... R15   | <- linux_rsp
 *    0x130 +-----------------------+       +-----------------------+
 *          | RIP CS RFLAGS RSP SS  | popped by IRETQ
 *    0x108 | RAX RBX ... R15       | popped before
 *     0x90 +-----------------------+
 *          | what Linux had loaded |
 *        0 +-----------------------+
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/ibt.h>
#include <asm/msr-index.h>
#include <asm/nospec-branch.h>
#include <asm/processor-flags.h>

#include <bulkhead/handover.h>

	.section .text.bridge, "ax", @progbits
	.balign 4096
SYM_START(bridge_text, SYM_L_GLOBAL, SYM_A_NONE)

/*
 * int bridge_enter(struct bh_bridge *bridge): 0 in guest mode, 1 refused. Both ways it comes back
 * through bridge_resume.
 */
SYM_INNER_LABEL(bridge_enter, SYM_L_GLOBAL)
	ENDBR
	pushfq
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, BH_BRIDGE_LINUX_RSP(%rdi)
	movq	%cr3, %rax
	movq	%rax, BH_BRIDGE_LINUX_CR3(%rdi)
	movq	%cr4, %rax
	movq	%rax, BH_BRIDGE_LINUX_CR4(%rdi)
	sgdt	BH_BRIDGE_LINUX_GDTR(%rdi)
	sidt	BH_BRIDGE_LINUX_IDTR(%rdi)

	leaq	BH_BRIDGE_STACK_TOP(%rdi), %rsp
	lgdt	BH_BRIDGE_GDTR(%rdi)
	lidt	BH_BRIDGE_IDTR(%rdi)

	/*
	 * Clearing PGE or PCIDE invalidates all that this CPU has cached of Linux's map, whatever
	 * the PCID and global pages too (SDM vol. 3, 4.10.4.1). Where neither was set, the load of
	 * CR3 does.
	 */
	andq	$~(X86_CR4_PGE | X86_CR4_PCIDE | X86_CR4_CET), %rax
	movq	%rax, %cr4
	movq	BH_BRIDGE_HOST_CR3(%rdi), %rax
	movq	%rax, %cr3
	ANNOTATE_RETPOLINE_SAFE
	jmp	*BH_BRIDGE_ENTRY(%rdi)
	int3

/* Linux goes on here, RSP = linux_rsp, all else as it was, RAX = result. */
SYM_INNER_LABEL(bridge_resume, SYM_L_GLOBAL)
	ENDBR
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popfq
	RET

/*
 * The way back to bare metal, at whatever instruction the guest was: RDI = data page, VMX off, the
 * hypervisor's CR3. The hypervisor has filled in gprs, frame, segments, TR, LDTR, GDTR, IDTR, CR3,
 * CR4, and its CS and SS are the selectors that Linux's kernel uses too.
 */
SYM_INNER_LABEL(bridge_leave, SYM_L_GLOBAL)
	ENDBR
	leaq	BH_BRIDGE_STACK_TOP(%rdi), %rsp
	lidt	BH_BRIDGE_IDTR(%rdi)
	lgdt	BH_BRIDGE_GDTR(%rdi)

	/* PCIDE may be set only while the PCID is 0 (SDM vol. 3, 4.10.1): hence CR3 twice. */
	movq	BH_BRIDGE_LINUX_CR3(%rdi), %rdx
	movq	%rdx, %rax
	andq	$~0xfff, %rax
	movq	%rax, %cr3
	movq	BH_BRIDGE_LINUX_CR4(%rdi), %rax
	movq	%rax, %cr4
	movq	%rdx, %cr3

	/* LTR takes an available TSS only, which Linux's own GDT has not; the copy here has. */
	ltr	BH_BRIDGE_TR(%rdi)
	lgdt	BH_BRIDGE_LINUX_GDTR(%rdi)
	lldt	BH_BRIDGE_LDTR(%rdi)
	movw	BH_BRIDGE_DS(%rdi), %ds
	movw	BH_BRIDGE_ES(%rdi), %es
	movw	BH_BRIDGE_FS(%rdi), %fs
	movw	BH_BRIDGE_GS(%rdi), %gs
	movl	$MSR_FS_BASE, %ecx
	movl	BH_BRIDGE_FS_BASE(%rdi), %eax
	movl	BH_BRIDGE_FS_BASE + 4(%rdi), %edx
	wrmsr
	movl	$MSR_GS_BASE, %ecx
	movl	BH_BRIDGE_GS_BASE(%rdi), %eax
	movl	BH_BRIDGE_GS_BASE + 4(%rdi), %edx
	wrmsr
	lidt	BH_BRIDGE_LINUX_IDTR(%rdi)

	leaq	BH_BRIDGE_GPRS(%rdi), %rsp
	popq	%rax
	popq	%rbx
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rbp
	popq	%r8
	popq	%r9
	popq	%r10
	popq	%r11
	popq	%r12
	popq	%r13
	popq	%r14
	popq	%r15
	iretq

/* The bridge's handlers: note it, to be given to Linux by bridge_deliver(). */
SYM_INNER_LABEL(bridge_nmi, SYM_L_GLOBAL)
	ENDBR
	pushq	%rax
	movq	%rsp, %rax
	andq	$~0xfff, %rax
	incl	BH_BRIDGE_NMIS(%rax)
	popq	%rax
	iretq

SYM_INNER_LABEL(bridge_machine_check, SYM_L_GLOBAL)
	ENDBR
	pushq	%rax
	movq	%rsp, %rax
	andq	$~0xfff, %rax
	incl	BH_BRIDGE_CHECKS(%rax)
	popq	%rax
	iretq

	/* To the end of the page; an error if the text is longer. */
	.org	bridge_text + 4096, 0xcc
/* No code that calls and returns: objtool has nothing to check here. */
SYM_END(bridge_text, SYM_T_FUNC)
STACK_FRAME_NON_STANDARD bridge_text
