/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that the hypervisor tells about itself at one time: itself, its CPUs, its fault
 * records. How it is shown is for the verbs.
 */
#ifndef TOOLS_SNAPSHOT_H
#define TOOLS_SNAPSHOT_H

#include <bulkhead/fault.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/refusal.h>

struct snapshot {
	struct bh_info info;
	struct bh_cpu_info *cpus; /* info.cpus of them */
	struct bh_fault *faults;
	size_t fault_count; /* that are still in the ring */
};

bool snapshot_take(struct snapshot *snapshot, int device, struct bh_refusal *refusal);
void snapshot_free(struct snapshot *snapshot);

#endif
