/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs that Linux hands to cells and takes back. */
#ifndef DRIVER_CELL_CPUS_H
#define DRIVER_CELL_CPUS_H

#include <linux/cpumask.h>

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

/* The CPUs of a cell, and those of them that were online before it took them. */
struct cell_cpus {
	struct cpumask all;
	struct cpumask taken;
};

/*
 * Takes all of them offline, at full speed. Where one does not go, the others come back. From here
 * on Linux cannot bring one of them online. 0, or a negative errno with a refusal.
 */
int cell_cpus_take(struct cell_cpus *cpus, const struct bh_cell *cell, struct bh_refusal *refusal);

/* Brings back those that were online; false, with words added, if one does not come. */
bool cell_cpus_return(struct cell_cpus *cpus, struct bh_refusal *refusal);

/* Is that CPU a cell's, or about to be? Needs no lock but CPU hotplug's. */
bool cell_cpus_have(unsigned int cpu);

#endif
