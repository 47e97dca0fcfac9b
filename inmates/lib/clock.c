/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time by the time-stamp counter, for C's functions as well: seconds since the program's start, not
 * since 1970, which nobody can tell it. The counter's rate comes from the hypervisor, else from the
 * processor, and is measured on a bare machine.
 */
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/timer.h>

#define CPUID_MAX_LEAF   0
#define CPUID_TSC        0x15
#define CPUID_FREQUENCY  0x16
#define MICROSECONDS     1000000u

/* The interval timer's third counter, whose gate and output are at port 0x61. */
#define PIT_HZ           1193182u
#define PIT_COUNT        11932u /* 10 ms */
#define PIT_COUNTER_2    0x42
#define PIT_CONTROL      0x43
#define PIT_ONE_SHOT     0xb0 /* counter 2, both bytes, mode 0 */
#define PIT_GATE         0x61
#define PIT_GATE_ON      0x01
#define PIT_SPEAKER_ON   0x02
#define PIT_OUTPUT       0x20

static uint64_t hz;
static uint64_t start;

static uint64_t hz_of_processor(void)
{
	uint32_t last = cpuid(CPUID_MAX_LEAF, 0).eax;
	struct cpuid ratio = last >= CPUID_TSC ? cpuid(CPUID_TSC, 0) : (struct cpuid){ 0 };

	if (ratio.eax && ratio.ebx && ratio.ecx)
		return (uint64_t)ratio.ecx * ratio.ebx / ratio.eax;
	if (last >= CPUID_FREQUENCY)
		return (cpuid(CPUID_FREQUENCY, 0).eax & 0xffff) * (uint64_t)MICROSECONDS;
	return 0;
}

static uint64_t hz_measured(void)
{
	uint8_t gate = port_in8(PIT_GATE) & (uint8_t)~(PIT_SPEAKER_ON | PIT_GATE_ON);
	uint64_t begin, end;

	port_out8(PIT_GATE, gate);
	port_out8(PIT_CONTROL, PIT_ONE_SHOT);
	port_out8(PIT_COUNTER_2, PIT_COUNT & 0xff);
	port_out8(PIT_COUNTER_2, PIT_COUNT >> 8);
	port_out8(PIT_GATE, gate | PIT_GATE_ON);
	begin = tsc_read();
	while (!(port_in8(PIT_GATE) & PIT_OUTPUT))
		continue;
	end = tsc_read();
	port_out8(PIT_GATE, gate);
	return (end - begin) * PIT_HZ / PIT_COUNT;
}

uint64_t tsc_hz(void)
{
	int64_t khz;

	if (hz)
		return hz;
	if (!cell_is_cell()) {
		hz = hz_measured();
		return hz;
	}
	khz = cell_call(BH_HYPERCALL_INFO, BH_CELL_ITEM_TSC_KHZ, 0, 0);
	hz = khz > 0 ? (uint64_t)khz * 1000 : hz_of_processor();
	return hz;
}

void delay_us(uint32_t microseconds)
{
	uint64_t end = tsc_read() + microseconds * tsc_hz() / MICROSECONDS;

	while ((int64_t)(tsc_read() - end) < 0)
		cpu_pause();
}

static void __attribute__((constructor)) clock_open(void)
{
	start = tsc_read();
}

/* Units of 1/rate seconds since the start; false: the counter's rate is unknown. */
static bool elapsed(uint64_t rate, uint64_t *units)
{
	uint64_t ticks = tsc_read() - start;

	if (!tsc_hz()) {
		errno = ENOSYS;
		return false;
	}
	/* In two parts: their product with the rate has no more than 64 bits. */
	*units = ticks / hz * rate + ticks % hz * rate / hz;
	return true;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): newlib's are reserved. */
int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	uint64_t now;

	(void)zone;
	if (!elapsed(MICROSECONDS, &now))
		return -1;
	time->tv_sec = (time_t)(now / MICROSECONDS);
	time->tv_usec = (suseconds_t)(now % MICROSECONDS);
	return 0;
}

/* All of the time is the program's: nothing else runs on its CPU. */
clock_t times(struct tms *times)
{
	uint64_t now;

	if (!elapsed(CLOCKS_PER_SEC, &now))
		return (clock_t)-1;
	*times = (struct tms){ .tms_utime = (clock_t)now };
	return (clock_t)now;
}
