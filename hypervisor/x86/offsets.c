/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants that assembly needs from C; the build turns them into "x86/offsets.h".
 */
#include "core/cpu.h"

#define DEFINE(symbol, value) \
	__asm__ volatile("\n.ascii \"-> " #symbol " %0 " #value "\"" : : "i"(value))

void offsets(void);

void offsets(void)
{
	DEFINE(CPU_SELF, offsetof(struct cpu, self));
	DEFINE(CPU_EVENTS, offsetof(struct cpu, events));
	DEFINE(CPU_EXITS, offsetof(struct cpu, exits));
	DEFINE(CPU_GPRS_SIZE, sizeof(((struct cpu *)0)->gprs));
	DEFINE(CPU_INDEX, offsetof(struct bh_bridge, cpu));
	DEFINE(EXIT_REASONS, BH_EXIT_REASONS);
	DEFINE(EVENT_NMI, CPU_EVENT_NMI);
}
