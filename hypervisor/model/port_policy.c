/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O bitmap from a list of ports.
 */
#include "model/port_policy.h"

void port_bitmap_fill(uint8_t bitmap[BH_PAGE_SIZE], unsigned int half,
		      const struct bh_ports *ports, uint32_t count)
{
	uint32_t i, port;

	for (i = 0; i < BH_PAGE_SIZE; i++)
		bitmap[i] = 0xff;
	for (i = 0; i < count; i++)
		for (port = ports[i].first; port <= ports[i].last; port++)
			if (port / PORT_BITMAP_PORTS == half)
				bitmap[port % PORT_BITMAP_PORTS / 8] &= (uint8_t)~(1u << port % 8);
}

bool port_bitmap_needed(unsigned int half, const struct bh_ports *ports, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (ports[i].first / PORT_BITMAP_PORTS <= half &&
		    ports[i].last / PORT_BITMAP_PORTS >= half)
			return true;
	return false;
}
