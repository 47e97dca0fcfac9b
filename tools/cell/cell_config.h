/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's configuration as the hypervisor has it, read back: what load, show and dump go by, not a
 * file that may have changed since.
 */
#ifndef TOOLS_CELL_CELL_CONFIG_H
#define TOOLS_CELL_CELL_CONFIG_H

#include <bulkhead/refusal.h>

#include "model/config.h"

/* Pointers into the blob; root's is the board's. */
struct cell_config {
	void *blob;
	const struct bh_cell *cell;
	const struct bh_region *regions;
	const struct bh_ports *ports;
	const struct bh_msrs *msrs;
	struct cell_view view;    /* of all others */
	struct config_view board; /* of root only */
};

/* On false there is nothing to free. */
bool cell_config_read(struct cell_config *config, int device, uint32_t cell,
		      struct bh_refusal *refusal);
void cell_config_free(struct cell_config *config);

#endif
