/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HPET that a cell was lent: it reads its registers as they are, and what it writes goes
 * through here. What may be written is model/hpet_policy.h's.
 */
#ifndef CORE_HPET_H
#define CORE_HPET_H

#include "core/cell.h"
#include "model/hpet_policy.h"

struct cpu;

/* Carries the write out if it may be. `page` is where the registers are. */
struct hpet_judgement hpet_write(struct cpu *cpu, hpa_t page, uint32_t offset, uint32_t size,
				 uint64_t value);

/* Of an HPET that is the cell's, no timer interrupts any more, nor writes into memory. */
void hpet_silence(const struct cell *cell);

#endif
