/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the hypervisor, from a CPU that it runs. */
#ifndef DRIVER_HYPERCALL_H
#define DRIVER_HYPERCALL_H

#include <linux/types.h>
#include <bulkhead/hypercall.h>

/* The CPU took the call for an invalid instruction: no hypervisor is under it. */
#define HYPERCALL_NOBODY (-100L)

/*
 * Are this machine's processors for SVM? By their vendor: the feature's own bit gets lost as soon
 * as Linux looks at a CPU again from which the hypervisor hides it.
 */
bool processor_is_for_svm(void);

long hypercall(enum bh_hypercall number, unsigned long argument1, unsigned long argument2,
	       unsigned long argument3);

/* What a negative result means, in words. */
const char *hypercall_error_text(long error);

#endif
