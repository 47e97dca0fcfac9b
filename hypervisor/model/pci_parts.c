/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes a device of the board to pieces. See pci_parts.h.
 */
#include "model/pci_parts.h"

#include "model/iommus.h"
#include "model/msi_policy.h"
#include "model/range.h"
#include "model/text.h"

uint64_t device_msix_table(const struct bh_device *device)
{
	return device->bars[device->msix_bar % BH_BARS].at + device->msix_offset;
}

struct bh_range device_msix_pages(const struct bh_device *device)
{
	const struct bh_bar *bar = &device->bars[device->msix_bar % BH_BARS];
	uint64_t first, last;

	if (device->msix_entries == 0)
		return RANGE(0, 0);
	first = device_msix_table(device);
	last = first + device->msix_entries * (uint64_t)MSIX_ENTRY_SIZE - 1;
	first &= ~BH_PAGE_MASK;
	return ranges_intersection(RANGE(first, (last | BH_PAGE_MASK) - first + 1),
				   RANGE(bar->at, bar->size));
}

static void add_region(struct bh_region *regions, uint32_t *count, const struct bh_device *device,
		       uint32_t bar, struct bh_range range, uint32_t flags, const char *which)
{
	struct bh_region *region = &regions[*count];

	if (range_is_empty(range))
		return;
	*region = (struct bh_region){
		.phys = range.start, .at = range.start, .size = range.size,
		.access = BH_ACCESS_READ | BH_ACCESS_WRITE, .kind = BH_REGION_DEVICE,
		.flags = BH_REGION_BAR | flags,
	};
	text_format(region->name, sizeof(region->name), "%s.bar%u%s", device->name, bar, which);
	(*count)++;
}

static void add_bar(struct bh_region *regions, uint32_t *count, const struct bh_device *device,
		    uint32_t index)
{
	const struct bh_bar *bar = &device->bars[index];
	struct bh_range all = RANGE(bar->at, bar->size);
	struct bh_range table = device_msix_pages(device);

	if (device->msix_entries == 0 || device->msix_bar != index || range_is_empty(table)) {
		add_region(regions, count, device, index, all, 0, "");
		return;
	}
	add_region(regions, count, device, index, RANGE(all.start, table.start - all.start), 0, "");
	add_region(regions, count, device, index, table, BH_REGION_MSIX, ".table");
	add_region(regions, count, device, index,
		   RANGE(range_end(table), range_end(all) - range_end(table)), 0, ".rest");
}

uint32_t device_regions(const struct bh_device *device, struct bh_region regions[DEVICE_REGIONS])
{
	uint32_t count = 0;
	uint32_t i;

	for (i = 0; i < BH_BARS; i++)
		if (device->bars[i].kind == BH_BAR_MEMORY)
			add_bar(regions, &count, device, i);
	return count;
}

uint32_t device_ports(const struct bh_device *device, struct bh_ports ports[BH_BARS])
{
	uint32_t count = 0;
	uint32_t i;

	for (i = 0; i < BH_BARS; i++) {
		const struct bh_bar *bar = &device->bars[i];

		if (bar->kind == BH_BAR_PORTS)
			ports[count++] = (struct bh_ports){
				.first = (uint16_t)bar->at,
				.last = (uint16_t)(bar->at + bar->size - 1),
				.flags = BH_PORTS_BAR,
			};
	}
	return count;
}

const struct bh_device *board_device(const struct config_view *board, uint32_t address)
{
	uint32_t i;

	for (i = 0; i < board->board->device_count; i++)
		if (board->devices[i].address == address)
			return &board->devices[i];
	return NULL;
}

bool device_msix_place(const struct config_view *board, uint64_t phys, uint32_t size,
		       struct msix_place *place)
{
	uint32_t i;

	for (i = 0; i < board->board->device_count; i++) {
		const struct bh_device *device = &board->devices[i];
		uint64_t table = device_msix_table(device);

		if (!ranges_overlap(RANGE(phys, size),
				    RANGE(table, device->msix_entries * (uint64_t)MSIX_ENTRY_SIZE)))
			continue;
		*place = (struct msix_place){ .device = device, .offset = phys - table };
		return true;
	}
	return false;
}

bool cell_owns_device(const struct cell_view *cell, uint32_t address)
{
	uint32_t i;

	for (i = 0; i < cell->cell->device_count; i++)
		if (cell->devices[i].address == address)
			return true;
	return false;
}

bool cell_owns_gsi(const struct cell_view *cell, uint32_t gsi)
{
	uint32_t i;

	for (i = 0; i < cell->cell->irq_count; i++)
		if (cell->irqs[i].gsi == gsi)
			return true;
	return false;
}

enum dma_reach device_dma_reach(const struct config_view *board, uint32_t address)
{
	struct iommus iommus;

	iommus_view(board, &iommus);
	if (iommu_confines(&iommus, address))
		return DMA_OWN_MEMORY;
	return iommu_confines_memory(&iommus, address) ? DMA_ANY_INTERRUPT : DMA_ANY_MEMORY;
}

enum dma_reach cell_dma_reach(const struct config_view *board, const struct cell_view *cell)
{
	enum dma_reach reach = DMA_OWN_MEMORY;
	uint32_t i;

	for (i = 0; i < cell->cell->device_count; i++) {
		enum dma_reach one = device_dma_reach(board, cell->devices[i].address);

		if (one > reach)
			reach = one;
	}
	return reach;
}
