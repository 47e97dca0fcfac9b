/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of an AMD-Vi unit by the names of its specification (3.4), and what the driver's files
 * ask of each other.
 */
#ifndef X86_IOMMU_AMDVI_H
#define X86_IOMMU_AMDVI_H

#include "model/amdvi_entries.h"
#include "x86/iommu/unit.h"

#define AMDVI_DEVICE_TABLE  0x0000
#define AMDVI_COMMAND_BASE  0x0008
#define AMDVI_EVENT_BASE    0x0010
#define AMDVI_CONTROL       0x0018
#define AMDVI_EXCLUSION     0x0020
#define AMDVI_FEATURES      0x0030
#define AMDVI_COMMAND_HEAD  0x2000
#define AMDVI_COMMAND_TAIL  0x2008
#define AMDVI_EVENT_HEAD    0x2010
#define AMDVI_EVENT_TAIL    0x2018
#define AMDVI_STATUS        0x2020

/* Of both buffers: 2^8 entries of 16 bytes, a page (ComLen, EventLen 59:56). */
#define BUFFER_OF_A_PAGE    (8ULL << 56)

/* Control */
#define CONTROL_ENABLE      (1ULL << 0)  /* IommuEn */
#define CONTROL_EVENTS      (1ULL << 2)  /* EventLogEn */
#define CONTROL_MESSAGES    (1ULL << 3)  /* EventIntEn */
#define CONTROL_COHERENT    (1ULL << 10) /* Coherent: walks look into caches */
#define CONTROL_COMMANDS    (1ULL << 12) /* CmdBufEn */

#define EXCLUSION_ENABLE    (1ULL << 0)  /* ExEn */

/* Extended features: all zero where there is no such register. */
#define FEATURE_INVALIDATE_ALL (1ULL << 6) /* IASup */

/* Status: written 1 they are cleared. */
#define STATUS_OVERFLOW     (1ULL << 0)  /* EventOverflow */
#define STATUS_EVENT        (1ULL << 1)  /* EventLogInt */
#define STATUS_EVENTS_RUN   (1ULL << 3)  /* EventLogRun: read only */

/* What is kept of Linux's while the unit is ours; what comes behind is amdvi_message.c's. */
enum amdvi_kept { KEPT_CONTROL, KEPT_EXCLUSION, AMDVI_KEPT };

/* amdvi_queue.c: false if the unit does not answer. */
void amdvi_queue_start(struct iommu_unit *unit);
bool amdvi_queue_flush_all(struct iommu_unit *unit);
bool amdvi_queue_flush_device(struct iommu_unit *unit, uint16_t source, uint16_t domain);
bool amdvi_queue_flush_interrupts(struct iommu_unit *unit, uint16_t source);
bool amdvi_queue_flush_domain(struct iommu_unit *unit, uint16_t domain);

/* amdvi_events.c */
void amdvi_events_start(struct iommu_unit *unit);
void amdvi_listen(struct iommu_unit *unit, bool on);
bool amdvi_next_fault(struct iommu_unit *unit, struct iommu_fault *fault);

/*
 * amdvi_message.c: what the unit sends when it has a record, if it can: an NMI to the listener. And
 * what it was to send before.
 */
void amdvi_message_open(struct iommu_unit *unit);
void amdvi_message_close(struct iommu_unit *unit);

#endif
