// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of devices: see fault_device.h. An address that a device was told by mistake is no reason
 * to give it more memory, so a setting is named only for what its cell has already.
 */
#include "fault_device.h"

#include <stdio.h>
#include <string.h>

#include "model/iommus.h"

void fault_device_name(const struct bh_fault *fault, const struct config_view *board,
		       char text[FAULT_DEVICES_MAX])
{
	uint32_t seen = (uint32_t)fault->qualification;
	struct iommus iommus;
	size_t used = 0;
	uint32_t i;

	text[0] = '\0';
	if (!board)
		return;
	iommus_view(board, &iommus);
	for (i = 0; i < board->board->device_count && used < FAULT_DEVICES_MAX; i++) {
		uint32_t address = board->devices[i].address;

		if (BH_PCI_ADDRESS_OF(address >> 16, iommu_source(&iommus, address)) != seen)
			continue;
		used += (size_t)snprintf(text + used, FAULT_DEVICES_MAX - used, "%s\"%s\"",
					 used ? " or " : "", board->devices[i].name);
	}
}

/* Nobody's: it was tried by a device beside, of which no more is known (iommu_strays.h). */
static bool is_by_nobody(const struct bh_fault *fault, const struct config_view *board)
{
	char name[FAULT_DEVICES_MAX];

	if (!board || !fault->cell)
		return false;
	fault_device_name(fault, board, name);
	return name[0] == '\0';
}

static bool is_inside(const struct bh_fault *fault, const struct config_view *board)
{
	return fault_region_name(fault, board) && fault->distance == 0;
}

/* Is it the region's rights that lack? Reading needs none: each region has that. */
static bool is_too_much(const struct bh_fault *fault)
{
	return (fault->access & BH_ACCESS_WRITE) && !(fault->region_access & BH_ACCESS_WRITE);
}

const char *fault_device_inside(const struct bh_fault *fault, const struct config_view *board)
{
	if (is_by_nobody(fault, board))
		return "its devices may do this there, by their own ids";
	if (!(fault->flags & BH_FAULT_REGION_DMA))
		return "the region is not for devices";
	if (is_too_much(fault))
		return "the region does not allow this access";
	return "devices may do this there";
}

static const char *outside_note(const struct bh_fault *fault)
{
	return fault->cell ? "the device was told an address that is not its cell's memory: its "
			     "driver is wrong" :
			     "root has no memory there: the device's driver is wrong, or "
			     "root.memory lacks some RAM";
}

static const char *closed_note(const struct bh_fault *fault)
{
	return fault->flags & BH_FAULT_REGION_RAM ?
		       "devices of root do not reach what it shares or lends" :
		       "devices reach RAM only";
}

void fault_device_advise(struct fault_advice *advice, const struct bh_fault *fault,
			 const struct config_view *board)
{
	const uint32_t closed = fault->flags & (BH_FAULT_REGION_RAM | BH_FAULT_REGION_DMA);

	if (!fault->access || advice->owner)
		return;
	if (is_by_nobody(fault, board)) {
		advice->note = "no device of the board has this id: one of the cell's beside it "
			       "sends by an id that is not its own";
		return;
	}
	if (!is_inside(fault, board)) {
		advice->note = outside_note(fault);
	} else if (fault->cell && closed == BH_FAULT_REGION_RAM) {
		advice->is_change = true;
		snprintf(advice->setting, FAULT_SETTING_MAX, "cell.memory[%u] \"%s\": dma = true",
			 fault->region, fault_region_name(fault, board));
	} else if (!(fault->flags & BH_FAULT_REGION_DMA)) {
		advice->note = closed_note(fault);
	} else if (is_too_much(fault)) {
		fault_advise_access(advice, fault, board);
	}
}
