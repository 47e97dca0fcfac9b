/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the instruction of a trapped memory access. It is on the path of every xAPIC write, so it
 * does only what this case needs: the processor has fetched and executed the instruction a moment
 * ago, hence no rights are checked again. The tables may have changed since; what they say is taken
 * through the cell's map like any address, so the worst that a guest can bring about is that its
 * own access is answered wrongly. Everything out of the ordinary is left to memory.c.
 */
#include "x86/guest/fetch.h"

#include "core/cell.h"
#include "model/decode.h"
#include "vcpu.h"

#define ENTRY_PRESENT (1ULL << 0)
#define ENTRY_LARGE   (1ULL << 7)
#define ENTRY_FRAME   0x000ffffffffff000ULL
#define TOP_SHIFT     39 /* of four levels */
#define CODE_WINDOW   4  /* behind one for each level */

#define inlined inline __attribute__((always_inline))

/*
 * What every step needs, in registers: the windows, the mask of an entry's address, the cell with
 * its pieces of memory, and what makes a window's entry of a guest-physical address in the first.
 */
struct finder {
	struct cpu *cpu;
	uint64_t *entries;
	uint64_t frame;
	const struct cell *cell;
	uint64_t to_entry;
};

/* In another of the cell's large pieces of memory. Calls nothing, so its caller saves little. */
static __attribute__((noinline)) bool show_elsewhere(const struct cell *cell,
						     uint64_t *entry, uint64_t gpa)
{
	unsigned int i;

	for (i = 1; i < CELL_MEMORIES; i++) {
		const struct cell_memory *memory = &cell->memory[i];
		uint64_t offset = gpa - memory->at;

		if (offset >= memory->size)
			continue;
		*entry = (offset + memory->phys) | WINDOW_PRESENT_WRITABLE_NX;
		return true;
	}
	return false;
}

static inlined bool show(const struct finder *f, unsigned int number, uint64_t gpa)
{
	const struct cell_memory *first = &f->cell->memory[0];

	if (__builtin_expect(gpa - first->at >= first->size, 0))
		return show_elsewhere(f->cell, &f->entries[number], gpa);
	f->entries[number] = gpa + f->to_entry;
	return true;
}

/* One level down: the entry for rip in the table, or 0 if there is none. */
static inlined uint64_t step(const struct finder *f, unsigned int level, uint64_t table,
			     uint64_t rip)
{
	uint64_t entry;

	if (!show(f, level, table & f->frame))
		return 0;
	entry = ((const uint64_t *)fetch_window(f->cpu, level))[rip >> (TOP_SHIFT - 9 * level) &
								511];
	return entry & ENTRY_PRESENT ? entry : 0;
}

/* The bytes at rip in a page of 2^shift bytes. */
static inlined const uint8_t *code(const struct finder *f, uint64_t leaf, unsigned int shift,
				   uint64_t rip)
{
	uint64_t inside = ((1ULL << shift) - 1) & ~BH_PAGE_MASK;
	uint64_t page = (leaf & f->frame & ~inside) | (rip & inside);

	if (!show(f, CODE_WINDOW, page))
		return NULL;
	return fetch_window(f->cpu, CODE_WINDOW) + (rip & BH_PAGE_MASK);
}

static inlined const uint8_t *find_code(const struct finder *f, uint64_t rip)
{
	uint64_t entry = step(f, 0, vcpu_cr3(f->cpu), rip);

	if (!entry)
		return NULL;
	entry = step(f, 1, entry, rip);
	if (!entry || (entry & ENTRY_LARGE))
		return entry ? code(f, entry, 30, rip) : NULL;
	entry = step(f, 2, entry, rip);
	if (!entry || (entry & ENTRY_LARGE))
		return entry ? code(f, entry, 21, rip) : NULL;
	entry = step(f, 3, entry, rip);
	return entry ? code(f, entry, 12, rip) : NULL;
}

const uint8_t *fetch_open(struct cpu *cpu)
{
	const struct cell_memory *memory = cpu->cell->memory;
	struct finder finder = {
		.cpu = cpu, .entries = cpu->window_entries, .frame = ENTRY_FRAME,
		.cell = cpu->cell,
		.to_entry = memory->phys - memory->at + WINDOW_PRESENT_WRITABLE_NX,
	};
	uint64_t rip = vcpu_rip(cpu);
	const uint8_t *bytes;

	if (!(vcpu_in_long_code(cpu)) ||
	    (vcpu_cr4(cpu) & CR4_LA57) ||
	    (rip & BH_PAGE_MASK) > BH_PAGE_SIZE - DECODE_INSN_MAX)
		return NULL;
	/* No constant any more: the compiler would load it anew for every step. */
	__asm__("" : "+r"(finder.frame));
	bytes = find_code(&finder, rip);
	if (__builtin_expect(!bytes, 0))
		fetch_close(cpu);
	return bytes;
}
