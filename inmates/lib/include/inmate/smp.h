/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cell's other CPUs. They are numbered from 1; the one that the program starts on is 0. A CPU
 * that was started waits for functions to call, with interrupts off.
 *
 * newlib's own data is shared: stdio, malloc() and errno are for one CPU at a time. Let one do the
 * talking, or hold a lock (lock.h).
 */
#ifndef INMATE_SMP_H
#define INMATE_SMP_H

#include <stdbool.h>
#include <stdint.h>

#define SMP_MAX 64u

/* Starts all of them, once; returns how many there are, the first included. */
unsigned int smp_open(void);

/* Lets a CPU call the function; false: it is still busy with another, or there is none. */
bool smp_run(unsigned int cpu, void (*function)(void *), void *argument);
void smp_wait(unsigned int cpu); /* until it is done */

unsigned int smp_self(void); /* number of the calling CPU */
uint32_t smp_apic_id(unsigned int cpu);

#endif
