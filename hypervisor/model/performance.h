/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes a CPU run as fast as it can while a cell has it: hardware P-states asked for the
 * highest performance only, energy bias towards performance (SDM vol. 3B, 14.3.4 and 14.4). Which
 * registers there are, and what to write; reading and writing them is the caller's.
 */
#ifndef MODEL_PERFORMANCE_H
#define MODEL_PERFORMANCE_H

#include <bulkhead/types.h>

#define PERFORMANCE_ENERGY_BIAS      0x1b0u /* IA32_ENERGY_PERF_BIAS */
#define PERFORMANCE_PM_ENABLE        0x770u /* IA32_PM_ENABLE */
#define PERFORMANCE_HWP_CAPABILITIES 0x771u /* IA32_HWP_CAPABILITIES */
#define PERFORMANCE_HWP_REQUEST      0x774u /* IA32_HWP_REQUEST */

/* CPUID leaf 6: is there IA32_PM_ENABLE; is there an energy bias? */
static inline bool performance_has_hwp(uint32_t leaf6_eax)
{
	return leaf6_eax >> 7 & 1;
}

static inline bool performance_has_bias(uint32_t leaf6_ecx)
{
	return leaf6_ecx >> 3 & 1;
}

/*
 * Once on, hardware P-states stay on until reset; so they are never turned on here. Their other
 * registers may only be read when they are.
 */
static inline bool performance_hwp_is_on(uint64_t pm_enable)
{
	return pm_enable & 1;
}

/*
 * The request for nothing but the highest performance; `now` is the one that stands, whose reserved
 * bits are kept. Returns `now` where the processor does not say what its highest is.
 */
uint64_t performance_hwp_request(uint32_t leaf6_eax, uint64_t capabilities, uint64_t now);

/* The energy bias, its reserved bits as they are. */
uint64_t performance_energy_bias(uint64_t now);

#endif
