/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the interrupt of a device becomes, whichever IOMMU makes it that, or none.
 */
#ifndef MODEL_INTERRUPT_TARGET_H
#define MODEL_INTERRUPT_TARGET_H

#include <bulkhead/types.h>

/* Always fixed and to one processor. */
struct interrupt_target {
	uint32_t apic_id;
	uint8_t vector;
	bool is_level;  /* an IOAPIC's pin that is level-triggered */
	bool is_x2apic; /* the unit was told that APIC ids have 32 bits */
};

#endif
