/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of a board that is in nobody's map, root's included: what is the hypervisor's alone, and
 * what it serves, each cell its own part of it. One list, for board files, for cell files and for
 * the audit: what is missing here is a hole.
 */
#ifndef MODEL_KEPT_MEMORY_H
#define MODEL_KEPT_MEMORY_H

#include "model/config.h"

struct kept_memory {
	struct bh_range range; /* empty if the board has none */
	struct config_place place;
};

uint32_t kept_memory_count(const struct config_view *view);
struct kept_memory kept_memory_at(const struct config_view *view, uint32_t n);

/* What to do about an overlap with it; nothing for what is no such memory. */
static inline const char *kept_memory_advice(enum config_part part)
{
	switch (part) {
	case CONFIG_APIC:
		return "; leave that range out, the hypervisor gives each cell its own";
	case CONFIG_HYPERVISOR:
		return "; no cell may have hypervisor memory";
	case CONFIG_CONSOLE:
		return "; that page is the hypervisor's while it is its console";
	case CONFIG_MMCONFIG:
	case CONFIG_IOAPIC:
		return "; leave that out, each cell is served what is its own there";
	case CONFIG_IOMMU:
		return "; these registers are the hypervisor's alone";
	default:
		return "";
	}
}

#endif
