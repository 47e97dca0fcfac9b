/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands between a device of the board and all that is not its owner's, in words. */
#ifndef TOOLS_CONFIG_CONFINEMENT_H
#define TOOLS_CONFIG_CONFINEMENT_H

#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>

#include "model/config.h"
#include "model/pci_parts.h"

/* The unit's name, or null: none. */
const char *confinement_unit(const struct config_view *board, uint32_t address);

/* "own memory, any interrupt", as programs are told. */
const char *confinement_name(enum dma_reach reach);

/* Three columns of a table of devices, and what goes into them from that column on. */
#define CONFINEMENT_COLUMNS { "IOMMU", 0 }, { "DMA TO", 0 }, { "INTERRUPTS", 0 }
void confinement_set(struct libscols_line *line, size_t column, const struct config_view *board,
		     uint32_t address);
void confinement_json(struct json_object *record, const struct config_view *board,
		      uint32_t address);

#endif
