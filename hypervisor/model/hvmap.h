/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own map: which of its pages appear where with which rights. The driver builds
 * the tables from it before the first CPU steps over; tests and tools look at the same list.
 */
#ifndef MODEL_HVMAP_H
#define MODEL_HVMAP_H

#include "model/layout.h"
#include "model/pagetable.h"

/* Pages that Linux and the hypervisor share at the same linear addresses. */
struct hvmap_bridge {
	uint64_t text;      /* linear address of the text page */
	hpa_t text_page;
	uint64_t data;      /* linear address of the first CPU's data page, the others follow */
	hpa_t data_pages;   /* contiguous */
};

/* The most mappings that hvmap_list() writes for a number of CPUs. */
#define HVMAP_MAPPINGS(cpus) (11 + 6 * (size_t)(cpus))

/*
 * Lists the mappings; returns how many. The windows need no mapping to have their table: they share
 * a 2 MiB span with the pages of their CPU's area.
 */
size_t hvmap_list(struct pt_mapping *mappings, const struct layout *layout,
		  const struct bh_image_header *image, const struct bh_board *board,
		  const struct hvmap_bridge *bridge);

/*
 * Builds the tables into an empty page table. `scratch` has room for HVMAP_MAPPINGS(CPUs); every
 * page comes from the table's memory.
 */
bool hvmap_build(struct pagetable *table, struct pt_mapping *scratch, const struct layout *layout,
		 const struct bh_image_header *image, const struct bh_board *board,
		 const struct hvmap_bridge *bridge, struct bh_refusal *refusal);

#endif
