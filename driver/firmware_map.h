/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory map as firmware gave it, before memmap= and mem=. */
#ifndef DRIVER_FIRMWARE_MAP_H
#define DRIVER_FIRMWARE_MAP_H

#include <linux/types.h>

#include "model/range.h"

/* Does Linux show it? */
bool firmware_map_is_there(void);

/* Is all of the range RAM by it? */
bool firmware_map_has_ram(const struct bh_range *range);

#endif
