/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bridge between Linux and the hypervisor: one page of text (crossing.S) and one page of data
 * for each CPU. Here is the data; who steps over when is rendezvous.c's.
 */
#ifndef DRIVER_BRIDGE_H
#define DRIVER_BRIDGE_H

#include <bulkhead/config.h>
#include <bulkhead/handover.h>

#include "model/hvmap.h"

struct bridge {
	struct bh_bridge *pages; /* physically contiguous, in the order of the CPUs */
	unsigned int order;
	unsigned int cpu_count;
	unsigned int cpus[BH_MAX_CPUS]; /* Linux's numbers, ascending */
	bool inside[BH_MAX_CPUS];       /* in guest mode, by index */
	bool up;                        /* all are inside; changes while all CPUs are stopped */
};

/* Allocates the data pages for the CPUs that bridge->cpus names. */
bool bridge_allocate(struct bridge *bridge, struct bh_refusal *refusal);
void bridge_free(struct bridge *bridge);

/* The index of a CPU by Linux's number; negative if it has no page. */
int bridge_index(const struct bridge *bridge, unsigned int cpu);

/* Where text and data lie, for the hypervisor's map. */
void bridge_locate(const struct bridge *bridge, struct hvmap_bridge *where);
uint64_t bridge_text_address(void);

/* Fills in where all CPUs go: the hypervisor's tables, its entry, the hand-over. */
void bridge_direct(struct bridge *bridge, hpa_t host_tables, uint64_t entry, uint64_t handover);

/* Steps over: true in guest mode; false refused, the page says why. On that CPU, interrupts off. */
bool bridge_cross(struct bh_bridge *page);

/* Has no IOMMU been kept back by the hypervisor that is gone now? */
bool bridge_has_units(const struct bridge *bridge);

/* Gives Linux the NMI and the machine check that came while this CPU was on the bridge. */
void bridge_deliver(struct bh_bridge *page);

#endif
