/* SPDX-License-Identifier: GPL-2.0-only */
/* Fills hypervisor memory with what the hypervisor is to find there. */
#ifndef DRIVER_POPULATE_H
#define DRIVER_POPULATE_H

#include "bridge.h"
#include "image.h"
#include "model/config.h"

/*
 * Lays out hypervisor memory, writes all of it but the log's old lines, and directs the bridge
 * there. The memory is mapped only meanwhile.
 */
bool populate(const struct config_view *config, const struct image *image, struct bridge *bridge,
	      struct bh_refusal *refusal);

#endif
