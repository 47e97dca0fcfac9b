/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of a message. See msi_routes.h. */
#include "model/msi_routes.h"

/* Of a cell's, none but those to one CPU by its APIC id are let through (cells.c). */
bool msi_target(struct interrupt_target *target, const uint32_t words[MSI_WORDS], uint32_t index,
		uint32_t messages, const struct icr_filter *filter)
{
	const struct msi_message message = {
		.address = (uint64_t)words[1] << 32 | words[0], .data = words[2],
	};
	uint32_t vector = words[2] & MSI_DATA_VECTOR & ~(messages - 1);

	if (msi_judge(filter, &message, messages) != MSI_OK || (words[0] & MSI_ADDRESS_LOGICAL))
		return false;
	*target = (struct interrupt_target){
		.apic_id = words[0] >> MSI_ADDRESS_ID & MSI_ID_MOST,
		.vector = (uint8_t)(vector | index),
	};
	return true;
}
