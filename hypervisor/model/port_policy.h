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

/*
 * Changes it: does the cell reach these ports, or does each access exit? Ports of a device come and
 * go with it, and those of configuration space are never reached.
 */
void port_bitmap_change(uint8_t bitmap[BH_PAGE_SIZE], unsigned int half,
			const struct bh_ports *ports, bool reaches);

/* Does the list have a port of that half at all? */
bool port_bitmap_needed(unsigned int half, const struct bh_ports *ports, uint32_t count);

/*
 * SVM has one map for all ports (APM vol. 2, 15.10.1): bit n of two pages as above, and a third one
 * for what an access of several bytes reaches behind port 0xffff. `which` is 0.
 */
#define PORT_PERMISSION_PAGES 3

void port_permission_fill(uint8_t map[PORT_PERMISSION_PAGES * BH_PAGE_SIZE], unsigned int which,
			  const struct bh_ports *ports, uint32_t count);
void port_permission_change(uint8_t map[PORT_PERMISSION_PAGES * BH_PAGE_SIZE], unsigned int which,
			    const struct bh_ports *ports, bool reaches);
bool port_permission_needed(unsigned int which, const struct bh_ports *ports, uint32_t count);

#endif
