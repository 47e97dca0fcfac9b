/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell: its CPUs, its second-level map, its policies. Root is cell 0. A cell's struct lies at the
 * start of its head pages, with its configuration behind it.
 */
#ifndef CORE_CELL_H
#define CORE_CELL_H

#include <bulkhead/comm.h>
#include <bulkhead/config.h>
#include <bulkhead/fault.h>
#include <bulkhead/manage.h>

#include "core/pool.h"
#include "core/spinlock.h"
#include "model/apic_policy.h"
#include "model/cell_budget.h"
#include "model/config.h"
#include "model/cpuid_policy.h"
#include "model/ioapic_policy.h"
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

/* What a cell writes to the log, until a line is whole. */
#define CELL_LINE 120
struct cell_line {
	struct spinlock lock;
	uint32_t length;
	char text[CELL_LINE];
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
	struct bh_range trapped;         /* where regions of model/trapped.h can be */
	struct pagetable map;            /* guest-physical to host-physical */
	struct cell_memory memory[CELL_MEMORIES]; /* a short cut through the map, largest first */
	struct pagetable dma;            /* the same for its devices: iommu.h; root's is there */
	hpa_t dma_directory;             /* what units go by before them, if anything */
	hpa_t msr_bitmap;                /* the first page of each, see struct permission_maps */
	hpa_t io_bitmaps[IO_MAPS_MOST];
	struct icr_filter icr;
	struct cpuid_policy cpuid;
	struct msr_served msrs;
	uint64_t faults[BH_FAULT_KINDS];
	uint64_t *faults_seen; /* fault_log.h */
	bool has_pci;                    /* it finds configuration space */
	uint32_t pci_address;            /* its port 0xcf8: one for all its CPUs, as in hardware */
	struct ioapic_view ioapics[BH_MAX_IOAPICS];

	/* The rest only of cells that root creates. */
	bool has_entry;
	bool is_ready;                   /* its creation came to its end */
	struct cell_view view;
	struct pool_run head;            /* this struct, and the configuration */
	struct pool_run pages;           /* the rest, in the order of cell_budget.h */
	uint64_t table_pages;
	struct bh_comm *comm;            /* or null */
	hpa_t comm_page;
	uint64_t comm_at;                /* guest-physical; 0: none */
	uint64_t exit_code;
	uint64_t starts;
	uint32_t scrub_region;           /* how far scrubbing has come */
	uint64_t scrub_offset;
	uint32_t judged_slots;           /* how far pci_judge_root() has come, */
	uint32_t judged_entries;         /* in the table of the next function */
	struct cell_line line;
};

_Static_assert(sizeof(struct cell) <= CELL_HEAD_SIZE, "room for struct cell as predicted");

extern struct cell root_cell;

static inline bool cell_has_cpu(const struct cell *cell, uint32_t linux_cpu)
{
	return linux_cpu < BH_MAX_CPUS && cell->config->cpus[linux_cpu / 64] >> linux_cpu % 64 & 1;
}

/* A cell whose run has ended has CPUs that may not know it yet. */
static inline bool cell_runs(const struct cell *cell)
{
	return __atomic_load_n(&cell->state, __ATOMIC_SEQ_CST) == BH_CELL_RUNNING;
}

#endif
