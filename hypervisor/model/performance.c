/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arithmetic of performance requests.
 */
#include "model/performance.h"

/* CPUID leaf 6, EAX: fields of the request that a processor may lack. */
#define HAS_WINDOW     (1u << 9)
#define HAS_PREFERENCE (1u << 10)
#define HAS_PACKAGE    (1u << 11)

/* IA32_HWP_REQUEST, SDM vol. 3B, figure 14-7. */
#define MINIMUM_SHIFT  0
#define MAXIMUM_SHIFT  8
#define DESIRED        0x0000000000ff0000ULL /* 0: the hardware finds it, between the two */
#define PREFERENCE     0x00000000ff000000ULL /* 0: performance */
#define WINDOW         0x000003ff00000000ULL /* 0: the hardware's choice */
#define PACKAGE        (1ULL << 42)          /* the request of the whole package counts instead */

#define BIAS 0xfULL /* 0: performance */

uint64_t performance_hwp_request(uint32_t leaf6_eax, uint64_t capabilities, uint64_t now)
{
	uint64_t highest = capabilities & 0xff;
	uint64_t replaced = 0xffULL << MINIMUM_SHIFT | 0xffULL << MAXIMUM_SHIFT | DESIRED;

	if (highest == 0)
		return now;
	if (leaf6_eax & HAS_PREFERENCE)
		replaced |= PREFERENCE;
	if (leaf6_eax & HAS_WINDOW)
		replaced |= WINDOW;
	if (leaf6_eax & HAS_PACKAGE)
		replaced |= PACKAGE;
	return (now & ~replaced) | highest << MINIMUM_SHIFT | highest << MAXIMUM_SHIFT;
}

uint64_t performance_energy_bias(uint64_t now)
{
	return now & ~BIAS;
}
