/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables built in the tool's own memory with the model's builder, to count what the hypervisor
 * will build.
 */
#ifndef TOOLS_CONFIG_TABLES_H
#define TOOLS_CONFIG_TABLES_H

#include "model/pagetable.h"

struct tables_wish {
	const struct pt_format *format;
	unsigned int physical_bits;
	unsigned int largest_leaf;
	const struct pt_mapping *mappings;
	size_t count;
};

struct tables_leaves {
	uint64_t leaves[PT_1G + 1];   /* by level */
	unsigned int smallest;        /* level of the smallest page */
};

struct tables_leaf {
	struct pt_leaf leaf;
	size_t mapping;
};

struct tables_count {
	uint64_t predicted;                 /* pages, before anything is built */
	uint64_t pages;                     /* pages, built */
	uint64_t tables[PT_LEVELS_MAX + 1]; /* by level; their sum is pages */
	struct tables_leaves *mappings;     /* one for each mapping */
	struct tables_leaf *leaves;         /* all pages, ascending */
	size_t leaf_count;
};

/* False with a refusal. */
bool tables_count(const struct tables_wish *wish, struct tables_count *count,
		  struct bh_refusal *refusal);
void tables_free(struct tables_count *count);

#endif
