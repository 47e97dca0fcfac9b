/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device of the board is made of, in the terms that everything else goes by: regions, ports,
 * pins. The tool writes these into boards and cells, the checks hold them against the device.
 */
#ifndef MODEL_PCI_PARTS_H
#define MODEL_PCI_PARTS_H

#include "model/config.h"

/* Where its MSI-X table begins in physical memory, if it has one. */
uint64_t device_msix_table(const struct bh_device *device);

/* The pages of its BAR that hold a device's MSI-X table, whole pages; empty if it has none. */
struct bh_range device_msix_pages(const struct bh_device *device);

/* The most regions that all base addresses of a device make: two more than there are, for MSI-X. */
#define DEVICE_REGIONS (BH_BARS + 2)

/*
 * Its memory as regions, as a cell has them: called "NAME.bar0", or "NAME.bar0.table" and
 * "NAME.bar0.rest" around an MSI-X table. Returns how many. Root has the same with BH_REGION_LENT.
 */
uint32_t device_regions(const struct bh_device *device, struct bh_region regions[DEVICE_REGIONS]);

/* Its ports; returns how many. */
uint32_t device_ports(const struct bh_device *device, struct bh_ports ports[BH_BARS]);

/* Null if the board has none there. */
const struct bh_device *board_device(const struct config_view *board, uint32_t address);

/* The device whose MSI-X table an access by the owner of the region lies in, and where there. */
struct msix_place {
	const struct bh_device *device;
	uint64_t offset; /* from the table's first byte */
};

/*
 * An address in a region with BH_REGION_MSIX. False if what lies there is not the table: then the
 * access may be carried out as it is.
 */
bool device_msix_place(const struct config_view *board, uint64_t phys, uint32_t size,
		       struct msix_place *place);

bool cell_owns_device(const struct cell_view *cell, uint32_t address);
bool cell_owns_gsi(const struct cell_view *cell, uint32_t gsi);

/* What nothing of the board keeps devices of a cell from, by DMA; each has what is before it. */
enum dma_reach {
	DMA_OWN_MEMORY,      /* all of them are confined to what is the cell's */
	DMA_ANY_INTERRUPT,   /* of any kind, on any CPU */
	DMA_ANY_MEMORY,
};

enum dma_reach device_dma_reach(const struct config_view *board, uint32_t address);

/* Of the cell's device that reaches most. */
enum dma_reach cell_dma_reach(const struct config_view *board, const struct cell_view *cell);

#endif
