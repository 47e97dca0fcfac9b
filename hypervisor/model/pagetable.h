/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of any format: build, change, look up, predict. The builder knows levels, a format
 * (format_ept.h, format_npt.h, ...) knows how entries look. Who may map what is not decided here,
 * and no TLB is flushed here.
 *
 * Levels count from the leaves: entries of level 1 span 4 KiB, of 2 2 MiB, of 3 1 GiB, and so on.
 * Changes are single 64-bit stores, so a processor may walk the tables meanwhile; callers see to it
 * that only one of them changes a table at a time.
 */
#ifndef MODEL_PAGETABLE_H
#define MODEL_PAGETABLE_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>
#include "model/address.h"

#define PT_LEVEL_BITS 9
#define PT_ENTRIES    (1U << PT_LEVEL_BITS)
#define PT_LEVELS_MAX 6

#define PT_4K 1U
#define PT_2M 2U
#define PT_1G 3U

/* What a mapping allows. Memory is write-back unless one of the last two is given. */
#define PT_READ            0x01U
#define PT_WRITE           0x02U
#define PT_EXECUTE         0x04U
#define PT_UNCACHED        0x08U
#define PT_WRITE_COMBINING 0x10U

#define PT_ACCESS (PT_READ | PT_WRITE | PT_EXECUTE)

/*
 * How entries of one format look. An entry above level 1 points to a table if its table_mask bits
 * are those of table[level]; any other entry is a leaf if one of its present bits is set, and zero
 * if not.
 */
struct pt_format {
	const char *name;
	unsigned int levels;
	unsigned int largest_leaf;                /* level of the largest page the format knows */
	unsigned int address_bits;                /* width of the addresses it translates */
	bool sign_extended;                       /* bits above the width repeat its top bit */
	uint64_t address_mask;                    /* where an entry holds its physical address */
	uint64_t present;
	uint64_t table_mask;
	uint64_t table[PT_LEVELS_MAX + 1];        /* all bits but the address, by level */

	/* The bits of a leaf but its address; false if the format cannot say this. */
	bool (*encode)(unsigned int attributes, unsigned int level, uint64_t *bits);
	unsigned int (*decode)(uint64_t leaf);
};

/*
 * Where table pages come from. All lie in one arena, mapped at one offset, so that a table is
 * reached by an addition.
 */
struct pt_memory {
	uint64_t offset;                          /* pointer = host-physical address + offset */
	uint64_t (*available)(void *context);     /* how often allocate() will succeed from now */
	hpa_t (*allocate)(void *context);         /* a page of zeros; cannot fail if available */
	void *context;
};

struct pagetable {
	const struct pt_format *format;
	hpa_t root;
	unsigned int physical_bits;
	unsigned int largest_leaf;
	struct pt_memory memory;
};

/* A wish: for pt_map() and pt_predict() alike. */
struct pt_mapping {
	uint64_t virt;
	hpa_t phys;
	uint64_t size;
	unsigned int attributes;
	unsigned int largest_leaf;                /* PT_4K, ...; 0: what the page table allows */
};

/* A page as it stands in the table. */
struct pt_leaf {
	uint64_t virt;
	hpa_t phys;
	uint64_t size;
	unsigned int attributes;
	unsigned int level;
};

/* How much one entry of a level spans. */
static inline uint64_t pt_span(unsigned int level)
{
	return BH_PAGE_SIZE << ((level - 1) * PT_LEVEL_BITS);
}

static inline bool pt_is_table(const struct pt_format *format, uint64_t entry, unsigned int level)
{
	return (entry & format->table_mask) == (format->table[level] & format->table_mask);
}

/* The entry for an address in a table of that level, which stands at that pointer. */
static inline uint64_t *pt_entry(uint64_t table, uint64_t virt, unsigned int level)
{
	unsigned int shift = BH_PAGE_SHIFT + (level - 1) * PT_LEVEL_BITS;

	return (uint64_t *)(uintptr_t)table + ((virt >> shift) & (PT_ENTRIES - 1));
}

/*
 * Makes an empty table: takes one page for the root. largest_leaf is what the processor can do; it
 * is cut to what the format can.
 */
bool pt_init(struct pagetable *pt, const struct pt_format *format, const struct pt_memory *memory,
	     unsigned int physical_bits, unsigned int largest_leaf, struct bh_refusal *refusal);

/*
 * Maps with the largest pages that fit. Refuses, and then has changed nothing: empty, wrapping,
 * unaligned, too wide for the processor or the format, attributes the format cannot express, any
 * overlap with what is mapped, too few pages.
 */
bool pt_map(struct pagetable *pt, const struct pt_mapping *mapping, struct bh_refusal *refusal);

/*
 * The three changes that neither split a page nor allocate, for ranges whose boundaries were made
 * when they were mapped, as pieces of their own. pt_clear() and pt_protect() refuse unless all of
 * the range is mapped; pt_restore() maps what was cleared, elsewhere or otherwise if one likes.
 */
bool pt_clear(struct pagetable *pt, uint64_t virt, uint64_t size, struct bh_refusal *refusal);
bool pt_protect(struct pagetable *pt, uint64_t virt, uint64_t size, unsigned int attributes,
		struct bh_refusal *refusal);
bool pt_restore(struct pagetable *pt, const struct pt_mapping *mapping, struct bh_refusal *refusal);

/* The page that holds the address. False if there is none. */
bool pt_lookup(const struct pagetable *pt, uint64_t virt, struct pt_leaf *leaf);

/* All pages in ascending order, until visit() returns false; returns whether none did. */
bool pt_for_each_leaf(const struct pagetable *pt,
		      bool (*visit)(void *context, const struct pt_leaf *leaf), void *context);

/* The pages that the tables occupy, each once, the root first. */
void pt_for_each_table(const struct pagetable *pt, void (*visit)(void *context, hpa_t table),
		       void *context);

/* How many these are. */
uint64_t pt_count_pages(const struct pagetable *pt);

/*
 * The pages that pt_count_pages() will tell after these were mapped, in whatever order, into an
 * empty table. The mappings must be such that pt_map() takes them all.
 */
uint64_t pt_predict(const struct pt_format *format, unsigned int largest_leaf,
		    const struct pt_mapping *mappings, size_t count);

/* The same for mappings that stand in no array; get() may leave places out. */
struct pt_source {
	bool (*get)(const void *context, size_t index, struct pt_mapping *mapping);
	const void *context;
	size_t count;
};
uint64_t pt_predict_from(const struct pt_format *format, unsigned int largest_leaf,
			 const struct pt_source *source);

/*
 *      root              level 4    virt 47..39
 *      +---+---+---+---
 *      |   | o | L |          An entry is empty, a leaf (L) or points to a table (o). Level 1 has
 *      +---+-|-+---+---       leaves only; the format says how high leaves may stand.
 *            v           level 3    virt 38..30, leaves of 1 GiB
 *            +---+---+---+---
 *            | L |   | o |
 *            +---+---+-|-+---
 *                      v     level 2    virt 29..21, leaves of 2 MiB
 *                      +---+---+---     ... and so on down to level 1, leaves of 4 KiB
 *
 * Walks down to the first entry that is no table, and tells its level. Inline, so that a constant
 * format folds into it: hot paths use a format's own translation (ept_translate()), made of this.
 * Bits of virt above the format's width are ignored.
 */
static inline __attribute__((always_inline)) uint64_t *
pt_walk(const struct pt_format *format, hpa_t root, uint64_t offset, uint64_t virt,
	unsigned int *level)
{
	uint64_t table = root.v;
	uint64_t *entry;
	unsigned int l;

#pragma GCC unroll 6
	for (l = format->levels; l > 1; l--) {
		entry = pt_entry(table + offset, virt, l);
		if (!pt_is_table(format, *entry, l)) {
			*level = l;
			return entry;
		}
		table = *entry & format->address_mask;
	}
	*level = 1;
	return pt_entry(table + offset, virt, 1);
}

/* Where an address lies; false if nothing is mapped there. For constant formats, as pt_walk(). */
static inline __attribute__((always_inline)) bool
pt_translate(const struct pt_format *format, const struct pagetable *pt, uint64_t virt,
	     hpa_t *physical)
{
	unsigned int level;
	uint64_t *entry;
	uint64_t inside;

	if (virt >> format->address_bits)
		return false;
	entry = pt_walk(format, pt->root, pt->memory.offset, virt, &level);
	if (!(*entry & format->present))
		return false;
	inside = pt_span(level) - 1;
	*physical = HPA((*entry & format->address_mask) | (virt & inside));
	return true;
}

#endif
