/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requester ids around the devices that cells may have which are nobody's. A device may speak by
 * another id than its own: as a function that is not there, or as what a bridge makes of it. Were
 * such an id root's, the device of a cell would reach root's memory by it.
 */
#ifndef MODEL_IOMMU_STRAYS_H
#define MODEL_IOMMU_STRAYS_H

#include "model/iommu_places.h"
#include "model/pci_path.h"

/* By what a unit sees: bus << 8 | device << 3 | function; of segment 0, where such devices are. */
#define IOMMU_IDS 0x10000u
struct iommu_strays {
	uint64_t ids[IOMMU_IDS / 64];    /* a bit for each that is nobody's */
	uint64_t buses[IOMMU_BUS_WORDS]; /* a bit for each on which some are and others are not */
	/* For each device by which ids it may speak so: from first to last, and a bridge's. */
	struct iommu_around {
		uint32_t address, first, last, bridge;
		bool has_others; /* there, who are no devices of the board's */
	} around[IOMMU_MAX_ASSIGNABLE];
	uint32_t count;
};

/*
 * As the machine is now. Nobody's are
 *
 *   - of the bus of such a device below a bridge, and of its slot on a root bus, what is not there,
 *     or is none by the header of function 0, unless a scope of a unit or a window names it: what
 *     firmware hides, IOAPICs, aliases;
 *   - where a bridge to conventional PCI speaks for the device: that bridge's own id, and all
 *     behind it, of which nothing is root's (pci_source.h).
 *
 * What a device of the board is seen as never is: that has an owner.
 */
void iommu_strays_find(struct iommu_strays *strays, const struct config_view *view,
		       const struct pci_machine *machine);

static inline bool iommu_is_stray(const struct iommu_strays *strays, uint32_t id)
{
	return strays->ids[id / 64] >> id % 64 & 1;
}

/*
 * Is the id nobody's, and may it be the device at that address that speaks by it, or another one of
 * the board's, but nobody else?
 */
bool iommu_is_stray_of(const struct iommu_strays *strays, uint32_t id, uint32_t address);

/* All ids of a bus? */
bool iommu_bus_is_stray(const struct iommu_strays *strays, uint32_t bus);

#endif
