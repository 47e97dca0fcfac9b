/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processor at hand, as the tables of features ask for its registers; and against the board.
 */
#ifndef X86_PROCESSOR_H
#define X86_PROCESSOR_H

#include <bulkhead/refusal.h>

#include "core/cpu.h"
#include "model/features.h"

/* Of the calling CPU; the context is not looked at. */
extern const struct feature_reader processor_reader;

/* Has this CPU, with physical addresses of so many bits, what the board says of every processor? */
bool board_fits(const struct cpu *cpu, uint32_t width, struct bh_refusal *refusal);

#endif
