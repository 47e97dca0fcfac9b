/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guests with hand-made page tables for the tests of the guest walk. A layout describes a paging
 * mode with a page size; guest_build() makes the tables of one page, all rights given.
 */
#ifndef TEST_GUEST_TABLES_H
#define TEST_GUEST_TABLES_H

#include "model/walk.h"

#define CR0_PE     (1ULL << 0)
#define CR0_WP     (1ULL << 16)
#define CR0_PG     (1ULL << 31)
#define CR4_PSE    (1ULL << 4)
#define CR4_PAE    (1ULL << 5)
#define CR4_LA57   (1ULL << 12)
#define CR4_SMEP   (1ULL << 20)
#define CR4_SMAP   (1ULL << 21)
#define CR4_PKE    (1ULL << 22)
#define EFER_LMA   (1ULL << 10)
#define EFER_NXE   (1ULL << 11)
#define RFLAGS_AC  (1ULL << 18)

#define P   (1ULL << 0)
#define RW  (1ULL << 1)
#define US  (1ULL << 2)
#define PS  (1ULL << 7)
#define PAT (1ULL << 12) /* of a large page */
#define XD  (1ULL << 63)

#define TABLES   0x40000ULL /* where the tables lie, root first, a page each */
#define LEVELS   5
#define WIDTH    40
#define NOTHING  ~0ULL

struct layout {
	const char *name;
	uint64_t cr4;
	uint64_t efer;
	unsigned tables;     /* read from memory on the way to the leaf */
	unsigned shift;      /* of the page */
	unsigned entry_size;
	unsigned index_bits;
	uint64_t address;
	uint64_t frame;
};

/* The first of the layouts, for tests of one. */
enum { LAYOUT_32_4K, LAYOUT_32_4M, LAYOUT_PAE_4K, LAYOUT_PAE_2M, LAYOUT_4_LEVEL_4K };

#define LAYOUTS 11
extern const struct layout layouts[LAYOUTS];

#define FOR_EACH_LAYOUT(layout) for (layout = layouts; layout < layouts + LAYOUTS; layout++)

struct guest {
	const struct layout *layout;
	struct walk_state state;
	uint8_t memory[LEVELS * 4096];
	uint64_t refused; /* address of the entry that the reader refuses, or NOTHING */
	unsigned reads;
};

static inline bool is_wide(const struct layout *l)
{
	return l->entry_size == 8;
}

static inline bool is_long(const struct layout *l)
{
	return l->efer & EFER_LMA;
}

void guest_build(struct guest *g, const struct layout *l);

/* Address of the entry that the walk uses in table @level, 0 being the root; and the entry. */
uint64_t entry_at(const struct guest *g, unsigned level);
uint64_t entry_get(const struct guest *g, unsigned level);
void entry_set(struct guest *g, unsigned level, uint64_t value);

/* The reader of guests, with a guest for context. */
bool guest_read(void *context, gpa_t at, unsigned size, uint64_t *entry);

/* Walk for the layout's address: with whatever result, and to where it must lead. */
struct walk_result guest_walk(struct guest *g, enum walk_access access);
void expect_translation(struct guest *g, enum walk_access access, const char *what);
void expect_fault(struct guest *g, enum walk_access access, uint32_t code, const char *what);

#endif
