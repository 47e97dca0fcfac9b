/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the driver of VT-d ask of each other.
 */
#ifndef X86_IOMMU_VTD_H
#define X86_IOMMU_VTD_H

#include "model/vtd_registers.h"
#include "x86/iommu/unit.h"

/* Of a table of interrupts. */
#define ENTRIES_A_PAGE (BH_PAGE_SIZE / sizeof(struct vtd_entry))

/* Sets or clears one bit of GCMD and waits until the unit has done it; so long at the most. */
bool vtd_command(struct iommu_unit *unit, uint32_t bit, bool on);
bool vtd_command_within(struct iommu_unit *unit, uint32_t bit, bool on, uint32_t ms);

/*
 * vtd_publish.c: makes what was just written visible to a unit that does not look into caches:
 * bytes of its own tables, pages of them, and a map that devices go by.
 */
void vtd_publish(const struct iommu_unit *unit, const void *from, uint64_t size);
void vtd_publish_pages(const struct iommu_unit *unit, hpa_t first, uint64_t pages);
void vtd_publish_map(struct iommu_unit *unit, const struct pagetable *map);

/* vtd_tables.c: which device is in which domain. */
void vtd_tables_fill(struct iommu_unit *unit);
bool vtd_tables_set(struct iommu_unit *unit, uint16_t source, const struct iommu_domain *domain);

/* vtd_queue.c: false if the unit does not answer. */
bool vtd_queue_start(struct iommu_unit *unit);
bool vtd_queue_flush_all(struct iommu_unit *unit);
bool vtd_queue_flush_interrupts(struct iommu_unit *unit);
bool vtd_queue_flush_entries(struct iommu_unit *unit, uint32_t first, unsigned int order);

/* vtd_remapping.c */
bool vtd_remapping_start(struct iommu_unit *unit);
bool vtd_remapping_stop(struct iommu_unit *unit);
bool vtd_routes_close(struct iommu_unit *unit, uint16_t source, const struct iommu_place *place);
bool vtd_route_set(struct iommu_unit *unit, const struct iommu_route *route,
		   const struct interrupt_target *target, struct msi_message *message);
bool vtd_entry_set(struct iommu_unit *unit, uint32_t index, uint16_t source,
		   const struct interrupt_target *target);
/* False if it is so already. The unit is not told. */
bool vtd_entry_write(struct iommu_unit *unit, uint32_t index, struct vtd_entry value);

/* vtd_take.c: a unit that Linux remaps by, taken over and given back. */
bool vtd_take_check(struct iommu_unit *unit, struct bh_refusal *refusal);
/* Its queue again, as Linux left it; the unit has none. */
bool vtd_queue_give(struct iommu_unit *unit);

/* vtd_linux.c: such a unit while the hypervisor drives it. */
struct vtd_walls vtd_linux_walls(const struct iommu_unit *unit);
/* An entry of Linux's table; not present where that is not in root's memory. */
struct vtd_entry vtd_linux_entry(const struct iommu_unit *unit, uint32_t index);
bool vtd_linux_copy(struct iommu_unit *unit, uint32_t first, uint32_t count);
uint64_t vtd_linux_read_register(struct iommu_unit *unit, uint32_t offset, uint32_t size);
void vtd_linux_write_register(struct iommu_unit *unit, uint32_t offset, uint32_t size,
			      uint64_t value);
bool vtd_linux_judge_again(struct iommu_unit *unit);
uint32_t vtd_linux_find_lost(struct iommu_unit *unit);

/* vtd_faults.c */
void vtd_faults_clear(struct iommu_unit *unit);
void vtd_listen(struct iommu_unit *unit, bool on);
bool vtd_fault_next(struct iommu_unit *unit, struct iommu_fault *fault);

#endif
