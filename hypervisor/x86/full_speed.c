/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out what model/performance.h decides. A CPU that Linux has taken offline may be left at
 * its slowest, which would double a cell's latency.
 */
#include "x86/full_speed.h"

#include "model/performance.h"
#include "x86/control.h"
#include "x86/msr.h"

#define LEAF_POWER 6

static bool has_hwp(uint32_t leaf6_eax)
{
	uint64_t enable;

	return performance_has_hwp(leaf6_eax) && guarded_rdmsr(PERFORMANCE_PM_ENABLE, &enable) &&
	       performance_hwp_is_on(enable);
}

void full_speed_begin(struct cpu *cpu)
{
	struct cpuid_registers power = cpuid(LEAF_POWER, 0);
	struct cpu_speed *speed = &cpu->speed;
	uint64_t capabilities;

	speed->has_request = has_hwp(power.eax) &&
			     guarded_rdmsr(PERFORMANCE_HWP_CAPABILITIES, &capabilities) &&
			     guarded_rdmsr(PERFORMANCE_HWP_REQUEST, &speed->request);
	if (speed->has_request)
		guarded_wrmsr(PERFORMANCE_HWP_REQUEST,
			      performance_hwp_request(power.eax, capabilities, speed->request));
	speed->has_bias = performance_has_bias(power.ecx) &&
			  guarded_rdmsr(PERFORMANCE_ENERGY_BIAS, &speed->bias);
	if (speed->has_bias)
		guarded_wrmsr(PERFORMANCE_ENERGY_BIAS, performance_energy_bias(speed->bias));
}

void full_speed_end(struct cpu *cpu)
{
	const struct cpu_speed *speed = &cpu->speed;

	if (speed->has_request)
		guarded_wrmsr(PERFORMANCE_HWP_REQUEST, speed->request);
	if (speed->has_bias)
		guarded_wrmsr(PERFORMANCE_ENERGY_BIAS, speed->bias);
}
