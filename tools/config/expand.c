/* SPDX-License-Identifier: GPL-2.0-only */
/* From devices to regions, ports and interrupts of root. See expand.h. */
#include "expand.h"

#include <stdio.h>
#include <string.h>

#include "model/pci_parts.h"
#include "model/range.h"
#include "settings.h"

struct expansion {
	struct board_source *board;
	config_setting_t *setting; /* of the device */
	struct complaints *complaints;
	unsigned int pieces;
};

static void add_region(struct expansion *expansion, const struct bh_region *region)
{
	uint32_t *count = &expansion->board->board.root.region_count;

	if (*count == BH_MAX_REGIONS)
		setting_complain(expansion->complaints, expansion->setting,
				 "root's memory falls into more than %u regions", BH_MAX_REGIONS);
	else
		expansion->board->regions[(*count)++] = *region;
}

static void add_ports(struct expansion *expansion, const struct bh_ports *ports)
{
	uint32_t *count = &expansion->board->board.root.port_count;

	if (*count == BH_MAX_PORTS)
		setting_complain(expansion->complaints, expansion->setting,
				 "root's ports fall into more than %u ranges", BH_MAX_PORTS);
	else
		expansion->board->ports[(*count)++] = *ports;
}

/* What lies behind the hole becomes a region "NAME+1". */
static void add_rest(struct expansion *expansion, const struct bh_region *region,
		     struct bh_range hole)
{
	struct bh_region rest = *region;
	size_t length = strcspn(region->name, "+");

	rest.phys = rest.at = range_end(hole);
	rest.size = region->phys + region->size - range_end(hole);
	memset(rest.name, 0, sizeof(rest.name));
	if (rest.size)
		snprintf(rest.name, sizeof(rest.name), "%.*s+%u",
			 (int)(length > BH_NAME_SIZE - 6 ? BH_NAME_SIZE - 6 : length), region->name,
			 ++expansion->pieces);
	if (rest.size)
		add_region(expansion, &rest);
}

/*
 * Cuts the hole out of the region around it. Of one that is no larger nothing is left, and its
 * place is returned, to be filled. One that holds only a part of the hole stays as it is, and the
 * checks say that they overlap.
 */
static struct bh_region *cut_region(struct expansion *expansion, struct bh_range hole)
{
	struct board_source *board = expansion->board;
	uint32_t count = board->board.root.region_count;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct bh_region *region = &board->regions[i];
		struct bh_range all = RANGE(region->phys, region->size);

		if (region->kind != BH_REGION_DEVICE || region->flags != 0 || range_wraps(all) ||
		    !range_is_inside(hole, all))
			continue;
		if (hole.size == all.size)
			return region;
		if (hole.start == all.start) {
			region->phys = region->at = range_end(hole);
			region->size = all.size - hole.size;
		} else {
			add_rest(expansion, region, hole);
			region->size = hole.start - all.start;
		}
		break;
	}
	return NULL;
}

static struct bh_ports *cut_ports(struct expansion *expansion, const struct bh_ports *hole)
{
	struct board_source *board = expansion->board;
	uint32_t count = board->board.root.port_count;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct bh_ports *ports = &board->ports[i];
		struct bh_ports rest = { .first = (uint16_t)(hole->last + 1), .last = ports->last };

		if (ports->flags || ports->first > hole->first || ports->last < hole->last)
			continue;
		if (ports->first == hole->first && ports->last == hole->last)
			return ports;
		if (ports->first == hole->first) {
			ports->first = rest.first;
		} else {
			if (ports->last > hole->last)
				add_ports(expansion, &rest);
			ports->last = (uint16_t)(hole->first - 1);
		}
		break;
	}
	return NULL;
}

/* Pages that a device has a part of are out of root's map, whoever has the device. */
static struct bh_range whole_pages(const struct bh_region *region)
{
	uint64_t first = region->phys & ~BH_PAGE_MASK;
	uint64_t last = (region->phys + region->size - 1) | BH_PAGE_MASK;

	return RANGE(first, last - first + 1);
}

static void expand_device(struct expansion *expansion, const struct bh_device *device)
{
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	uint32_t region_count = device_regions(device, regions);
	uint32_t port_count = device_ports(device, ports);
	uint32_t i;

	for (i = 0; i < region_count; i++) {
		struct bh_region *place = NULL;

		if (!range_wraps(RANGE(regions[i].phys, regions[i].size)))
			place = cut_region(expansion, whole_pages(&regions[i]));
		regions[i].flags |= BH_REGION_LENT;
		if (place)
			*place = regions[i];
		else
			add_region(expansion, &regions[i]);
	}
	for (i = 0; i < port_count; i++) {
		struct bh_ports *place = cut_ports(expansion, &ports[i]);

		if (place)
			*place = ports[i];
		else
			add_ports(expansion, &ports[i]);
	}
}

void expand_board(struct board_source *board, const config_t *source,
		  struct complaints *complaints)
{
	struct expansion expansion = { .board = board, .complaints = complaints };
	config_setting_t *devices = config_lookup(source, "board.pci.devices");
	uint32_t i;

	for (i = 0; i < board->board.device_count; i++) {
		expansion.setting = config_setting_get_elem(devices, i);
		expand_device(&expansion, &board->devices[i].device);
	}
}
