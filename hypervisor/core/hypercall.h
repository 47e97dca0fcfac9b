/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls, see include/bulkhead/hypercall.h.
 */
#ifndef CORE_HYPERCALL_H
#define CORE_HYPERCALL_H

#include "core/cpu.h"

/*
 * Serves the call in cpu->gprs; the result goes into RAX. Some calls do not return. False, and
 * nothing has happened, if a cell made a call that is not its to make: that is a fault.
 */
bool hypercall(struct cpu *cpu);

#endif
