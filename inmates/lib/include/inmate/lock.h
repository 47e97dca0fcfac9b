/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A spinlock. It does not switch interrupts off: what an interrupt handler takes as well must be
 * taken with interrupts off (cpu.h). For counters and flags C11's <stdatomic.h> does.
 */
#ifndef INMATE_LOCK_H
#define INMATE_LOCK_H

#include <inmate/cpu.h>

struct lock {
	volatile bool taken; /* all zero is free */
};

static inline void lock_take(struct lock *lock)
{
	while (__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE))
		while (lock->taken)
			cpu_pause();
}

static inline void lock_free(struct lock *lock)
{
	__atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}

#endif
