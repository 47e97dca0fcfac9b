// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions at the kernel's own privilege that a root cell cannot have, or that exit whatever a
 * hypervisor wants: says the vector of the exception that each raised, or that it was done.
 */
#include "probe.h"

#include <asm/asm.h>

#define NO_EXCEPTION 0xff

/* The kernel's fixup leaves the vector in EAX. Operands: memory for those that need some. */
#define INSTRUCTION(name, instruction)                                                     \
	int probe_##name(const u64 *numbers, unsigned int count)                           \
	{                                                                                  \
		u64 memory[2] __aligned(16) = {};                                          \
		u32 vector = 0; /* as RAX, an operand of some */                           \
											   \
		asm volatile("1:	" instruction "\n"                                 \
			     "	movl %[none], %%eax\n"                                     \
			     "2:\n"                                                        \
			     _ASM_EXTABLE_FAULT(1b, 2b)                                    \
			     : "+a"(vector), [memory] "+m"(memory)                         \
			     : [none] "i"(NO_EXCEPTION), "c"(0)                            \
			     : "rbx", "rdx", "memory", "cc");                              \
		say(vector);                                                               \
		return 0;                                                                  \
	}

static void say(u32 vector)
{
	if (vector == NO_EXCEPTION)
		probe_say("done");
	else
		probe_say("vector %u", vector);
}

INSTRUCTION(vmxon, "vmxon %[memory]")
INSTRUCTION(vmxoff, "vmxoff")
INSTRUCTION(vmread, "vmread %%rax, %%rdx")
INSTRUCTION(vmlaunch, "vmlaunch")
INSTRUCTION(invept, "invept %[memory], %%rcx")
INSTRUCTION(invvpid, "invvpid %[memory], %%rcx")
INSTRUCTION(vmrun, "vmrun %%rax")
INSTRUCTION(vmload, "vmload %%rax")
INSTRUCTION(vmsave, "vmsave %%rax")
INSTRUCTION(stgi, "stgi")
INSTRUCTION(clgi, "clgi")
INSTRUCTION(skinit, "skinit %%eax")
INSTRUCTION(invlpga, "invlpga %%rax, %%ecx")
INSTRUCTION(invlpgb, ".byte 0x0f, 0x01, 0xfe")
INSTRUCTION(tlbsync, ".byte 0x0f, 0x01, 0xff")
INSTRUCTION(vmfunc, "vmfunc")
INSTRUCTION(getsec, "getsec")
INSTRUCTION(encls, ".byte 0x0f, 0x01, 0xcf")
INSTRUCTION(rsm, "rsm")
INSTRUCTION(invd, "invd")
INSTRUCTION(wbinvd, "wbinvd")

/* XCR0 with the value that is asked for; Linux's own is there again afterwards, if it was taken. */
int probe_xsetbv(const u64 *numbers, unsigned int count)
{
	u32 low, high, vector = numbers[0];

	asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	asm volatile("1:	xsetbv\n"
		     "	movl %[none], %%eax\n"
		     "2:\n"
		     _ASM_EXTABLE_FAULT(1b, 2b)
		     : "+a"(vector)
		     : [none] "i"(NO_EXCEPTION), "c"(0), "d"(numbers[0] >> 32));
	if (vector == NO_EXCEPTION)
		asm volatile("xsetbv" : : "a"(low), "d"(high), "c"(0));
	say(vector);
	return 0;
}
