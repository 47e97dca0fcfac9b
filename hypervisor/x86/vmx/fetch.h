/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way to the instruction that exited: 64-bit code with four levels of tables.
 */
#ifndef X86_VMX_FETCH_H
#define X86_VMX_FETCH_H

#include "core/cpu.h"
#include "model/decode.h"

/* False if anything is out of the ordinary; nothing has happened then. */
bool fetch_long_mode(struct cpu *cpu, struct decoded *decoded);

#endif
