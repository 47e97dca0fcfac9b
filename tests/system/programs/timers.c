/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timers SECONDS [WAKES]: a process on every online CPU sleeps a millisecond at a time, for so long
 * and until it woke up so often, but no longer than a minute for that. Prints for each how often it
 * did. Part of the mixed load.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 60.0

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tick(int cpu, double seconds, unsigned long wakes)
{
	const struct timespec millisecond = { .tv_nsec = 1000000 };
	double end = now() + seconds, last = now() + LONGEST;
	unsigned long ticks = 0;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (; now() < end || (ticks < wakes && now() < last); ticks++)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &millisecond, NULL);
	printf("cpu %d ticks %lu\n", cpu, ticks);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 1;
	unsigned long wakes = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int cpu, status, failed = 0;

	for (cpu = 0; cpu < cpus; cpu++) {
		if (fork() == 0) {
			tick(cpu, seconds, wakes);
			return 0;
		}
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 1 : 0;
}
