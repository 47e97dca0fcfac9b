/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables that change under the instruction that uses them: entries with reserved bits, tables
 * that map themselves, the window moved over and over, odd memory types, code that changes itself
 * while its access is being answered.
 */
#include "attack.h"

#include "machine.h"

#define LARGE_PRESENT 0x83u
#define ENTRY_PRESENT 0x3u
#define ENTRY_GLOBAL  (1u << 8)
#define ROUNDS        3000u
#define HOLE          0x00600000u /* begins a page of 2 MiB */
#define MSR_PAT       0x277u

static uint8_t scratch[4096] __attribute__((aligned(4096)));

static void touch(uint64_t address)
{
	volatile uint32_t *word = (volatile uint32_t *)address;

	*word = *word;
}

/* Each bit of the entry: not present, read only, odd types, reserved, no execution. */
static void try_entry_bits(void)
{
	volatile void *window = window_at(HOLE);
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		/* A smaller page's table would be read from memory that is not there. */
		if (bit == 7)
			continue;
		*window_entry() = HOLE | LARGE_PRESENT;
		*window_entry() ^= 1ULL << bit;
		page_forget(window);
		trap_try(touch, (uint64_t)window);
		attack_tried();
	}
}

/* A directory as the table below itself: every entry is a page of tables then. */
static void try_self_map(void)
{
	uint64_t *entry = window_entry();
	volatile uint64_t *window = window_at(0);
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		*entry = (uint64_t)entry | ENTRY_PRESENT;
		page_forget(window);
		/* Through the map of itself the entry becomes another. */
		*window = (i % 2 ? HOLE : 0) | LARGE_PRESENT;
		page_forget(window);
		trap_try(touch, (uint64_t)window);
		attack_tried();
	}
}

/* The address that the instruction used is another's by the time it is looked up. */
static void try_stale(void)
{
	uint64_t seed = 0x51ed270b;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		volatile void *window = window_at((uint64_t)scratch & ~0x1fffffULL);

		trap_try(touch, (uint64_t)window);
		/* Not forgotten: a TLB may hold either. */
		*window_entry() = (random_next(&seed) & 0xffe00000) | LARGE_PRESENT | ENTRY_GLOBAL;
		trap_try(touch, (uint64_t)window + (random_next(&seed) & 0x1ffffc));
		attack_tried();
	}
	window_at(0);
}

/* The byte behind an access that is answered becomes another one just before. */
static void try_self_modifying(void)
{
	static const uint8_t bytes[] = {
		0xc6, 0x05, 0x02, 0x00, 0x00, 0x00, 0x90, /* movb $0x90, 2(%rip) */
		0x8b, 0x07,                               /* mov (%rdi), %eax: a hole */
		0xcc,                                     /* int3, that was made nop */
		0xc3,
	};
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		code_registers = (struct code_registers){ .rdi = HOLE };
		attack_expect(code_try(bytes, sizeof(bytes)) == NO_EXCEPTION,
			      "code that changed itself, round", i);
		attack_tried();
	}
}

static void try_pat(uint64_t value)
{
	msr_write(MSR_PAT, value);
}

/* Memory types are the cell's own for its own memory, whatever it says. */
static void try_types(void)
{
	uint64_t before = msr_read(MSR_PAT);
	unsigned int type;

	for (type = 0; type < 256; type++) {
		trap_try(try_pat, type * 0x0101010101010101ULL);
		touch((uint64_t)scratch);
		attack_tried();
	}
	msr_write(MSR_PAT, before);
}

void attack_tables(void)
{
	try_entry_bits();
	try_self_map();
	try_stale();
	try_self_modifying();
	try_types();
	trap_restore();
}
