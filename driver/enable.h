/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's life under this Linux: enabled or not. */
#ifndef DRIVER_ENABLE_H
#define DRIVER_ENABLE_H

#include <linux/device.h>
#include <linux/mutex.h>

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

#include "model/config.h"

/* Held by whoever enables, disables or needs either not to happen. */
extern struct mutex enable_mutex;

/* What becomes of cells at a disable. */
enum cells_end {
	CELLS_STAY,           /* and are in its way */
	CELLS_END,            /* by force; if one is locked and runs, none does */
	CELLS_END_IF_POSSIBLE /* by force; before a reboot, which ends the others */
};

/*
 * Both are called with the mutex held and give 0 or a negative errno with a refusal. The blob is
 * the hypervisor's from an enable on that succeeds.
 */
int hypervisor_enable(void *blob, size_t size, struct device *device, struct bh_refusal *refusal);
int hypervisor_disable(enum cells_end end, struct bh_refusal *refusal);

/* With the mutex held. */
bool hypervisor_is_enabled(void);

/* The board's configuration, with the mutex held, while enabled. */
const struct config_view *hypervisor_config(void);

/* A number of this enable's own; 0 while not enabled. */
uint64_t hypervisor_epoch(void);

/* Do all of Linux's CPUs run under the hypervisor? Needs no lock, but may be over at once. */
bool hypervisor_is_up(void);

/* Hypervisor memory of the last enable of this boot, refused or not; size 0 before the first. */
struct bh_range hypervisor_memory(void);

/* May Linux bring this CPU online? Needs no mutex, but CPU hotplug's lock. */
bool hypervisor_allows_online(unsigned int cpu);

#endif
