/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads CPUID and MSRs of the processor at hand for the tables of features; an MSR that it lacks is
 * told, not taken for a fault. And what both vendors' checks hold against the board.
 */
#include "x86/processor.h"

#include "core/hypervisor.h"
#include "core/test_devices.h"
#include "model/refuse.h"
#include "x86/control.h"
#include "x86/msr.h"

static bool read_msr(void *context, uint32_t number, uint64_t *value)
{
	(void)context;
	return guarded_rdmsr(number, value);
}

static bool read_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t output[4])
{
	struct cpuid_registers r = cpuid(leaf, subleaf);

	(void)context;
	output[CPUID_EAX] = r.eax;
	output[CPUID_EBX] = r.ebx;
	output[CPUID_ECX] = r.ecx;
	output[CPUID_EDX] = r.edx;
	return true;
}

const struct feature_reader processor_reader = { .read_msr = read_msr, .read_cpuid = read_cpuid };

bool board_fits(const struct cpu *cpu, uint32_t width, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;

	if (test_fails(cpu, BH_TEST_FEATURES))
		return refuse(refusal,
			      "the feature check failed on request of the board's test setting");
	return board->physical_bits <= width ||
	       refuse(refusal, "board %s: physical_bits = %u, but CPU %u has %u", board->name,
		      board->physical_bits, cpu->linux_cpu, width);
}
