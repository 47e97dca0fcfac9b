// SPDX-License-Identifier: GPL-2.0-only
/* Takes from others: calls the hypervisor past the driver, and holds memory as another driver. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <asm/asm.h>
#include <asm/processor.h>

#include <bulkhead/hypercall.h>

bool probe_is_on_svm(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

/* Without a hypervisor it raises #UD, and the number stays in RAX. */
#define CALL(instruction)                                             \
	asm volatile("1:	" instruction "\n"                    \
		     "2:\n"                                           \
		     _ASM_EXTABLE(1b, 2b)                             \
		     : "+a"(result)                                   \
		     : "D"(argument1), "S"(argument2), "d"(argument3) \
		     : "memory", "cc")

long probe_vmcall(u64 number, u64 argument1, u64 argument2, u64 argument3)
{
	long result = number;

	if (probe_is_on_svm())
		CALL("vmmcall");
	else
		CALL("vmcall");
	return result;
}

int probe_hypercall(const u64 *numbers, unsigned int count)
{
	probe_say("result %ld", probe_vmcall(numbers[0], numbers[1], numbers[2], numbers[3]));
	return 0;
}

u64 probe_count_exits(struct bh_cpu_info *info)
{
	long result = probe_vmcall(BH_HYPERCALL_READ, BH_READ_CPU, 0, virt_to_phys(info));

	return result > 0 ? info->exits : 0;
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
