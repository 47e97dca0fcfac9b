// SPDX-License-Identifier: GPL-2.0-only
/* Calls to the hypervisor: the instruction, and its errors in words. */
#include "hypercall.h"

#include <linux/kernel.h>
#include <asm/asm.h>
#include <asm/processor.h>

bool processor_is_for_svm(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

/* On a CPU without a hypervisor it raises #UD: the exception table makes an error of that. */
#define CALL(instruction)                                                           \
	asm volatile("1:	" instruction "\n"                                  \
		     "	jmp 3f\n"                                                   \
		     "2:	movq %[nobody], %%rax\n"                            \
		     "3:\n"                                                         \
		     _ASM_EXTABLE(1b, 2b)                                           \
		     : "+a"(result)                                                 \
		     : "D"(argument1), "S"(argument2), "d"(argument3),              \
		       [nobody] "i"(HYPERCALL_NOBODY)                               \
		     : "memory", "cc")

long hypercall(enum bh_hypercall number, unsigned long argument1, unsigned long argument2,
	       unsigned long argument3)
{
	long result = number;

	if (processor_is_for_svm())
		CALL("vmmcall");
	else
		CALL("vmcall");
	return result;
}

const char *hypercall_error_text(long error)
{
	switch (error) {
	case BH_ERROR_NUMBER:
		return "the hypervisor does not know this call";
	case BH_ERROR_ARGUMENT:
		return "there is nothing at this position";
	case BH_ERROR_MEMORY:
		return "the page for the answer is not in the memory of the board file's root cell";
	case BH_ERROR_DENIED:
		return "the hypervisor does not allow this cell to ask";
	case BH_ERROR_TIMEOUT:
		return "a CPU did not answer";
	case HYPERCALL_NOBODY:
		return "no hypervisor runs this CPU";
	default:
		return "the hypervisor answered with an error that this driver does not know";
	}
}
