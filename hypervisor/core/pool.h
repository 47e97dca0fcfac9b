/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page pool: zeroed pages of hypervisor memory. What the hypervisor itself and root need is
 * taken once, in order of address, while the hypervisor comes up; behind it lie the runs of cells,
 * each taken and given back as a whole. How many pages there are to take is what the tools predict.
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <bulkhead/refusal.h>

#include "model/pagetable.h"

void pool_open(uint64_t pages_used);
bool pool_take(hpa_t *first, uint64_t pages, struct bh_refusal *refusal);
uint64_t pool_used(void);
uint64_t pool_total(void);

/* Page tables take theirs from here while the hypervisor comes up. */
struct pt_memory pool_memory(void);

/* Pages of a cell, one behind the other; `next` counts those that its tables have taken. */
struct pool_run {
	hpa_t first;
	uint64_t pages;
	uint64_t next;
};

bool pool_take_run(struct pool_run *run, uint64_t pages, struct bh_refusal *refusal);

/* A run of no pages is none. */
void pool_return_run(struct pool_run *run);

/* Page tables of a cell take theirs from its run. */
struct pt_memory pool_run_memory(struct pool_run *run);

#endif
