/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers that cells write directly and that nobody switches: what they are set to when a CPU
 * changes its owner. Those that a VMCS holds are not here.
 */
#ifndef MODEL_MSR_SCRUB_H
#define MODEL_MSR_SCRUB_H

#include <bulkhead/types.h>

struct msr_scrub {
	uint32_t msr;
	uint64_t value;
};

extern const struct msr_scrub msr_scrub[];
extern const size_t msr_scrub_rows;

#endif
