/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants that assembly needs from C; the build turns them into "x86/offsets.h".
 */
#include "core/cpu.h"
#include "x86/define_offset.h"

void offsets(void)
{
	DEFINE(CPU_EVENTS, offsetof(struct cpu, events));
	DEFINE(CPU_EXITS, offsetof(struct cpu, exits));
	DEFINE(CPU_HALT, offsetof(struct cpu, halt));
	DEFINE(EXIT_HANDLERS, CPU_EXIT_HANDLERS);
}
