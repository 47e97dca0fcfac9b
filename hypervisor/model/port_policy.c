/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O bitmap from a list of ports.
 */
#include "model/port_policy.h"

#include "model/bits.h"

void port_bitmap_fill(uint8_t bitmap[BH_PAGE_SIZE], unsigned int half,
		      const struct bh_ports *ports, uint32_t count)
{
	uint32_t base = half * PORT_BITMAP_PORTS;
	uint32_t end = base + PORT_BITMAP_PORTS - 1;
	uint32_t i;

	for (i = 0; i < BH_PAGE_SIZE; i++)
		bitmap[i] = 0xff;
	for (i = 0; i < count; i++) {
		uint32_t first = ports[i].first > base ? ports[i].first : base;
		uint32_t last = ports[i].last < end ? ports[i].last : end;

		if (first <= last)
			bits_clear(bitmap, first - base, last - base);
	}
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
