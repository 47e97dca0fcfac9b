/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of a board that cells may have, as its IOMMUs have room for them: which entries of
 * the interrupt tables are whose. Fixed by the board, so nothing is looked for when one is used.
 */
#ifndef MODEL_IOMMU_PLACES_H
#define MODEL_IOMMU_PLACES_H

#include "model/iommus.h"

/* What a unit has to have room for beyond root's devices: those that cells may have. */
#define IOMMU_BUS_WORDS      4
#define IOMMU_MAX_ASSIGNABLE 64
struct iommu_assignable {
	uint64_t buses[IOMMU_BUS_WORDS]; /* a bit for each bus that has any */
	uint32_t bridges;                /* that may be on others: see iommu_strays.h */
	uint32_t count;                  /* of devices */
	uint32_t routes;                 /* entries of interrupt tables for them */
	uint32_t pins;                   /* of IOAPICs */
};
void iommus_assignable(struct iommu_assignable *assignable, const struct config_view *view);

/* Interrupts that a device of a cell may have: entries of its own in the unit's table. */
#define IOMMU_ROUTES_ORDER 5
#define IOMMU_ROUTES       (1u << IOMMU_ROUTES_ORDER)

/*
 * Where in that a device of the board has its entries, whichever cell it belongs to. AMD-Vi looks
 * for those of a device in a table that it finds by what it takes the device for: so those of
 * devices that it cannot tell apart follow each other, and up to a power of two are nobody else's.
 */
struct iommu_place {
	uint32_t first; /* of its own */
	uint32_t table; /* the first one of all those that are taken for the same device */
	uint32_t order; /* these are 2^order */
};
/* The device is one of the board's, and behind a unit. */
void iommu_place(struct iommu_place *place, const struct config_view *view, uint32_t address);

/*
 * Of a VT-d unit that Linux remaps its interrupts by, the table begins with so many entries of
 * Linux's; those of devices follow, and one for each pin of an IOAPIC. Linux takes the lowest that
 * are free, so that is as many interrupts as its devices may have. Elsewhere devices' entries are
 * the first ones, and pins have none.
 */
#define IOMMU_LINUX_ENTRIES 1024u
uint32_t iommu_first_route(const struct bh_iommu *unit);
uint32_t iommu_first_pin(const struct bh_iommu *unit, const struct iommu_assignable *assignable);

/* The place of a pin among those of all IOAPICs, by their numbers on the board. */
uint32_t iommu_pin(const struct config_view *view, uint32_t ioapic, uint32_t pin);

#endif
