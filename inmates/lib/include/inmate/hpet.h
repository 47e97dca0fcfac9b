/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timers of a PC that interrupt by the I/O APIC: the HPET, a counter with several comparators,
 * and the real-time clock, which beats in powers of two. The interrupt is routed by the program
 * (ioapic.h), as one by edges. Where the local timer serves (timer.h) it is the better one.
 */
#ifndef INMATE_HPET_H
#define INMATE_HPET_H

#include <stdbool.h>
#include <stdint.h>

#define HPET_ADDRESS 0xfed00000u /* where PCs have it, if they have one */

/* Its counter is stopped, set to 0 and started; all timers are off. false: there is none. */
bool hpet_open(uint64_t address);
void hpet_close(void);

uint64_t hpet_hz(void);
uint64_t hpet_now(void);
unsigned int hpet_timers(void);

/* The pins of the I/O APIC that this timer can raise, a bit each. */
uint32_t hpet_pins(unsigned int timer);

/* false: the timer cannot do it periodically, or not by this pin. */
bool hpet_periodic(unsigned int timer, unsigned int pin, uint64_t period);
void hpet_stop(unsigned int timer);

/* 2 to 8,192 interrupts a second, rounded down to a power of two; returns how many. Pin 8. */
unsigned int rtc_periodic(unsigned int hz);
void rtc_stop(void);

/* To be called in its interrupt: there is no next one before. Was it the periodic one? */
bool rtc_interrupt(void);

#endif
