/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in no map, or there to be read only, because the hypervisor answers for it: regions of
 * less than a page, and of devices what is filtered. An instruction with one memory operand reads
 * it, writes it or both.
 */
#ifndef X86_GUEST_SERVED_H
#define X86_GUEST_SERVED_H

#include <bulkhead/config.h>

#include "core/cpu.h"
#include "model/pci.h"

/* An access that traps, and what is there: of the last four the one that the kind needs. */
struct served {
	uint64_t place; /* guest-physical */
	uint32_t size;
	uint32_t rights; /* that it needs: bits of enum bh_access */
	const struct bh_region *region;
	struct pci_register reg; /* of configuration space */
	uint32_t ioapic;         /* its number */
	uint32_t iommu;          /* the same */
};

/* Both false if it was a fault that has stopped the cell. */
struct served_kind {
	bool (*read)(struct cpu *cpu, const struct served *served, uint64_t *value);
	bool (*write)(struct cpu *cpu, const struct served *served, uint64_t value);
};

/* served.c: the kind, or null: nobody answers there. `place`, `size` and `rights` are given. */
const struct served_kind *served_find(const struct cell *cell, struct served *served);

/* Where the region's bytes are. */
static inline hpa_t served_phys(const struct served *served)
{
	return HPA(served->region->phys + (served->place - served->region->at));
}

/* By the region: served_subpage.c, served_hpet.c, served_pci.c or null in a build without. */
extern const struct served_kind served_subpage, served_hpet;
extern const struct served_kind *const served_msix;

/* By the place, or null: served_iommu.c, served_pci.c. */
const struct served_kind *served_iommu_find(const struct cell *cell, struct served *served);
const struct served_kind *served_pci_find(const struct cell *cell, struct served *served);

/*
 * pci_ports.c: an I/O instruction on the ports of configuration space. True if it was served, or
 * has stopped the cell.
 */
bool guest_pci_port(struct cpu *cpu, uint64_t qualification);

#endif
