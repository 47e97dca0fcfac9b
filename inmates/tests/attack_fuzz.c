/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random instructions at privilege level 0, each with random registers and single-stepped. They may
 * do anything to the attacker; when one ends it, root loads and starts it again, with the number of
 * the round behind. Seed and round alone say what is tried. The APIC's page is hidden: Bochs ends
 * itself when a guest reads a register of it at an odd address.
 */
#include "attack.h"

#include "machine.h"

#define BYTES      15u

static uint8_t scratch[8192] __attribute__((aligned(4096)));

/* First bytes that are worth more than chance gives them: exits, and what leads to them. */
static const uint8_t openings[][3] = {
	{ 0x0f, 0x01 }, { 0x0f, 0x00 }, { 0x0f, 0xc7 }, { 0x0f, 0xae }, { 0x0f, 0x20 },
	{ 0x0f, 0x21 }, { 0x0f, 0x22 }, { 0x0f, 0x23 }, { 0x0f, 0x30 }, { 0x0f, 0x32 },
	{ 0x0f, 0x78 }, { 0x0f, 0x79 }, { 0x0f, 0xa2 }, { 0x0f, 0x38 }, { 0x66, 0x0f, 0x38 },
	{ 0xf3, 0x0f, 0xc7 }, { 0x66, 0x0f, 0xc7 }, { 0xe4 }, { 0xe5 }, { 0xe6 }, { 0xe7 },
	{ 0xec }, { 0xed }, { 0xee }, { 0xef }, { 0x6c }, { 0x6e }, { 0xf3, 0x6d }, { 0xf3, 0x6f },
	{ 0xf3, 0xa4 }, { 0xf3, 0x48, 0xa5 }, { 0x8b }, { 0x89 }, { 0x48, 0x8b }, { 0x48, 0x89 },
	{ 0xc6 }, { 0xc7 }, { 0x80 }, { 0x81 }, { 0x83 }, { 0xf6 }, { 0xf7 }, { 0xff }, { 0xcd },
	{ 0xcf }, { 0x9d }, { 0x8e }, { 0x0f, 0xb6 }, { 0x0f, 0xbe }, { 0x86 }, { 0x87 },
};
#define OPENINGS (sizeof(openings) / sizeof(openings[0]))

/* Where registers point: into RAM, to borders, to holes, to numbers of MSRs and ports. */
static const uint64_t places[] = {
	(uint64_t)0, OWN_RAM_END - 4, OWN_RAM_END, OWN_READ_ONLY, OWN_SHARED, OWN_NO_EXECUTE,
	OWN_DEVICE, OWN_APIC + 0x300, OWN_APIC + 0xb0, 0x38000000, 0x100000000, 0x800000000000,
	0xffff800000000000, 0x1b, 0x3a, 0x480, 0x570, 0x830, 0xc0000080, 0xcf8, 0xb2, 0x2f8, 0x64,
	OWN_PORT_FIRST, 1, 2, ~0ULL,
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static uint64_t random_place(uint64_t *state)
{
	uint64_t random = random_next(state);

	if (random % 4 == 0)
		return random_next(state);
	if (random % 4 == 1)
		return (uint64_t)scratch + random / 4 % sizeof(scratch);
	return places[random / 4 % PLACES];
}

/*
 * HLT and MWAIT are left out: with interrupts off a CPU never comes back from them, which says
 * nothing and costs time. So is RDI with 8 in RAX at VMCALL: it ends the cell as it should.
 */
static bool is_dull(const uint8_t *bytes)
{
	return bytes[0] == 0xf4 || (bytes[0] == 0x0f && bytes[1] == 0x01 && bytes[2] == 0xc9);
}

static void make(uint64_t *state, uint8_t *bytes)
{
	const uint8_t *opening = openings[random_next(state) % OPENINGS];
	size_t i;

	for (i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(random_next(state) >> 24);
	if (random_next(state) % 4 != 0)
		for (i = 0; i < sizeof(openings[0]) && (i == 0 || opening[i]); i++)
			bytes[i] = opening[i];
	if (is_dull(bytes))
		bytes[0] = 0x90;
}

static void step(uint64_t seed, uint64_t round)
{
	/* pushfq, orb $1, 1(%rsp), popfq: the next instruction is followed by #DB */
	uint8_t bytes[7 + BYTES] = { 0x9c, 0x80, 0x4c, 0x24, 0x01, 0x01, 0x9d };
	uint64_t state = (seed << 32 | round) * 0x9e3779b97f4a7c15 | 1;

	random_next(&state);
	make(&state, bytes + 7);
	code_registers = (struct code_registers){
		.rax = random_place(&state), .rcx = random_place(&state),
		.rdx = random_place(&state), .rbx = random_place(&state),
		.rbp = random_place(&state), .rsi = random_place(&state),
		.rdi = random_place(&state),
	};
	code_try(bytes, sizeof(bytes));
	attack_tried();
	trap_restore();
}

void attack_fuzz(uint64_t seed, uint64_t first, uint64_t rounds)
{
	uint64_t round;

	window_hide_apic();
	for (round = first; round < rounds; round++) {
		attack_publish(round + 1);
		step(seed, round);
	}
}
