/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's life under this Linux: enabled or not. */
#ifndef DRIVER_ENABLE_H
#define DRIVER_ENABLE_H

#include <linux/device.h>
#include <linux/mutex.h>

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

/* Held by whoever enables, disables or needs either not to happen. */
extern struct mutex enable_mutex;

/* All that follow are called with the mutex held, and give 0 or a negative errno with a refusal. */
int hypervisor_enable(const void *blob, size_t size, struct device *device,
		      struct bh_refusal *refusal);
int hypervisor_disable(bool force, struct bh_refusal *refusal);
bool hypervisor_is_enabled(void);

/* Hypervisor memory of the last enable of this boot, refused or not; size 0 before the first. */
struct bh_range hypervisor_memory(void);

/* May Linux bring this CPU online? Needs no mutex, but CPU hotplug's lock. */
bool hypervisor_allows_online(unsigned int cpu);

#endif
