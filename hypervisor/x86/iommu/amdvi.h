/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the driver of AMD-Vi ask of each other.
 */
#ifndef X86_IOMMU_AMDVI_H
#define X86_IOMMU_AMDVI_H

#include "model/amdvi_entries.h"
#include "model/amdvi_registers.h"
#include "x86/iommu/unit.h"

/* What is kept of Linux's while the unit is ours; what comes behind is amdvi_message.c's. */
enum amdvi_kept { KEPT_CONTROL, KEPT_EXCLUSION, AMDVI_KEPT };
_Static_assert(AMDVI_KEPT <= UNIT_KEPT, "a unit has room for them");

/* amdvi_queue.c: false if the unit does not answer. */
void amdvi_queue_start(struct iommu_unit *unit);
bool amdvi_queue_flush_all(struct iommu_unit *unit);
bool amdvi_queue_flush_device(struct iommu_unit *unit, uint16_t source, uint16_t domain);
bool amdvi_queue_flush_interrupts(struct iommu_unit *unit, uint16_t source);
bool amdvi_queue_flush_domain(struct iommu_unit *unit, uint16_t domain);

/* amdvi_events.c */
void amdvi_events_start(struct iommu_unit *unit);
void amdvi_listen(struct iommu_unit *unit, bool on);
bool amdvi_fault_next(struct iommu_unit *unit, struct iommu_fault *fault);

/*
 * amdvi_message.c: what the unit sends when it has a record, if it can: an NMI to the listener. And
 * what it was to send before.
 */
void amdvi_message_open(struct iommu_unit *unit);
void amdvi_message_close(struct iommu_unit *unit);

#endif
