/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way into the guest that every backend provides in assembly: guest_enter expects RSP at the
 * struct cpu, looks at cpu->events, restores the guest's registers and enters it. From
 * guest_enter_critical on an NMI must start it again.
 */
#ifndef X86_GUEST_ENTRY_H
#define X86_GUEST_ENTRY_H

#include <bulkhead/types.h>

extern const uint8_t guest_enter[], guest_enter_critical[], guest_enter_critical_end[];

#endif
