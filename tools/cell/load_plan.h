/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `bulkhead cell load` will copy where, step by step, and whether the cell's regions take it.
 * All of it is known and checked before anything is copied.
 */
#ifndef TOOLS_CELL_LOAD_PLAN_H
#define TOOLS_CELL_LOAD_PLAN_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

/* One thing that the command line asks for. */
struct load_piece {
	const char *name; /* of the image's file; or the string itself */
	bool is_string;
	bool has_address;
	uint64_t address; /* 0 unless it has one */
	const void *data; /* the file's bytes, once it was read */
	size_t size;
};

struct load_step {
	uint64_t at;
	uint64_t size;
	const unsigned char *data; /* null: zeros */
	const struct load_piece *piece;
	uint32_t segment;          /* of an ELF file's */
	bool is_segment;
};

struct load_plan {
	struct load_step *steps;
	size_t count;
	uint64_t bytes;       /* of all steps */
	bool has_entry;
	uint64_t entry;       /* of the first ELF file */
	const char *entry_of; /* that file's name */
};

/* Refusals name the piece. On false nothing is to be freed. */
bool load_plan_make(struct load_plan *plan, const struct load_piece *pieces, size_t count,
		    struct bh_refusal *refusal);

/* Each byte must go to a region that may be loaded; the entry must be where code may run. */
bool load_plan_check(const struct load_plan *plan, const struct bh_region *regions, size_t count,
		     struct bh_refusal *refusal);

/* How many of `size` checked bytes from there on lie in one region: one copy has no more. */
uint64_t load_plan_part(const struct bh_region *regions, size_t count, uint64_t at, uint64_t size);

void load_plan_free(struct load_plan *plan);

#endif
