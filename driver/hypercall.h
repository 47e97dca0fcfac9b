/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the hypervisor, from a CPU that it runs. */
#ifndef DRIVER_HYPERCALL_H
#define DRIVER_HYPERCALL_H

#include <bulkhead/hypercall.h>

/* The CPU took VMCALL for an invalid instruction: no hypervisor is under it. */
#define HYPERCALL_NOBODY (-100L)

long hypercall(enum bh_hypercall number, unsigned long argument1, unsigned long argument2,
	       unsigned long argument3);

/* What a negative result means, in words. */
const char *hypercall_error_text(long error);

#endif
