/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All CPUs of a cell count; the first one prints the sum now and then, so that it can be seen from
 * outside that they go on: "beat N cpus N". "x2apic" starts the others in x2APIC mode.
 */
#include "runtime.h"

#include "machine.h"

#define CPUS_MAX 4u
#define SLICE    20000u

static volatile uint64_t counts[CPUS_MAX];
static volatile uint32_t here;

static void count(void)
{
	uint32_t index = __atomic_fetch_add(&here, 1, __ATOMIC_SEQ_CST) + 1;

	for (;;)
		counts[index]++;
}

/* How many of the others have counted on since the last time. */
static uint64_t moving(uint64_t *before, uint32_t cpus)
{
	uint64_t result = 1;
	uint32_t i;

	for (i = 1; i < cpus; i++) {
		uint64_t now = counts[i];

		result += now > before[i];
		before[i] = now;
	}
	return result;
}

int main(void)
{
	uint64_t before[CPUS_MAX] = { 0 };
	uint32_t cpus = comm->cpu_count, i, wait;

	if (argument_has("x2apic"))
		msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
	for (i = 1; i < cpus; i++)
		cpu_start(i, count);
	for (;;) {
		for (wait = 0; wait < SLICE; wait++)
			__asm__ volatile("pause");
		beat();
		say("beat %u cpus %u\n", (uint64_t)comm->heartbeats, moving(before, cpus));
	}
}
