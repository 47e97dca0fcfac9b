/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of `bulkhead config create`: who is to have which memory and which ports. */
#ifndef TOOLS_CONFIG_CREATE_MEMORY_H
#define TOOLS_CONFIG_CREATE_MEMORY_H

#include "owned.h"
#include "resources.h"

/* What the memory that Linux was kept off is used for. */
struct set_aside {
	struct bh_range hypervisor;
	struct resources cells;
};

/* False after a message that says how to have Linux leave memory alone. */
bool set_aside_choose(struct set_aside *aside, const struct resources *reserved,
		      const struct resources *iomem, unsigned int cpus);

/*
 * Root's memory, by whole pages, in ascending order; `kind` is null where it is not root's. `owner`
 * is Linux's word for it. What the hypervisor serves where the board says so has no kind, but as
 * `name` the setting that says it.
 */
struct owned_list root_memory(const struct resources *iomem, const struct resources *reserved);
struct owned_list root_ports(const struct resources *ioports);

#endif
