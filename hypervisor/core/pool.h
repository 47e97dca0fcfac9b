/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page pool: whole zeroed pages of hypervisor memory, in order of address. Nothing is given
 * back singly; what was taken since enable is exactly what the tools predict.
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <bulkhead/refusal.h>

#include "model/pagetable.h"

void pool_open(uint64_t pages_used);
bool pool_take(hpa_t *first, uint64_t pages, struct bh_refusal *refusal);
uint64_t pool_used(void);
uint64_t pool_total(void);

/* Page tables take theirs from here. */
struct pt_memory pool_memory(void);

#endif
