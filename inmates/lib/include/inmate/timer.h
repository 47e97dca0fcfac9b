/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer of the calling CPU, by TSC deadline: once, or again and again without drift. Times are
 * values of the time-stamp counter. Each CPU has one timer of its own.
 */
#ifndef INMATE_TIMER_H
#define INMATE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Called in the timer's interrupt with the time that it was set for. */
typedef void (*timer_handler)(uint64_t deadline);

/* false: the processor has no TSC deadline timer. */
bool timer_once(uint64_t deadline, timer_handler handler);

/* At `first` and every `period` after it; times that have passed by then come at once. */
bool timer_periodic(uint64_t first, uint64_t period, timer_handler handler);

void timer_stop(void);

/* How many ticks of the counter a second has, 0 if nobody can tell. Measured once, on the PIT, on
 * a bare machine.
 */
uint64_t tsc_hz(void);

/* Spins. */
void delay_us(uint32_t microseconds);

#endif
