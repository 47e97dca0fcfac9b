/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A message-signalled interrupt: what a device writes, and where (SDM vol. 3A, 10.11.1 and
 * 10.11.2). Whom it may reach is msi_policy.h's.
 */
#ifndef MODEL_MSI_MESSAGE_H
#define MODEL_MSI_MESSAGE_H

#include <bulkhead/types.h>

#define MSI_ADDRESS            0xfee00000u
#define MSI_ADDRESS_MASK       0xfff00000u
#define MSI_ADDRESS_ID         12    /* the destination, by its APIC id or logical */
#define MSI_ADDRESS_REMAPPABLE 0x10u /* VT-d specification, 5.1.2.2: the format for remapping */
#define MSI_ADDRESS_LOGICAL    0x4u
#define MSI_DATA_MODE          0x700u
#define MSI_DATA_NMI           0x400u
#define MSI_DATA_VECTOR        0xffu

/* The destination has 8 bits. */
#define MSI_ID_MOST 0xffu

struct msi_message {
	uint64_t address;
	uint32_t data;
};

/*
 * An NMI for that CPU. What a wide APIC id has above 8 bits is in the upper half of the address,
 * where it means something to units of VT-d alone (VT-d specification, 11.4.8).
 */
static inline struct msi_message msi_message_nmi(uint32_t apic_id)
{
	return (struct msi_message){
		.address = (uint64_t)(apic_id & ~MSI_ID_MOST) << 32 | MSI_ADDRESS |
			   (apic_id & MSI_ID_MOST) << MSI_ADDRESS_ID,
		.data = MSI_DATA_NMI,
	};
}

#endif
