/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O bitmaps from a list of ports.
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

void port_bitmap_change(uint8_t bitmap[BH_PAGE_SIZE], unsigned int half,
			const struct bh_ports *ports, bool reaches)
{
	uint32_t base = half * PORT_BITMAP_PORTS;
	uint32_t end = base + PORT_BITMAP_PORTS - 1;
	uint32_t first = ports->first > base ? ports->first : base;
	uint32_t last = ports->last < end ? ports->last : end;

	if (first > last)
		return;
	if (reaches)
		bits_clear(bitmap, first - base, last - base);
	else
		bits_set(bitmap, first - base, last - base);
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

void port_permission_fill(uint8_t map[PORT_PERMISSION_PAGES * BH_PAGE_SIZE], unsigned int which,
			  const struct bh_ports *ports, uint32_t count)
{
	unsigned int page;

	(void)which;
	for (page = 0; page < PORT_PERMISSION_PAGES; page++)
		port_bitmap_fill(map + page * BH_PAGE_SIZE, page, ports, count);
}

void port_permission_change(uint8_t map[PORT_PERMISSION_PAGES * BH_PAGE_SIZE], unsigned int which,
			    const struct bh_ports *ports, bool reaches)
{
	unsigned int page;

	(void)which;
	for (page = 0; page < PORT_BITMAP_PAGES; page++)
		port_bitmap_change(map + page * BH_PAGE_SIZE, page, ports, reaches);
}

bool port_permission_needed(unsigned int which, const struct bh_ports *ports, uint32_t count)
{
	(void)which;
	(void)ports;
	return count != 0;
}
