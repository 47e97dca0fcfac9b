/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ticket-free spinlock for short sections. The hypervisor runs with interrupts off; an NMI
 * handler takes no lock. A CPU that stops in a panic breaks locks on purpose, see
 * spin_lock_break().
 */
#ifndef CORE_SPINLOCK_H
#define CORE_SPINLOCK_H

#include <bulkhead/types.h>

struct spinlock {
	uint32_t held;
};

static inline void spin_lock(struct spinlock *lock)
{
	while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			__builtin_ia32_pause();
}

static inline void spin_unlock(struct spinlock *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

/* Waits a while for the lock and then goes on without: for the last words of a CPU. */
static inline void spin_lock_break(struct spinlock *lock)
{
	unsigned int tries;

	for (tries = 0; tries < 1000000; tries++) {
		if (!__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
			return;
		__builtin_ia32_pause();
	}
}

#endif
