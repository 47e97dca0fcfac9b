/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a processor would carry from one owner to the next: registers that are switched neither at
 * exits nor by the reset of a virtual CPU.
 */
#ifndef X86_OWNER_H
#define X86_OWNER_H

#include "core/cpu.h"

/*
 * The calling CPU forgets all of it: local APIC, FPU and vector registers, debug registers, MSRs
 * that cells reach directly. They are as after reset, but the time-stamp counter, which is as root
 * had it.
 */
void owner_forget(struct cpu *cpu);

#endif
