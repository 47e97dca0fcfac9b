/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of a function whose interrupts an IOMMU remaps. In its registers stand the IOMMU's
 * messages, which name entries of a table; what the cell wrote, and reads again, is kept beside
 * them, and goes into the entries when it is in force. So the device can raise nothing but what
 * these hold, whatever it writes to where messages go.
 *
 * Message `n` of MSI and entry `n` of an MSI-X table both use the function's entry `n`: a function
 * uses one or the other.
 */
#ifndef MODEL_MSI_ROUTES_H
#define MODEL_MSI_ROUTES_H

#include "model/interrupt_target.h"
#include "model/iommu_places.h"
#include "model/msi_layout.h"

struct msi_kept {
	uint32_t msi[MSI_WORDS];
	uint32_t msix[IOMMU_ROUTES][MSI_WORDS];
};

/*
 * What message `index` of `messages` becomes: false if it may not be sent, or reaches no CPU.
 * `words` are those of the first one.
 */
bool msi_target(struct interrupt_target *target, const uint32_t words[MSI_WORDS], uint32_t index,
		uint32_t messages, const struct icr_filter *filter);

#endif
