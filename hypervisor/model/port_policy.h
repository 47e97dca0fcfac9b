/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which I/O ports a cell may touch: those its configuration lists, no others. The processors'
 * bitmaps are derived from that list.
 */
#ifndef MODEL_PORT_POLICY_H
#define MODEL_PORT_POLICY_H

#include <bulkhead/config.h>

#define PORT_BITMAP_PAGES 2

/* Bit n of the two pages is set where port n exits (SDM vol. 3C, 24.6.4). */
void port_bitmap_fill(uint8_t bitmap[PORT_BITMAP_PAGES * BH_PAGE_SIZE],
		      const struct bh_ports *ports, uint32_t count);

#endif
