/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the instruction of a trapped memory access. It is on the path of every xAPIC write, so it
 * does only what this case needs: the processor has fetched and executed the instruction a moment
 * ago, hence no rights are checked again. The tables may have changed since; what they say is taken
 * through the cell's map like any address, so the worst that a guest can bring about is that its
 * own access is answered wrongly. Everything out of the ordinary is left to guest_memory.c.
 */
#include "x86/vmx/fetch.h"

#include "core/cell.h"
#include "x86/vmx/guest_memory.h"
#include "x86/vmx/vmx.h"
#include "x86/window.h"

#define ENTRY_PRESENT (1ULL << 0)
#define ENTRY_LARGE   (1ULL << 7)
#define ENTRY_FRAME   0x000ffffffffff000ULL
#define TOP_SHIFT     39 /* of four levels */
#define WINDOWS       5  /* one a level, and one for the code */

#define inlined inline __attribute__((always_inline))

/* What every step needs, in registers: the windows, and the piece of memory that is tried first. */
struct finder {
	struct cpu *cpu;
	uint64_t *entries;
	struct cell_memory memory;
};

/* The windows are a fixed way from the struct cpu. */
static inlined const uint64_t *window(const struct finder *f, unsigned int number)
{
	return (const uint64_t *)((uint64_t)f->cpu +
				  (CPU_WINDOW_PAGE - CPU_STRUCT_PAGE + number) * BH_PAGE_SIZE);
}

static __attribute__((noinline)) bool show_elsewhere(struct cpu *cpu, unsigned int number,
						     uint64_t gpa)
{
	hpa_t phys;

	if (!guest_translate(cpu, GPA(gpa), &phys))
		return false;
	cpu->window_entries[number] = phys.v | WINDOW_PRESENT_WRITABLE_NX;
	return true;
}

static inlined bool show(const struct finder *f, unsigned int number, uint64_t gpa)
{
	uint64_t offset = gpa - f->memory.at;

	if (__builtin_expect(offset >= f->memory.size, 0))
		return show_elsewhere(f->cpu, number, gpa);
	f->entries[number] = (offset + f->memory.phys) | WINDOW_PRESENT_WRITABLE_NX;
	return true;
}

/* All of them, opened or not: that is shorter than to remember which. */
static inlined void hide_all(const struct finder *f)
{
	unsigned int number;

#pragma GCC unroll 8
	for (number = 0; number < WINDOWS; number++) {
		f->entries[number] = 0;
		invalidate_page((uint64_t)window(f, number));
	}
}

/* One level down: the entry for rip in the table, or 0 if there is none. */
static inlined uint64_t step(const struct finder *f, unsigned int level, uint64_t table,
			     uint64_t rip)
{
	uint64_t entry;

	if (!show(f, level, table & ENTRY_FRAME))
		return 0;
	entry = window(f, level)[rip >> (TOP_SHIFT - 9 * level) & 511];
	return entry & ENTRY_PRESENT ? entry : 0;
}

/* The bytes at rip in a page of 2^shift bytes. */
static inlined const uint8_t *code(const struct finder *f, uint64_t leaf, unsigned int shift,
				   uint64_t rip)
{
	uint64_t inside = ((1ULL << shift) - 1) & ~BH_PAGE_MASK;
	uint64_t page = (leaf & ENTRY_FRAME & ~inside) | (rip & inside);

	if (!show(f, WINDOWS - 1, page))
		return NULL;
	return (const uint8_t *)window(f, WINDOWS - 1) + (rip & BH_PAGE_MASK);
}

static inlined const uint8_t *find_code(const struct finder *f, uint64_t rip)
{
	uint64_t entry = step(f, 0, vmcs_read(VMCS_GUEST_CR3), rip);

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

bool fetch_long_mode(struct cpu *cpu, struct decoded *decoded)
{
	const struct finder finder = {
		.cpu = cpu, .entries = cpu->window_entries, .memory = cpu->cell->memory[0],
	};
	uint64_t rip = vmcs_read(VMCS_GUEST_RIP);
	const uint8_t *bytes;
	bool known;

	if (!(vmcs_read(VMCS_RIGHTS(SEG_CS)) & RIGHTS_LONG) ||
	    (vmcs_read(VMCS_GUEST_CR4) & CR4_LA57) ||
	    (rip & BH_PAGE_MASK) > BH_PAGE_SIZE - DECODE_INSN_MAX)
		return false;
	bytes = find_code(&finder, rip);
	known = bytes && decode_insn(bytes, DECODE_INSN_MAX, DECODE_64, decoded);
	hide_all(&finder);
	return known;
}
