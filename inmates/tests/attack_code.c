/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs instructions that are given as bytes, with registers that are given as well. They lie in a
 * page of their own, and what follows them goes back to the caller.
 */
#include "attack.h"

#define RETURN 0xc3u
#define TRAP   0xccu

static uint8_t code[CODE_ROOM] __attribute__((aligned(4096)));
struct code_registers code_registers;

/* In attack_entry.S. */
void code_run(uint64_t address);

int code_try(const void *bytes, size_t size)
{
	const uint8_t *from = bytes;
	size_t i;

	for (i = 0; i < CODE_ROOM; i++)
		code[i] = i < size ? from[i] : i == size ? RETURN : TRAP;
	return trap_try(code_run, (uint64_t)code);
}

uint64_t code_address(void)
{
	return (uint64_t)code;
}
