/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A periodic timer of 1 kHz in x2APIC mode, by TSC deadline: none of its interrupts needs the
 * hypervisor. How late each one comes is counted in a histogram, printed from time to time. Goes on
 * until it is asked to shut down, or for as many interrupts as the argument says.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/timer.h>

#define RATE_HZ     1000u
#define PRINT_EVERY 5000u
#define BUCKETS     24 /* the last is for all that is later */
#define BAR         50

static volatile uint64_t count;
static uint64_t histogram[BUCKETS]; /* by the power of two of the lateness in ticks */
static uint64_t latest, earliest = UINT64_MAX;

static void tick(uint64_t deadline)
{
	uint64_t late = tsc_read() - deadline;
	unsigned int bucket = 0;

	while (bucket < BUCKETS - 1 && late >> bucket)
		bucket++;
	histogram[bucket]++;
	if (late > latest)
		latest = late;
	if (late < earliest)
		earliest = late;
	count++;
	cell_heartbeat();
}

/* Interrupts are off, so the numbers belong together; the ones that are due come afterwards. */
static void print(void)
{
	static const char bar[BAR + 1] = "##################################################";
	unsigned int i;

	printf("%" PRIu64 " interrupts, late by %" PRIu64 " to %" PRIu64 " ticks:\n", count,
	       earliest, latest);
	for (i = 0; i < BUCKETS; i++)
		if (histogram[i])
			printf("%s %8u ticks %10" PRIu64 " %.*s\n",
			       i == BUCKETS - 1 ? "more   " : "below  ", 1u << i, histogram[i],
			       (int)((histogram[i] * BAR + count - 1) / count), bar);
	memset(histogram, 0, sizeof(histogram));
	count = 0;
	latest = 0;
	earliest = UINT64_MAX;
}

int main(int argc, char **argv)
{
	uint64_t last = argc > 1 ? strtoull(argv[1], NULL, 0) : UINT64_MAX;
	uint64_t every = last < PRINT_EVERY ? last : PRINT_EVERY;
	uint64_t period = tsc_hz() / RATE_HZ, done = 0;

	if (!apic_open(true))
		printf("This CPU's local APIC is in xAPIC mode: each interrupt costs an exit.\n");
	printf("%u interrupts a second, one every %" PRIu64 " ticks\n", RATE_HZ, period);
	interrupts_off();
	if (!period || !timer_periodic(tsc_read() + period, period, tick)) {
		printf("This processor has no TSC deadline timer, or one of unknown rate.\n");
		return 1;
	}
	while (done < last && !cell_shutdown_asked()) {
		cpu_wait();
		if (count < every)
			continue;
		done += count;
		print();
	}
	timer_stop();
	cell_shutdown_accept();
	return 0;
}
