/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trying what may raise an exception. The stack of the call is remembered; an exception continues
 * there instead of where it was raised (interrupt.c).
 */
#include <inmate/try.h>

#include <inmate/cpu.h>

#include "internal.h"

struct msr_access {
	uint32_t msr;
	uint64_t value;
};

int try_run(void (*what)(void *), void *argument)
{
	struct cpu *cpu = cpu_this();
	int vector = try_call(what, argument, &cpu->try_stack);

	cpu->try_stack = 0;
	return vector;
}

static void read_it(void *argument)
{
	struct msr_access *access = argument;

	access->value = msr_read(access->msr);
}

static void write_it(void *argument)
{
	const struct msr_access *access = argument;

	msr_write(access->msr, access->value);
}

bool try_msr_read(uint32_t msr, uint64_t *value)
{
	struct msr_access access = { msr, ~0ULL };
	bool fine = try_run(read_it, &access) == TRY_FINE;

	*value = access.value;
	return fine;
}

bool try_msr_write(uint32_t msr, uint64_t value)
{
	struct msr_access access = { msr, value };

	return try_run(write_it, &access) == TRY_FINE;
}
