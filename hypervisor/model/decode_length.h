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

#endif
