/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device tried that its IOMMU stopped: which device of the board it was, and what to do
 * about it.
 */
#ifndef TOOLS_FAULT_DEVICE_H
#define TOOLS_FAULT_DEVICE_H

#include "fault_advice.h"

#define FAULT_DEVICES_MAX 128

/*
 * Its name in the board file, in quotes; or several, where an IOMMU sees these as one. Empty where
 * none is known: without a board, or of devices that cells cannot have.
 */
void fault_device_name(const struct bh_fault *fault, const struct config_view *board,
		       char text[FAULT_DEVICES_MAX]);

/* How the region that the place is in stands to this: half a sentence. */
const char *fault_device_inside(const struct bh_fault *fault, const struct config_view *board);

/* The setting that is missing, or what is wrong. Whose a place is the caller has looked up. */
void fault_device_advise(struct fault_advice *advice, const struct bh_fault *fault,
			 const struct config_view *board);

#endif
