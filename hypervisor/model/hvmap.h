/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own map: which of its pages appear where with which rights. The driver builds the
 * tables from it before the first CPU steps over; tests and tools look at the same list.
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

/* The most mappings that hvmap_requests() writes for a number of CPUs. */
#define HVMAP_REQUESTS(cpus) (10 + 7 * (size_t)(cpus))

/* Lists the mappings; returns how many. The windows' tables come to be by mapping and clearing a page. */
size_t hvmap_requests(const struct layout *layout, const struct bh_image_header *image,
		      const struct bh_board *board, const struct hvmap_bridge *bridge,
		      struct pt_request *requests);

/* Builds the tables; every page comes from the table's allocator. */
bool hvmap_build(struct pagetable *table, const struct layout *layout,
		 const struct bh_image_header *image, const struct bh_board *board,
		 const struct hvmap_bridge *bridge, struct bh_refusal *refusal);

#endif
