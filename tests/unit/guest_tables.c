// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layouts, their tables and what walks through them must find. What is tested is in
 * test_walk.c and test_walk_rights.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/guest_tables.h"

#define LONG (EFER_LMA | EFER_NXE)
#define KERNEL_48 0xffffc5a6789abcdeULL
#define KERNEL_57 0xff42c5a6789abcdeULL

const struct layout layouts[LAYOUTS] = {
	{ "32-bit, 4 KiB", CR4_PSE, 0, 2, 12, 4, 10, 0xc1234567, 0x76543000 },
	{ "32-bit, 4 MiB", CR4_PSE, 0, 1, 22, 4, 10, 0xc1234567, 0xab76400000 },
	{ "PAE, 4 KiB", CR4_PAE, EFER_NXE, 2, 12, 8, 9, 0xc1234567, 0xab76543000 },
	{ "PAE, 2 MiB", CR4_PAE, EFER_NXE, 1, 21, 8, 9, 0xc1234567, 0xab76600000 },
	{ "4-level, 4 KiB", CR4_PAE, LONG, 4, 12, 8, 9, KERNEL_48, 0xab76543000 },
	{ "4-level, 2 MiB", CR4_PAE, LONG, 3, 21, 8, 9, KERNEL_48, 0xab76600000 },
	{ "4-level, 1 GiB", CR4_PAE, LONG, 2, 30, 8, 9, KERNEL_48, 0xab40000000 },
	{ "4-level, low half", CR4_PAE, LONG, 4, 12, 8, 9, 0x00007123456789ab, 0x1000 },
	{ "5-level, 4 KiB", CR4_PAE | CR4_LA57, LONG, 5, 12, 8, 9, KERNEL_57, 0xab76543000 },
	{ "5-level, 2 MiB", CR4_PAE | CR4_LA57, LONG, 4, 21, 8, 9, KERNEL_57, 0xab76600000 },
	{ "5-level, 1 GiB", CR4_PAE | CR4_LA57, LONG, 3, 30, 8, 9, KERNEL_57, 0xab40000000 },
};

bool guest_read(void *context, gpa_t at, unsigned size, uint64_t *entry)
{
	struct guest *g = context;

	g->reads++;
	assert_int_equal(size, g->layout->entry_size);
	assert_int_equal(at.v % size, 0);
	if (at.v == g->refused)
		return false;
	if (at.v < TABLES || at.v - TABLES >= sizeof(g->memory))
		fail_msg("%s: reads a table at %llx", g->layout->name, (unsigned long long)at.v);
	*entry = 0;
	memcpy(entry, g->memory + (at.v - TABLES), size);
	return true;
}

uint64_t entry_at(const struct guest *g, unsigned level)
{
	const struct layout *l = g->layout;
	unsigned shift = l->shift + l->index_bits * (l->tables - 1 - level);
	uint64_t index = l->address >> shift & ((1ULL << l->index_bits) - 1);

	return TABLES + level * 4096ULL + index * l->entry_size;
}

uint64_t entry_get(const struct guest *g, unsigned level)
{
	uint64_t value = 0;

	memcpy(&value, g->memory + (entry_at(g, level) - TABLES), g->layout->entry_size);
	return value;
}

void entry_set(struct guest *g, unsigned level, uint64_t value)
{
	memcpy(g->memory + (entry_at(g, level) - TABLES), &value, g->layout->entry_size);
}

/* The leaf's entry: bits that mean nothing to the walk are set, for it must not mind them. */
static uint64_t leaf_entry(const struct layout *l)
{
	uint64_t frame = l->frame;

	if (l->shift == 12)
		return frame | P | RW | US | PS; /* bit 7 is PAT here */
	if (l->entry_size == 4)
		frame = (frame & 0xffffffff) | frame >> 32 << 13;
	return frame | P | RW | US | PS | PAT;
}

void guest_build(struct guest *g, const struct layout *l)
{
	unsigned level;

	memset(g, 0, sizeof(*g));
	g->layout = l;
	g->refused = NOTHING;
	g->state = (struct walk_state){
		.cr0 = CR0_PE | CR0_WP | CR0_PG,
		.cr3 = TABLES | 0x18, /* PCD and PWT are no address */
		.cr4 = l->cr4,
		.efer = l->efer,
		.physical_width = WIDTH,
		.has_1g_pages = true,
	};
	if (l->efer & EFER_LMA)
		g->state.cr3 |= 1ULL << 63 | 0xfff; /* nor are PCID and the bit beside it */
	if (l->cr4 & CR4_PAE && !(l->efer & EFER_LMA)) {
		g->state.cr3 = 0xdead0000;
		g->state.pdpte[l->address >> 30] = TABLES | P;
	}
	for (level = 0; level + 1 < l->tables; level++)
		entry_set(g, level, (TABLES + (level + 1) * 4096) | P | RW | US);
	entry_set(g, level, leaf_entry(l));
}

struct walk_result guest_walk(struct guest *g, enum walk_access access)
{
	struct walk_result result;
	bool translated;

	memset(&result, 0xa5, sizeof(result));
	translated = walk_guest(&g->state, GLA(g->layout->address), access, guest_read, g, &result);
	assert_int_equal(translated, result.status == WALK_OK);
	return result;
}

void expect_translation(struct guest *g, enum walk_access access, const char *what)
{
	const struct layout *l = g->layout;
	struct walk_result r = guest_walk(g, access);
	uint64_t offset = l->address & ((1ULL << l->shift) - 1);

	if (r.status != WALK_OK)
		fail_msg("%s: %s: status %d, error code %x", l->name, what, r.status, r.error_code);
	if (r.gpa.v != (l->frame | offset) || r.page_size != 1ULL << l->shift)
		fail_msg("%s: %s: %llx, page of %llx", l->name, what, (unsigned long long)r.gpa.v,
			 (unsigned long long)r.page_size);
}

void expect_fault(struct guest *g, enum walk_access access, uint32_t code, const char *what)
{
	struct walk_result r = guest_walk(g, access);

	if (r.status != WALK_FAULT || r.error_code != code)
		fail_msg("%s: %s: status %d, error code %x instead of %x", g->layout->name, what,
			 r.status, r.error_code, code);
}
