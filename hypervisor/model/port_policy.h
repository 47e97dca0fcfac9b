/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which I/O ports a cell may touch: those its configuration lists, no others. The processors'
 * bitmaps are derived from that list.
 */
#ifndef MODEL_PORT_POLICY_H
#define MODEL_PORT_POLICY_H

#include <bulkhead/config.h>

/* One page for each half of the ports (SDM vol. 3C, 24.6.4): A below 0x8000, B from there on. */
#define PORT_BITMAP_PAGES 2
#define PORT_BITMAP_PORTS 0x8000u

/* Bit n of the page is set where port n of that half exits. */
void port_bitmap_fill(uint8_t bitmap[BH_PAGE_SIZE], unsigned int half,
		      const struct bh_ports *ports, uint32_t count);

/* Does the list have a port of that half at all? */
bool port_bitmap_needed(unsigned int half, const struct bh_ports *ports, uint32_t count);

#endif
