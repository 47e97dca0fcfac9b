// SPDX-License-Identifier: GPL-2.0-only
/*
 * Foretells how many pages the tables of a list of mappings take: arithmetic over block numbers,
 * which neither builds nor remembers anything. Tools print it, the layout reserves by it, and a
 * test holds the builder against it.
 *
 * A table of level n covers one block of the span of level n + 1. It is needed if some mapping
 * touches the block without covering it by a leaf: then a mapping needs a table for each block that
 * it touches, or, where larger leaves are possible, only for those that it covers in part, which
 * can be its first and its last. Over all mappings these are intervals of block numbers, and the
 * size of their union is the count.
 */
#include "model/pagetable.h"

struct interval {
	uint64_t first;
	uint64_t last;
};

static bool covers_by_leaves(const struct pt_mapping *mapping, unsigned int level,
			     unsigned int largest_leaf)
{
	unsigned int limit = largest_leaf;

	if (mapping->largest_leaf && mapping->largest_leaf < limit)
		limit = mapping->largest_leaf;
	return level <= limit && ((mapping->virt ^ mapping->phys.v) & (pt_span(level) - 1)) == 0;
}

/*
 * The blocks of that level for which the mapping needs a table: none, one or two intervals.
 * Returns how many.
 */
static unsigned int table_blocks(const struct pt_mapping *mapping, unsigned int level,
				 unsigned int largest_leaf, struct interval out[2])
{
	uint64_t span = pt_span(level);
	uint64_t last = mapping->virt + mapping->size - 1;
	struct interval all = { mapping->virt / span, last / span };
	unsigned int n = 0;

	if (!covers_by_leaves(mapping, level, largest_leaf)) {
		out[n++] = all;
		return n;
	}
	if (mapping->virt % span != 0)
		out[n++] = (struct interval){ all.first, all.first };
	if (last % span != span - 1)
		out[n++] = (struct interval){ all.last, all.last };
	return n;
}

/*
 * Of the intervals' numbers that are at least @from, the lowest run within one interval. There is
 * no memory to sort in, so each step of the sweep looks at all; lists are short.
 */
static bool next_run(unsigned int level, unsigned int largest_leaf, const struct pt_source *source,
		     uint64_t from, struct interval *run)
{
	struct interval blocks[2];
	struct pt_mapping mapping;
	size_t i;

	*run = (struct interval){ ~0ULL, 0 };
	for (i = 0; i < source->count; i++) {
		unsigned int n;

		if (!source->get(source->context, i, &mapping))
			continue;
		n = table_blocks(&mapping, level, largest_leaf, blocks);
		while (n--) {
			uint64_t first = blocks[n].first > from ? blocks[n].first : from;

			if (blocks[n].last >= from && first < run->first)
				*run = (struct interval){ first, blocks[n].last };
		}
	}
	return run->first != ~0ULL;
}

uint64_t pt_predict_from(const struct pt_format *format, unsigned int largest_leaf,
			 const struct pt_source *source)
{
	uint64_t pages = 1;
	unsigned int level;

	if (largest_leaf > format->largest_leaf)
		largest_leaf = format->largest_leaf;
	for (level = 2; level <= format->levels; level++) {
		struct interval run;
		uint64_t from = 0;

		while (next_run(level, largest_leaf, source, from, &run)) {
			pages += run.last - run.first + 1;
			from = run.last + 1;
		}
	}
	return pages;
}

static bool get_from_array(const void *context, size_t index, struct pt_mapping *mapping)
{
	const struct pt_mapping *mappings = context;

	*mapping = mappings[index];
	return true;
}

uint64_t pt_predict(const struct pt_format *format, unsigned int largest_leaf,
		    const struct pt_mapping *mappings, size_t count)
{
	const struct pt_source source = {
		.get = get_from_array, .context = mappings, .count = count,
	};

	return pt_predict_from(format, largest_leaf, &source);
}
