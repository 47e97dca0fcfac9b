/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many pages of hypervisor memory a cell takes, besides its CPUs: told by the tools before any
 * machine sees the cell, taken by the hypervisor exactly so (I3).
 */
#ifndef MODEL_CELL_BUDGET_H
#define MODEL_CELL_BUDGET_H

#include "model/backend_kind.h"
#include "model/config.h"

/* Bytes at the start of the head pages that the hypervisor keeps its own record of the cell in. */
#define CELL_HEAD_SIZE 3072

/* In pages, in the order in which they lie. */
struct cell_budget {
	uint32_t head;          /* the record, and the configuration behind it */
	uint32_t comm;          /* the communication page */
	uint32_t msr_bitmap;    /* if it has MSRs of its own; else all cells share one */
	uint32_t io_bitmap[IO_MAPS_MOST]; /* those that it has ports in; the same */
	uint32_t tables;
	uint32_t dma;           /* of its devices, where the processor's map does not serve */
	uint32_t total;
};

void cell_budget(struct cell_budget *budget, const struct config_view *board,
		 const struct cell_view *cell);

/* Of root only the bitmaps: all are its own. */
void cell_budget_root(struct cell_budget *budget, const struct bh_board *board);

/* Of the bitmaps that cells share which need none of their own: one of each sort. */
uint32_t cell_budget_common(const struct bh_board *board);

/*
 * The table of PCI functions, on a board that filters them. Which ones a machine has nobody knows
 * beforehand, so there is room for more than such machines have.
 */
#define PCI_SLOTS     256u
#define PCI_SLOT_SIZE 1024u

uint32_t cell_budget_functions(const struct bh_board *board);

#endif
