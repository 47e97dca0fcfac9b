/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every page of the first 4 GiB, or every one of "step=N", and in steps everything above, up to the
 * processor's width: reads must give all ones wherever nothing is ours, writes must go nowhere,
 * code must not be there.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define PAGE       4096ULL
#define LOW_END    0x100000000ULL
#define WRITE_STEP (8 * PAGE) /* a write is no other exit than a read: fewer will do */
#define FETCH_STEP (256 * PAGE)
#define FAR_STEP   0x40000000ULL
#define ALL_ONES   0xffffffffu

struct own {
	uint64_t start, end;
};

static const struct own mine[] = {
	{ 0, OWN_RAM_END },
	{ OWN_READ_ONLY, OWN_READ_ONLY + 0x10000 },
	{ OWN_SHARED, OWN_SHARED + PAGE },
	{ OWN_NO_EXECUTE, OWN_NO_EXECUTE + 0x10000 },
	{ OWN_COMM, OWN_COMM + PAGE },
	{ OWN_APIC, OWN_APIC + PAGE },
};

static bool is_mine(uint64_t address)
{
	size_t i;

	for (i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
		if (address >= mine[i].start && address < mine[i].end)
			return true;
	return false;
}

static volatile uint32_t *at(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static void read_page(uint64_t address)
{
	/* Not always the page's first word. Four bytes: wider reads of an APIC are not defined. */
	uint32_t value = *at(address + address / PAGE % 1024 * 4);

	attack_tried();
	attack_expect(value == ALL_ONES, "memory that is not ours reads as", value);
}

static void fetch(uint64_t address)
{
	((void (*)(void))address)();
}

void attack_memory(void)
{
	uint64_t step = argument_number("step", 1) * PAGE;
	uint64_t address;

	for (address = 0; address < LOW_END; address += step)
		if (!is_mine(address))
			read_page(address);
	for (address = 0; address < LOW_END; address += WRITE_STEP) {
		if (is_mine(address))
			continue;
		*at(address) = 0;
		attack_tried();
	}
	for (address = FETCH_STEP; address < LOW_END; address += FETCH_STEP) {
		if (is_mine(address))
			continue;
		attack_expect(trap_try(fetch, address) == VECTOR_UD, "code beyond the walls at",
			      address);
		attack_tried();
	}
}

/* The first and the last page of each step. */
void attack_memory_far(void)
{
	uint64_t end = window_physical_end();
	uint64_t step, address;

	for (step = LOW_END; step < end; step += FAR_STEP) {
		for (address = step; address < step + FAR_STEP; address += FAR_STEP - PAGE) {
			volatile uint32_t *word = (volatile uint32_t *)window_at(address);

			attack_expect(*word == ALL_ONES, "far memory reads at", address);
			*word = 0;
			attack_tried();
		}
	}
}
