// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory accesses as compilers emit them, at a place where nothing should be: what is read has to
 * be all ones, whichever instruction reads.
 */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>

#define BEFORE 0x5a5a5a5a5a5a5a5aULL /* in a register before; an access must not leave it */

/* Each form has the place in RDI, its result in RAX, and a register of its own in RCX. */
#define FORM(instruction, wanted)                                                          \
	do {                                                                               \
		u64 got = BEFORE, other = 1;                                                 \
		void *at = place;                                                          \
											   \
		asm volatile(instruction : "+a"(got), "+c"(other), "+D"(at) \
			     : : "rsi", "memory", "cc"); \
		forms++;                                                                   \
		if (got != (wanted)) {                                                     \
			wrong++;                                                           \
			probe_say("%s gave 0x%llx; ", instruction, got);                   \
		}                                                                          \
	} while (0)

static void try_forms(void *place)
{
	unsigned int forms = 0, wrong = 0;

	FORM("movb (%%rdi), %%al", 0x5a5a5a5a5a5a5affULL);
	FORM("movw (%%rdi), %%ax", 0x5a5a5a5a5a5affffULL);
	FORM("movl (%%rdi), %%eax", 0xffffffffULL);
	FORM("movq (%%rdi), %%rax", ~0ULL);
	FORM("movl 0x40(%%rdi,%%rcx,4), %%eax", 0xffffffffULL);
	FORM("movzbl (%%rdi), %%eax", 0xffULL);
	FORM("movzwl (%%rdi), %%eax", 0xffffULL);
	FORM("movsbq (%%rdi), %%rax", ~0ULL);
	FORM("movslq (%%rdi), %%rax", ~0ULL);
	FORM("andl (%%rdi), %%eax", 0x5a5a5a5aULL);
	FORM("xorq (%%rdi), %%rax", 0xa5a5a5a5a5a5a5a5ULL);
	FORM("addl (%%rdi), %%eax", 0x5a5a5a59ULL);
	FORM("xchgl %%eax, (%%rdi)", 0xffffffffULL);
	FORM("lock orl %%ecx, (%%rdi)", BEFORE);
	FORM("testb $0x80, (%%rdi); setnz %%al; movzbl %%al, %%eax", 1);
	FORM("btl $5, (%%rdi); setc %%al; movzbl %%al, %%eax", 1);
	FORM("movl %%ecx, (%%rdi)", BEFORE);
	FORM("movb $7, (%%rdi)", BEFORE);
	FORM("movq $7, 8(%%rdi)", BEFORE);
	FORM("stosl", BEFORE);
	FORM("movl $4, %%ecx; rep stosb; movq %%rcx, %%rax", 0);
	FORM("movq %%rdi, %%rsi; lodsq", ~0ULL);
	probe_say("forms %u wrong %u", forms, wrong);
}

int probe_hole(const u64 *numbers, unsigned int count)
{
	void __iomem *page = ioremap(numbers[0], PAGE_SIZE);

	if (!page)
		return -ENOMEM;
	try_forms((__force void *)page);
	iounmap(page);
	return 0;
}
