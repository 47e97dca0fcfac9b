/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a decoded instruction does: the address it reaches, the value it stores, the registers and
 * flags it leaves. Memory is the caller's: it hands in what was loaded and performs the store.
 */
#ifndef MODEL_EMULATE_H
#define MODEL_EMULATE_H

#include "model/address.h"
#include "model/decode.h"

#define EMULATE_GPRS 16 /* in hardware order: rax rcx rdx rbx rsp rbp rsi rdi r8 ... r15 */

/*
 * Whether the base of segment d->segment counts. In 64-bit code only FS and GS have one, so the
 * caller need not fetch it for most instructions (SDM vol. 1, 3.4.4).
 */
static inline bool emulate_needs_segment_base(const struct decoded *d)
{
	return d->mode != DECODE_64 || d->segment >= DECODE_FS;
}

/*
 * Linear address of the memory operand, for MOVS of its source. @rip is that of the instruction
 * itself; @segment_base is used only if emulate_needs_segment_base(). For a bit operation with a
 * register operand it is the address of the word that holds the bit.
 */
gla_t emulate_address(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS], uint64_t rip,
		      uint64_t segment_base);

/* Linear address that MOVS writes to; @es_base is ignored in 64-bit code. */
gla_t emulate_movs_destination(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS],
			       uint64_t es_base);

/* A string instruction whose count is zero: it touches nothing, and only RIP moves on. */
bool emulate_is_empty(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS]);

/*
 * Perform the instruction, or one element of a string instruction with its index and count.
 * @loaded is what memory held, if d->access has DECODE_READ; *@store is what it must hold after,
 * if d->access has DECODE_WRITE. True when the instruction is complete and RIP moves past it;
 * false while a repeated string instruction has elements left (RIP stays).
 */
bool emulate_insn(const struct decoded *d, uint64_t gpr[EMULATE_GPRS], uint64_t *rflags,
		  uint64_t loaded, uint64_t *store);

#endif
