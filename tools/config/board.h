/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of board files: which settings there are, and the structs that they fill. Whether
 * the values make sense together is model/config_check.c's.
 */
#ifndef TOOLS_CONFIG_BOARD_H
#define TOOLS_CONFIG_BOARD_H

#include <bulkhead/config.h>
#include <libconfig.h>

#include "complaints.h"
#include "iommus.h"
#include "model/config.h"
#include "pci.h"
#include "siblings.h"

struct board_source {
	struct bh_board board;
	struct bh_range pools[BH_MAX_POOLS];
	struct bh_ioapic ioapics[BH_MAX_IOAPICS];
	struct device_source devices[BH_MAX_DEVICES];
	struct bh_region regions[BH_MAX_REGIONS];
	struct bh_ports ports[BH_MAX_PORTS];
	struct bh_msrs msrs[BH_MAX_MSRS];
	struct iommus_source iommus;
	struct siblings siblings; /* the tool's alone: not part of the blob */
};

/* Fills a zeroed struct. */
void board_read(struct board_source *board, const config_t *source, struct complaints *complaints);

/* The setting that a place stands for, or the innermost one around it; null for what is in no file.
 */
config_setting_t *board_setting(const config_t *source, const struct config_view *view,
				const struct config_place *place);

#endif
