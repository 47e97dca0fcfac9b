/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of AMD-Vi's tables, by the specification's names: the device table (2.2.2), interrupt
 * remapping tables (2.2.5), commands (2.4) and events (2.5). Where the tables lie and when they
 * change is x86/iommu's.
 */
#ifndef MODEL_AMDVI_ENTRIES_H
#define MODEL_AMDVI_ENTRIES_H

#include "model/address.h"
#include "model/interrupt_target.h"
#include "model/iommu_fault.h"

struct amdvi_device_entry {
	uint64_t words[4];
};

/*
 * A device of that domain. Its interrupts go their way as they are, until it has a table for them:
 * 2^order entries, so that it can interrupt only as those say.
 */
struct amdvi_device_entry amdvi_device_entry(hpa_t tables, unsigned int levels, uint16_t domain);
void amdvi_device_set_interrupts(struct amdvi_device_entry *entry, hpa_t table,
				 unsigned int order);

/*
 * What else a device of root's reaches, as the board has it from IVRS (BH_IOMMU_PASS): firmware may
 * rely on that. Devices of cells get nothing of it.
 */
void amdvi_device_pass(struct amdvi_device_entry *entry, uint16_t pass);

/* The device interrupts nobody. */
void amdvi_device_silence(struct amdvi_device_entry *entry);

/*
 * A device that reaches nothing and interrupts nobody; what it tries is recorded. The tables are
 * such as may be looked into, and count for nothing.
 */
struct amdvi_device_entry amdvi_device_entry_none(hpa_t tables, unsigned int levels);

/* An entry of an interrupt table; a message names its target by 8 bits, so 32 bits do. */
uint32_t amdvi_interrupt_entry(const struct interrupt_target *target);

/*
 * A unit's control: what whoever had it before may decide, how long it waits, and how it sends, by
 * the flags that the board has from IVRS (BH_IOMMU_SENDS).
 */
uint64_t amdvi_control(uint64_t before, uint32_t flags);

struct amdvi_command {
	uint64_t low, high;
};

/* Writes `value` to an address of 8 bytes when all commands before it are done. */
struct amdvi_command amdvi_completion_wait(hpa_t at, uint64_t value);
struct amdvi_command amdvi_invalidate_device(uint16_t source);
struct amdvi_command amdvi_invalidate_pages(uint16_t domain); /* all of the domain */
struct amdvi_command amdvi_invalidate_interrupts(uint16_t source);
struct amdvi_command amdvi_invalidate_all(void); /* all of these, of all devices and domains */

struct amdvi_event {
	uint64_t low, high;
};

/* False if there is none. What is not about a request of a device's is the unit's own trouble. */
bool amdvi_event_read(struct amdvi_event event, struct iommu_fault *fault);

#endif
