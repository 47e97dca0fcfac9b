/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit in two steps. First every table by itself (audit_tables.c): it holds what the cell's
 * regions say, and nothing else. Then all regions against the hypervisor, the pools and those of
 * every other cell: so what the first step has found in a table is nobody else's.
 */
#include "model/audit.h"

#include "model/audit_parts.h"
#include "model/kept_memory.h"
#include "model/range.h"
#include "model/refuse.h"
#include "model/text.h"

static struct bh_range phys_of(const struct bh_region *region)
{
	return RANGE(region->phys, region->size);
}

static bool names_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool both_share(const struct bh_region *a, const struct bh_region *b)
{
	return (a->flags & b->flags & BH_REGION_SHARED) && audit_is_same_place(a, b) &&
	       names_equal(a->name, b->name);
}

/* Root's, but a cell's while that has one of the same place: the table of root shows it gone. */
static bool is_lent(const struct audit_cell *a, const struct bh_region *ours,
		    const struct audit_cell *b, const struct bh_region *theirs)
{
	const struct bh_region *lent = a->is_root ? ours : theirs;

	return a->is_root != b->is_root && (lent->flags & BH_REGION_LENT) &&
	       audit_is_same_place(ours, theirs);
}

/* Sub-page regions are in no table, but count as the others: by their bytes. */
static bool check_pair(const struct audit *audit, const struct audit_cell *a,
		       const struct bh_region *region, const struct audit_cell *b)
{
	uint32_t i;

	for (i = 0; i < b->count; i++) {
		const struct bh_region *other = &b->regions[i];

		if (!ranges_overlap(phys_of(region), phys_of(other)) ||
		    other->kind == BH_REGION_COMM || both_share(region, other) ||
		    is_lent(a, region, b, other))
			continue;
		return refuse(audit->refusal,
			      "audit: \"%s\" of %s and \"%s\" of %s have memory in common that "
			      "they do not share", region->name, a->name, other->name, b->name);
	}
	return true;
}

/* Each communication page is a page of the hypervisor's, and one cell's. */
static bool check_comm(const struct audit *audit, const struct audit_cell *cell)
{
	struct bh_range page = RANGE(cell->comm.v, BH_PAGE_SIZE);
	const struct audit_cell *other;

	if (!range_is_inside(page, audit->board->board->hypervisor) ||
	    !range_is_aligned(page, BH_PAGE_SIZE))
		return refuse(audit->refusal, "audit: the communication page of %s is at 0x%llx, "
			      "which is not the hypervisor's", cell->name, (hex)cell->comm.v);
	for (other = audit->cells; other < cell; other++)
		if (other->comm.v == cell->comm.v)
			return refuse(audit->refusal,
				      "audit: %s and %s have the same communication page",
				      other->name, cell->name);
	return true;
}

/*
 * RAM of cells lies in what the board sets aside for them; nothing else does, but what root shares
 * with them.
 */
static bool check_pools(const struct audit *audit, const struct audit_cell *cell,
			const struct bh_region *region)
{
	bool of_cells = region->kind == BH_REGION_RAM &&
			(!cell->is_root || (region->flags & BH_REGION_SHARED));
	bool is_inside = false;
	uint32_t i;

	for (i = 0; i < audit->board->board->pool_count; i++) {
		struct bh_range pool = audit->board->pools[i];

		is_inside = is_inside || range_is_inside(phys_of(region), pool);
		if (!of_cells && ranges_overlap(phys_of(region), pool))
			return refuse(audit->refusal, "audit: \"%s\" of %s lies in the memory set "
				      "aside for cells", region->name, cell->name);
	}
	if (of_cells && !is_inside)
		return refuse(audit->refusal, "audit: \"%s\" of %s lies outside the memory set "
			      "aside for cells", region->name, cell->name);
	return true;
}

static const char *kept_words(enum config_part part)
{
	switch (part) {
	case CONFIG_APIC:
		return "the local APIC's range";
	case CONFIG_HYPERVISOR:
		return "memory of the hypervisor";
	case CONFIG_CONSOLE:
		return "the page of the hypervisor's console";
	case CONFIG_MMCONFIG:
		return "PCI's configuration space";
	case CONFIG_IOAPIC:
		return "an IOAPIC";
	default:
		return "registers of an IOMMU";
	}
}

/* A region against what is nobody's, the pools and all cells before its own. */
static bool check_region(const struct audit *audit, const struct audit_cell *cell,
			 const struct bh_region *region)
{
	const struct bh_board *board = audit->board->board;
	const struct audit_cell *other;
	uint32_t i;

	if (region->kind == BH_REGION_COMM)
		return check_comm(audit, cell);
	for (i = 0; i < kept_memory_count(audit->board); i++) {
		const struct kept_memory kept = kept_memory_at(audit->board, i);

		if (ranges_overlap(phys_of(region), kept.range))
			return refuse(audit->refusal, "audit: \"%s\" of %s has %s", region->name,
				      cell->name, kept_words(kept.place.part));
	}
	if (!range_fits_width(phys_of(region), board->physical_bits))
		return refuse(audit->refusal, "audit: \"%s\" of %s is past the processor's %u bits",
			      region->name, cell->name, board->physical_bits);
	if (!check_pools(audit, cell, region))
		return false;
	for (other = audit->cells; other < cell; other++)
		if (!check_pair(audit, cell, region, other))
			return false;
	return true;
}

bool audit_cells(const struct config_view *board, const struct audit_cell *cells, uint32_t count,
		 struct bh_refusal *refusal)
{
	const struct audit audit = {
		.board = board, .cells = cells, .count = count, .refusal = refusal,
	};
	uint32_t i, j;

	for (i = 0; i < count; i++) {
		if (!audit_table(&audit, &cells[i]))
			return false;
		for (j = 0; j < cells[i].count; j++)
			if (!check_region(&audit, &cells[i], &cells[i].regions[j]))
				return false;
	}
	return true;
}
