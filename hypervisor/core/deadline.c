/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deadlines by the TSC. See deadline.h.
 */
#include "core/deadline.h"

#include "core/hypervisor.h"
#include "x86/control.h"

/* Where Linux does not know: few count faster, so a wait is longer than it says, not shorter. */
#define GUESSED_TSC_KHZ 4000000u

uint64_t deadline_in_ms(uint32_t ms)
{
	uint32_t khz = hypervisor.handover->tsc_khz;

	return tsc_read() + (uint64_t)(khz ? khz : GUESSED_TSC_KHZ) * ms;
}

/* Right also where the counter has begun anew in between. */
bool deadline_is_over(uint64_t deadline)
{
	return (int64_t)(tsc_read() - deadline) >= 0;
}
