/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that the hypervisor tells about itself at one time: itself, its CPUs, its cells, its
 * fault records. How it is shown is for the verbs.
 */
#ifndef TOOLS_SNAPSHOT_H
#define TOOLS_SNAPSHOT_H

#include <bulkhead/fault.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>
#include <bulkhead/refusal.h>

struct snapshot {
	struct bh_info info;
	struct bh_cpu_info *cpus;   /* info.cpus of them */
	struct bh_cell_info *cells; /* by id, root first */
	size_t cell_count;
	struct bh_fault *faults;    /* only of snapshot_take_faults() */
	size_t fault_count;         /* that are still in the ring */
};

/* False leaves nothing to free. */
bool snapshot_take(struct snapshot *snapshot, int device, struct bh_refusal *refusal);
/* Adds the fault records from a sequence number on; the snapshot is to be freed in any case. */
bool snapshot_take_faults(struct snapshot *snapshot, int device, uint64_t position,
			  struct bh_refusal *refusal);
void snapshot_free(struct snapshot *snapshot);

/* The CPUs that a cell has now: those of root less those that others have. */
void snapshot_cpus(const struct snapshot *snapshot, uint32_t cell, uint64_t cpus[BH_CPU_WORDS]);
/* How often CPUs left the cell that they are in now. */
uint64_t snapshot_exits(const struct snapshot *snapshot, uint32_t cell);
uint64_t faults_total(const struct bh_cell_info *cell);

#endif
