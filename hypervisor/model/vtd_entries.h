/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of VT-d's tables, by the specification's names: which device is in which domain (legacy
 * and scalable mode, chapter 9), and what an interrupt request becomes (interrupt remapping,
 * chapters 5 and 9). Where the tables lie and when they change is x86/iommu's.
 */
#ifndef MODEL_VTD_ENTRIES_H
#define MODEL_VTD_ENTRIES_H

#include "model/address.h"
#include "model/interrupt_target.h"
#include "model/iommu_fault.h"

/* Legacy: a root entry a bus, and in its table a context entry for each of 256 functions. */
struct vtd_entry {
	uint64_t low, high;
};

struct vtd_entry vtd_root_entry(hpa_t context_table);
struct vtd_entry vtd_context_entry(hpa_t tables, unsigned int levels, uint16_t domain);

/*
 * Scalable: a root entry has a table for devices 0-15 and one for 16-31 of its bus; a context
 * entry leads to a directory, of which only the first entry is used, and that to a table by PASID,
 * of which only the first entry is used: for requests without PASID.
 */
struct vtd_scalable_context {
	uint64_t words[4];
};
struct vtd_pasid_entry {
	uint64_t words[8];
};

struct vtd_entry vtd_scalable_root_entry(hpa_t lower, hpa_t upper);
struct vtd_scalable_context vtd_scalable_context_entry(hpa_t directory);
uint64_t vtd_directory_entry(hpa_t pasid_table);
struct vtd_pasid_entry vtd_pasid_entry(hpa_t tables, unsigned int levels, uint16_t domain);

/*
 * Does a unit with these extended capabilities look into caches for the second-level tables that
 * such entries lead to? For what stands here before them it does where ECAP.C is set.
 */
bool vtd_snoops_maps(uint64_t extended, bool is_scalable);

/*
 * The stores that make one entry of another, in their order, so that a unit never sees halves that
 * do not belong together. Where both are present and their upper halves equal, as they are for the
 * same function, it is present all the time; what is equal is not touched.
 */
#define VTD_STORES 3
struct vtd_store {
	bool is_high;
	uint64_t value;
};
unsigned int vtd_entry_stores(struct vtd_store stores[VTD_STORES], struct vtd_entry before,
			      struct vtd_entry after);

/* `source` is the only function that may use it: bus << 8 | device << 3 | function. */
struct vtd_entry vtd_interrupt_entry(const struct interrupt_target *target, uint16_t source);

/*
 * Where a device writes to use entry `index`, on to which its data counts. How an IOAPIC's pin says
 * the same, without that, is ioapic_remapped_entry().
 */
uint32_t vtd_message_address(uint16_t index);

/* Commands for the invalidation queue (6.5.2). */
struct vtd_entry vtd_invalidate_contexts(void);   /* all */
struct vtd_entry vtd_invalidate_pasids(void);     /* scalable mode: all */
struct vtd_entry vtd_invalidate_pages(void);      /* all */
struct vtd_entry vtd_invalidate_interrupts(void); /* all */
/* 2^order of them, of which the first one is a multiple of that. */
struct vtd_entry vtd_invalidate_entries(uint32_t first, unsigned int order);
/* Writes `value` there when all commands before it are done. */
struct vtd_entry vtd_wait(hpa_t at, uint32_t value);

#define VTD_FAULT_VALID (1ULL << 63) /* F, of the upper half of a fault record (9.9) */

/* False if the record is empty. */
bool vtd_fault_read(struct vtd_entry record, struct iommu_fault *fault);

#endif
