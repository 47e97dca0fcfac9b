// SPDX-License-Identifier: GPL-2.0-only
/* Takes from others: calls the hypervisor past the driver, and holds memory as another driver. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/ioport.h>
#include <asm/asm.h>

/* Without a hypervisor VMCALL raises #UD, and the number stays in RAX. */
int probe_hypercall(const u64 *numbers, unsigned int count)
{
	long result = numbers[0];

	asm volatile("1:	vmcall\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+a"(result)
		     : "D"(numbers[1]), "S"(numbers[2]), "d"(numbers[3])
		     : "memory", "cc");
	probe_say("result %ld", result);
	return 0;
}

int probe_claim(const u64 *numbers, unsigned int count)
{
	return request_mem_region(numbers[0], numbers[1], KBUILD_MODNAME) ? 0 : -EBUSY;
}

int probe_unclaim(const u64 *numbers, unsigned int count)
{
	release_mem_region(numbers[0], numbers[1]);
	return 0;
}
