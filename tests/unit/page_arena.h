/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages for page tables under test: an array that pretends to lie at a physical address, handed out
 * page by page until the quota is used up. Can take a fingerprint, to show that nothing changed.
 */
#ifndef TESTS_UNIT_PAGE_ARENA_H
#define TESTS_UNIT_PAGE_ARENA_H

#include <string.h>

#include "model/pagetable.h"

#define ARENA_PAGES 4096
#define ARENA_PHYS  0x70000000ULL

static uint64_t arena[ARENA_PAGES][PT_ENTRIES] __attribute__((aligned(4096)));
static uint64_t arena_used;
static uint64_t arena_quota;

static uint64_t arena_available(void *context)
{
	(void)context;
	return arena_quota - arena_used;
}

static hpa_t arena_allocate(void *context)
{
	(void)context;
	if (arena_used >= arena_quota)
		fail_msg("more pages taken than available");
	memset(arena[arena_used], 0, sizeof(arena[0]));
	return HPA(ARENA_PHYS + arena_used++ * BH_PAGE_SIZE);
}

/* All pages free again, but no more than so many. */
static struct pt_memory arena_reset(uint64_t quota)
{
	arena_used = 0;
	arena_quota = quota;
	return (struct pt_memory){
		.offset = (uintptr_t)arena - ARENA_PHYS,
		.available = arena_available,
		.allocate = arena_allocate,
	};
}

/* Of the tables' contents and their number. */
static inline uint64_t arena_fingerprint(void)
{
	const uint64_t *word = arena[0];
	const uint64_t *end = word + arena_used * PT_ENTRIES;
	uint64_t print = arena_used;

	for (; word < end; word++)
		print = (print ^ *word) * 0x9e3779b97f4a7c15;
	return print;
}

#endif
