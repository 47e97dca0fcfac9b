/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The length of what stands before an instruction's opcode. With an opcode that is known it is all
 * that has to be decoded to step past the instruction.
 */
#ifndef MODEL_DECODE_LENGTH_H
#define MODEL_DECODE_LENGTH_H

#include "model/decode.h"

/* Legacy prefixes, and REX in 64-bit mode; at most count bytes are looked at. */
unsigned int decode_prefix_length(const uint8_t *bytes, unsigned int count, enum decode_mode mode);

/*
 * How far it is to the next instruction, by where that is. Outside 64-bit mode it may be behind 0
 * again. What no instruction has is a step of one byte: what a guest does to itself (it changes its
 * tables behind its own TLB's back) and what a processor reports must lead to a step, right or
 * wrong for that guest.
 */
unsigned int decode_step_length(uint64_t at, uint64_t next, enum decode_mode mode);

#endif
