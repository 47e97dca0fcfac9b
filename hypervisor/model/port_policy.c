/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O bitmap from a list of ports.
 */
#include "model/port_policy.h"

void port_bitmap_fill(uint8_t bitmap[PORT_BITMAP_PAGES * BH_PAGE_SIZE],
		      const struct bh_ports *ports, uint32_t count)
{
	uint32_t i, port;

	for (i = 0; i < PORT_BITMAP_PAGES * BH_PAGE_SIZE; i++)
		bitmap[i] = 0xff;
	for (i = 0; i < count; i++)
		for (port = ports[i].first; port <= ports[i].last; port++)
			bitmap[port / 8] &= (uint8_t)~(1u << port % 8);
}
