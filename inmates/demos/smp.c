/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All CPUs of a cell: starts them, lets each say that it is there, and lets the first two throw an
 * interrupt to and fro. The argument says how often.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/interrupt.h>
#include <inmate/smp.h>

#define VECTOR_BALL 0x40
#define ROUNDS      10000u

static volatile uint32_t present;    /* a bit for each CPU */
static volatile uint64_t caught[2];  /* by each of the two */

static void report_presence(void *argument)
{
	(void)argument;
	__atomic_or_fetch(&present, 1u << smp_self(), __ATOMIC_SEQ_CST);
}

static void catch_ball(struct interrupt_frame *frame)
{
	(void)frame;
	caught[smp_self()]++;
}

/* The second CPU: throws back whatever comes. */
static void throw_back(void *argument)
{
	uint64_t rounds = *(const uint64_t *)argument;
	uint64_t round;

	interrupts_off();
	for (round = 1; round <= rounds; round++) {
		while (caught[1] < round)
			cpu_wait();
		apic_send(smp_apic_id(0), APIC_SEND_FIXED | VECTOR_BALL);
	}
}

static void play(uint64_t rounds)
{
	uint64_t start, round;

	interrupt_handle(VECTOR_BALL, catch_ball);
	smp_run(1, throw_back, &rounds);
	interrupts_off();
	start = tsc_read();
	for (round = 1; round <= rounds; round++) {
		apic_send(smp_apic_id(1), APIC_SEND_FIXED | VECTOR_BALL);
		while (caught[0] < round)
			cpu_wait();
		cell_heartbeat();
	}
	printf("%" PRIu64 " rounds: CPU 0 caught %" PRIu64 ", CPU 1 caught %" PRIu64
	       "; %" PRIu64 " ticks a round\n", rounds, caught[0], caught[1],
	       rounds ? (tsc_read() - start) / rounds : 0);
	smp_wait(1);
}

int main(int argc, char **argv)
{
	unsigned int cpu, cpus = smp_open();

	printf("%u CPUs, %s mode\n", cpus, apic_is_x2apic() ? "x2APIC" : "xAPIC");
	for (cpu = 1; cpu < cpus; cpu++)
		smp_run(cpu, report_presence, NULL);
	for (cpu = 1; cpu < cpus; cpu++)
		smp_wait(cpu);
	for (cpu = 0; cpu < cpus; cpu++)
		printf("CPU %u, APIC id %" PRIu32 ": %s\n", cpu, smp_apic_id(cpu),
		       cpu == 0 || present >> cpu & 1 ? "here" : "silent");
	if (cpus < 2) {
		printf("Nobody to play with.\n");
		return 1;
	}
	play(argc > 1 ? strtoull(argv[1], NULL, 0) : ROUNDS);
	return interrupts_unexpected() ? 1 : 0;
}
