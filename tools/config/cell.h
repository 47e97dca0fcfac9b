/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of cell files: which settings there are, and the structs that they fill. Whether
 * the values make sense, alone and beside board and other cells, is the model's.
 */
#ifndef TOOLS_CONFIG_CELL_H
#define TOOLS_CONFIG_CELL_H

#include <bulkhead/config.h>
#include <libconfig.h>

#include "complaints.h"
#include "model/config.h"

/* The name of an IOAPIC, and a pin. */
#define IRQ_TEXT    (BH_NAME_SIZE + 8)
#define IRQ_EXAMPLE "a pin of an IOAPIC such as \"ioapic:11\""

struct cell_source {
	struct bh_cell cell;
	struct bh_region regions[BH_MAX_REGIONS];
	struct bh_ports ports[BH_MAX_PORTS];
	struct bh_msrs msrs[BH_MAX_MSRS];
	struct bh_owned devices[BH_MAX_DEVICES];
	struct bh_irq irqs[BH_MAX_IRQS];
	/* what is in cell.pci and cell.irqs, which a board is needed to understand */
	char device_name[BH_MAX_DEVICES][BH_NAME_SIZE];
	char irq_name[BH_MAX_IRQS][IRQ_TEXT];
	uint32_t device_names;
	uint32_t irq_names;
	uint32_t start; /* 0 or BH_CELL_RESET_VECTOR */
};

/* Fills a zeroed struct. Without a board (null), devices and interrupts are left out. */
void cell_read(struct cell_source *cell, const struct config_view *board, const config_t *source,
	       struct complaints *complaints);

/* The setting that a place of this cell stands for, or the innermost one around it. */
config_setting_t *cell_setting(const config_t *source, const struct config_place *place);

/* Does what is found at a place depend on another setting that could not be read? */
bool cell_place_depends_on_bad(const config_t *source, const struct config_place *place);

#endif
