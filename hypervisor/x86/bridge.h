/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a CPU arrives from Linux and goes back to it.
 */
#ifndef X86_BRIDGE_H
#define X86_BRIDGE_H

#include <bulkhead/refusal.h>

#include "core/cpu.h"

/* Linux's registers as they are to be when it runs again, into the page that the bridge pops. */
struct bridge_return {
	uint64_t rip, rsp, rflags;
	uint64_t cr3, cr4;
	uint64_t fs_base, gs_base;
	struct bh_descriptor_table gdtr, idtr;
	uint16_t cs, ss, ds, es, fs, gs, tr, ldtr;
	uint64_t tr_base;
	uint32_t tr_limit;
};

/* This CPU is Linux's again. cpu->gprs hold its registers; VMX or SVM operation is over. */
_Noreturn void bridge_return(struct cpu *cpu, const struct bridge_return *s);

/* Assembly's way in (bridge_entry.S). */
struct cpu *bridge_prepare(struct bh_bridge *bridge);
_Noreturn void bridge_enter(struct cpu *cpu);
_Noreturn void bridge_depart(struct bh_bridge *bridge);

#endif
