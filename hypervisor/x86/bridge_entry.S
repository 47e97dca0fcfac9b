/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's end of the bridge. On both ways RSP is on the stack in the bridge's data page
 * while the bridge's IDT is loaded: an NMI finds the page by it. The bridge's GDT and the
 * hypervisor's own have their code segment at the same selector, so it does not matter which one an
 * NMI meets.
 */
#include <bulkhead/handover.h>
#include "x86/offsets.h"

	.section .text.bridge, "ax"
	.globl bridge_arrive, bridge_depart

	/*
	 * RDI = struct bh_bridge, the hypervisor's CR3, interrupts off. bridge_prepare() loads the
	 * CPU's own tables, then the stack is the CPU's own.
	 */
bridge_arrive:
	endbr64
	cld
	call bridge_prepare
	mov %rax, %rsp
	mov %rax, %rdi
	xor %ebp, %ebp
	call bridge_enter
	ud2

	/*
	 * void bridge_depart(struct bh_bridge *): all that Linux needs is in the page.
	 */
bridge_depart:
	lea BH_BRIDGE_STACK_TOP(%rdi), %rsp
	lidt BH_BRIDGE_IDTR(%rdi)
	lgdt BH_BRIDGE_GDTR(%rdi)
	jmp *BH_BRIDGE_LEAVE(%rdi)
