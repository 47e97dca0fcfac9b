/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings `iommus` and `iommu_windows` of a board, and the part of the blob made of them.
 */
#ifndef TOOLS_CONFIG_IOMMUS_H
#define TOOLS_CONFIG_IOMMUS_H

#include <bulkhead/iommu.h>

#include "settings.h"

struct iommu_source {
	struct bh_iommu unit;
	struct bh_iommu_scope scopes[BH_MAX_IOMMU_SCOPES];
};

struct iommus_source {
	struct iommu_source units[BH_MAX_IOMMUS];
	struct bh_iommu_window windows[BH_MAX_IOMMU_WINDOWS];
	uint32_t count;
	uint32_t window_count;
};

extern const struct setting_list iommu_list;  /* of units */
extern const struct setting_list window_list; /* of windows */

/* What `kind` may be, of a unit and of a scope. */
extern const struct word iommu_kinds[];
extern const struct word iommu_scope_kinds[];

#define IOMMUS_EXAMPLE "a list such as ( { name = \"dmar0\"; kind = \"vt-d\"; " \
	"registers = 0xfed90000; levels = 4; all = true; } )"
#define WINDOWS_EXAMPLE "a list such as ( { phys = 0x7b000000; size = \"8M\"; " \
	"device = \"0000:00:02.0\"; } )"

/* Bytes of that part; 0 if there are no units. */
size_t iommus_size(const struct iommus_source *iommus);

/* Writes so many bytes there; returns what is behind them. */
void *iommus_append(void *at, const struct iommus_source *iommus);

#endif
