/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell: its CPUs, its second-level map, its policies. Root is cell 0.
 */
#ifndef CORE_CELL_H
#define CORE_CELL_H

#include <bulkhead/config.h>
#include <bulkhead/fault.h>

#include "model/cpuid_policy.h"
#include "model/msr_policy.h"
#include "model/pagetable.h"

/*
 * One of the cell's largest pieces of RAM: where nearly all that the hypervisor looks up for it
 * lies.
 */
#define CELL_MEMORIES 4
struct cell_memory {
	uint64_t at;
	uint64_t size;
	uint64_t phys;
};

struct cell {
	uint32_t id;       /* root: 0; others count up and never come again */
	uint32_t state;    /* enum bh_cell_state */
	uint32_t on_fault; /* enum bh_fault_policy */
	uint32_t first_cpu; /* index of the CPU that starts at the entry */
	uint64_t entry;
	const struct bh_cell *config;
	const struct bh_region *regions; /* config->region_count of them */
	const struct bh_ports *ports;
	struct pagetable map;            /* guest-physical to host-physical */
	struct cell_memory memory[CELL_MEMORIES]; /* a short cut through the map, largest first */
	hpa_t msr_bitmap;
	hpa_t io_bitmaps[2];
	struct cpuid_policy cpuid;
	struct msr_served msrs;
	uint64_t faults[BH_FAULT_KINDS];
};

extern struct cell root_cell;

#endif
