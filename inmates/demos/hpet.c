/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A periodic interrupt by a pin of the I/O APIC, from the HPET or from the real-time clock, held
 * against the time-stamp counter. Goes on for count=N interrupts or until it is asked to end. The
 * words:
 *
 *	rtc               by the real-time clock
 *	hz=N              interrupts a second; the clock takes powers of two
 *	count=N           interrupts to take
 *	timer=N           the HPET's timer, 0 if nothing is said
 *	pin=N             its pin, else the highest that it has; the clock has pin 8
 *	address=ADDRESS   of the HPET, if it is not where PCs have it
 *	xapic             leaves the local APIC out of x2APIC mode
 */
#include <inttypes.h>
#include <stdio.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/hpet.h>
#include <inmate/interrupt.h>
#include <inmate/ioapic.h>
#include <inmate/timer.h>
#include <inmate/words.h>

#define VECTOR 0x53
#define HZ     128u

static volatile uint64_t ticks;
static volatile uint64_t first, last; /* by the time-stamp counter */

static void tick(void)
{
	last = tsc_read();
	if (!ticks++)
		first = last;
	cell_heartbeat();
}

static void hpet_tick(struct interrupt_frame *frame)
{
	(void)frame;
	tick();
}

static void rtc_tick(struct interrupt_frame *frame)
{
	(void)frame;
	if (rtc_interrupt())
		tick();
}

static bool route(unsigned int pin, interrupt_handler handler)
{
	interrupt_handle(VECTOR, handler);
	if (ioapic_route(pin, VECTOR, apic_id(), IOAPIC_EDGE))
		return true;
	printf("Pin %u of the I/O APIC is not ours.\n", pin);
	return false;
}

static unsigned int pin_highest(uint32_t pins)
{
	unsigned int pin = 31;

	while (pin > 0 && !(pins >> pin & 1))
		pin--;
	return pin;
}

/* Returns the rate, 0 if there will be no interrupts. */
static unsigned int open_hpet(char **argv, unsigned int hz)
{
	unsigned int timer = (unsigned int)words_number(argv, "timer", 0), pin;

	if (!hz || !hpet_open(words_number(argv, "address", HPET_ADDRESS))) {
		printf("There is no HPET.\n");
		return 0;
	}
	pin = (unsigned int)words_number(argv, "pin", pin_highest(hpet_pins(timer)));
	printf("HPET: %u timers, %" PRIu64 " Hz; timer %u, pins 0x%06x, pin %u\n", hpet_timers(),
	       hpet_hz(), timer, (unsigned int)hpet_pins(timer), pin);
	if (!route(pin, hpet_tick))
		return 0;
	if (hpet_periodic(timer, pin, hpet_hz() / hz))
		return hz;
	printf("The timer cannot do that.\n");
	return 0;
}

static unsigned int open_rtc(unsigned int hz)
{
	printf("Real-time clock: pin %u\n", IOAPIC_PIN_RTC);
	return route(IOAPIC_PIN_RTC, rtc_tick) ? rtc_periodic(hz) : 0;
}

int main(int argc, char **argv)
{
	unsigned int hz = (unsigned int)words_number(argv, "hz", HZ);
	uint64_t count = words_number(argv, "count", UINT64_MAX), period;
	bool rtc = words_have(argv, "rtc");

	(void)argc;
	apic_open(!words_have(argv, "xapic"));
	interrupts_off();
	period = tsc_hz();
	hz = rtc ? open_rtc(hz) : open_hpet(argv, hz);
	if (!hz)
		return 1;
	period /= hz;
	printf("%u interrupts a second, one every %" PRIu64 " ticks\n", hz, period);
	while (ticks < count && !cell_shutdown_asked())
		cpu_wait();
	if (rtc)
		rtc_stop();
	else
		hpet_stop((unsigned int)words_number(argv, "timer", 0));
	printf("%" PRIu64 " interrupts, one every %" PRIu64 " ticks\n", ticks,
	       ticks > 1 ? (last - first) / (ticks - 1) : 0);
	cell_shutdown_accept();
	return interrupts_unexpected() ? 1 : 0;
}
