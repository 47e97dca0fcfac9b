/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds page tables in an arena of ordinary memory and counts them. See tables.h. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "model/range.h"
#include "tools/output.h"

/* What the builder takes for the host-physical address of the arena; 0 would look like no page. */
#define ARENA_PHYS 0x100000ULL

struct arena {
	char *memory;
	uint64_t pages;
	uint64_t used;
};

static uint64_t arena_available(void *context)
{
	const struct arena *arena = context;

	return arena->pages - arena->used;
}

static hpa_t arena_allocate(void *context)
{
	struct arena *arena = context;

	return HPA(ARENA_PHYS + arena->used++ * BH_PAGE_SIZE);
}

struct visit {
	const struct tables_wish *wish;
	struct tables_count *count;
	uint64_t last[PT_LEVELS_MAX + 1]; /* number of the last table seen, by level, plus one */
};

static void count_leaf(struct visit *visit, const struct pt_leaf *leaf)
{
	struct tables_count *count = visit->count;
	struct tables_leaves *leaves;
	size_t i = 0;

	while (!range_has(RANGE(visit->wish->mappings[i].virt, visit->wish->mappings[i].size),
			  leaf->virt))
		i++;
	leaves = &count->mappings[i];
	leaves->leaves[leaf->level]++;
	if (leaves->smallest == 0 || leaf->level < leaves->smallest)
		leaves->smallest = leaf->level;
	/* Room is made whenever the number is a power of two. */
	if ((count->leaf_count & (count->leaf_count - 1)) == 0)
		count->leaves = must(reallocarray(count->leaves, 2 * count->leaf_count + 1,
						  sizeof(*count->leaves)));
	count->leaves[count->leaf_count++] = (struct tables_leaf){ *leaf, i };
}

/* Leaves come in ascending order, so a table is new if its number is not the last one's. */
static bool visit_leaf(void *context, const struct pt_leaf *leaf)
{
	struct visit *visit = context;
	unsigned int level;

	count_leaf(visit, leaf);
	for (level = leaf->level; level <= visit->wish->format->levels; level++) {
		uint64_t number = (leaf->virt >> (BH_PAGE_SHIFT + level * PT_LEVEL_BITS)) + 1;

		if (visit->last[level] == number)
			continue;
		visit->last[level] = number;
		visit->count->tables[level]++;
	}
	return true;
}

static bool build(const struct tables_wish *wish, struct arena *arena, struct pagetable *table,
		  struct bh_refusal *refusal)
{
	const struct pt_memory memory = {
		.offset = (uintptr_t)arena->memory - ARENA_PHYS,
		.available = arena_available, .allocate = arena_allocate, .context = arena,
	};
	size_t i;

	if (!pt_init(table, wish->format, &memory, wish->physical_bits, wish->largest_leaf,
		     refusal))
		return false;
	for (i = 0; i < wish->count; i++)
		if (!pt_map(table, &wish->mappings[i], refusal))
			return false;
	return true;
}

bool tables_count(const struct tables_wish *wish, struct tables_count *count,
		  struct bh_refusal *refusal)
{
	struct visit visit = { .wish = wish, .count = count };
	struct arena arena = { 0 };
	struct pagetable table;
	bool done;

	memset(count, 0, sizeof(*count));
	count->predicted =
		pt_predict(wish->format, wish->largest_leaf, wish->mappings, wish->count);
	count->mappings = must(calloc(wish->count, sizeof(count->mappings[0])));
	arena.pages = count->predicted;
	arena.memory = must(aligned_alloc(BH_PAGE_SIZE, arena.pages * BH_PAGE_SIZE));
	memset(arena.memory, 0, arena.pages * BH_PAGE_SIZE);
	done = build(wish, &arena, &table, refusal);
	if (done) {
		count->pages = pt_count_pages(&table);
		pt_for_each_leaf(&table, visit_leaf, &visit);
	} else {
		tables_free(count);
	}
	free(arena.memory);
	return done;
}

void tables_free(struct tables_count *count)
{
	free(count->mappings);
	free(count->leaves);
	count->mappings = NULL;
	count->leaves = NULL;
}
