/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every model-specific register of the architectural ranges, and some around them: reads, and where
 * a read goes through, writes with each bit changed. Where it does not, writes too.
 */
#include "attack.h"

#include "machine.h"

struct msr_range {
	uint32_t first, last;
};

static const struct msr_range ranges[] = {
	{ 0x00000000, 0x00002010 },
	{ 0x0000c000, 0x0000c010 },
	{ 0x40000000, 0x40000110 }, /* other hypervisors' */
	{ 0x4b564d00, 0x4b564d10 },
	{ 0xbffffff0, 0xc0002010 },
	{ 0xc0010000, 0xc0010120 }, /* AMD's */
	{ 0xfffffff0, 0xfffffffe },
};

/* Written, these end the attacker itself or its mode of APIC; other attacks do that on purpose. */
static const uint32_t left_alone[] = { MSR_APIC_BASE, MSR_EFER };

static uint64_t wanted;

static void try_read(uint64_t msr)
{
	wanted = msr_read((uint32_t)msr);
}

static void try_write(uint64_t msr)
{
	msr_write((uint32_t)msr, wanted);
}

static bool is_left_alone(uint32_t msr)
{
	size_t i;

	for (i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
		if (left_alone[i] == msr)
			return true;
	return false;
}

static void try_value(uint32_t msr, uint64_t value)
{
	wanted = value;
	trap_try(try_write, msr);
	attack_tried();
}

static void try_msr(uint32_t msr)
{
	uint64_t before;
	unsigned int bit;

	attack_tried();
	if (trap_try(try_read, msr) != NO_EXCEPTION) {
		try_value(msr, 0);
		try_value(msr, ~0ULL);
		return;
	}
	before = wanted;
	if (is_left_alone(msr))
		return;
	for (bit = 0; bit < 64; bit++) {
		try_value(msr, before ^ 1ULL << bit);
		try_value(msr, before);
	}
}

void attack_msrs(void)
{
	uint32_t msr;
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		for (msr = ranges[i].first; msr <= ranges[i].last; msr++)
			try_msr(msr);
}
