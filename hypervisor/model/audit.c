/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit in two steps. First every table by itself: each leaf is part of a mapping that the
 * cell's configuration asks for, at its address and with its rights, and together they are all of
 * them. Then the regions of any two cells against each other: so what the first step has found to
 * be in the tables is nobody else's.
 */
#include "model/audit.h"

#include "model/cell_map.h"
#include "model/range.h"
#include "model/refuse.h"

typedef unsigned long long hex;

struct audit {
	const struct config_view *board;
	const struct audit_cell *cells;
	uint32_t count;
	struct bh_refusal *refusal;
};

/* One table: what its leaves are held against. */
struct walk {
	const struct audit *audit;
	const struct audit_cell *cell;
	struct pt_mapping mapping; /* that held the last leaf, and nearly always holds the next */
	uint64_t found;            /* bytes mapped */
};

static struct bh_range phys_of(const struct bh_region *region)
{
	return RANGE(region->phys, region->size);
}

static bool is_same_place(const struct bh_region *a, const struct bh_region *b)
{
	return a->phys == b->phys && a->size == b->size && b->kind != BH_REGION_COMM;
}

static bool a_cell_has(const struct audit *audit, const struct bh_region *region)
{
	uint32_t i, j;

	for (i = 0; i < audit->count; i++)
		for (j = 0; !audit->cells[i].is_root && j < audit->cells[i].count; j++)
			if (is_same_place(region, &audit->cells[i].regions[j]))
				return true;
	return false;
}

/* Root's shared regions are in its map while a cell has them, its lent ones while none has. */
static bool is_due(const struct audit *audit, const struct audit_cell *cell, size_t index)
{
	const struct bh_region *region = &cell->regions[index];

	if (!cell->is_root || index == cell->count)
		return true;
	if (region->flags & BH_REGION_SHARED)
		return a_cell_has(audit, region);
	return !(region->flags & BH_REGION_LENT) || !a_cell_has(audit, region);
}

static bool holds(const struct pt_mapping *mapping, const struct pt_leaf *leaf)
{
	uint64_t offset = leaf->virt - mapping->virt;

	return offset < mapping->size && leaf->size <= mapping->size - offset;
}

static bool find_mapping(struct walk *walk, const struct pt_leaf *leaf)
{
	const struct audit_cell *cell = walk->cell;
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(cell->count); i++)
		if (cell_map_at(cell->regions, cell->count, i, cell->comm, &walk->mapping) &&
		    holds(&walk->mapping, leaf) && is_due(walk->audit, cell, i))
			return true;
	walk->mapping.size = 0;
	return false;
}

static bool visit(void *context, const struct pt_leaf *leaf)
{
	struct walk *walk = context;
	struct bh_refusal *refusal = walk->audit->refusal;
	const struct pt_mapping *mapping = &walk->mapping;

	if (!holds(mapping, leaf) && !find_mapping(walk, leaf))
		return refuse(refusal, "audit: the map of %s has 0x%llx, which is in no region",
			      walk->cell->name, (hex)leaf->virt);
	if (leaf->phys.v - mapping->phys.v != leaf->virt - mapping->virt)
		return refuse(refusal, "audit: the map of %s leads from 0x%llx to 0x%llx, which is "
			      "not the region's", walk->cell->name, (hex)leaf->virt,
			      (hex)leaf->phys.v);
	if (leaf->attributes != mapping->attributes)
		return refuse(refusal, "audit: the map of %s has other rights at 0x%llx than the "
			      "region", walk->cell->name, (hex)leaf->virt);
	walk->found += leaf->size;
	return true;
}

static uint64_t expected(const struct audit *audit, const struct audit_cell *cell)
{
	struct pt_mapping mapping;
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(cell->count); i++)
		if (cell_map_at(cell->regions, cell->count, i, cell->comm, &mapping) &&
		    is_due(audit, cell, i))
			size += mapping.size;
	return size;
}

static bool check_table(const struct audit *audit, const struct audit_cell *cell)
{
	struct walk walk = { .audit = audit, .cell = cell };

	if (!pt_for_each_leaf(cell->map, visit, &walk))
		return false;
	if (walk.found != expected(audit, cell))
		return refuse(audit->refusal, "audit: the map of %s has 0x%llx bytes, its regions "
			      "0x%llx", cell->name, (hex)walk.found, (hex)expected(audit, cell));
	return true;
}

static bool names_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* May both have it? Sub-page regions are in no table and overlap by bytes, if at all. */
static bool may_both(const struct bh_region *a, const struct bh_region *b)
{
	return (a->flags & b->flags & BH_REGION_SHARED) && is_same_place(a, b) &&
	       names_equal(a->name, b->name);
}

static bool check_pair(const struct audit *audit, const struct audit_cell *a, uint32_t index,
		       const struct audit_cell *b)
{
	const struct bh_region *region = &a->regions[index];
	uint32_t i;

	for (i = 0; i < b->count; i++) {
		const struct bh_region *other = &b->regions[i];

		if (other->kind == BH_REGION_COMM || !ranges_overlap(phys_of(region),
								     phys_of(other)))
			continue;
		if (may_both(region, other))
			continue;
		/* Lent: the walk has shown that it is not in root's map. */
		if (b->is_root && (other->flags & BH_REGION_LENT) && is_same_place(region, other))
			continue;
		return refuse(audit->refusal, "audit: %s of %s and %s of %s overlap", region->name,
			      a->name, other->name, b->name);
	}
	return true;
}

/* A region of a cell against the hypervisor and all cells before it. */
static bool check_region(const struct audit *audit, uint32_t cell, uint32_t index)
{
	const struct audit_cell *owner = &audit->cells[cell];
	const struct bh_region *region = &owner->regions[index];
	uint32_t i;

	if (region->kind == BH_REGION_COMM) {
		if (!ranges_overlap(RANGE(owner->comm.v, BH_PAGE_SIZE),
				    audit->board->board->hypervisor))
			return refuse(audit->refusal, "audit: the communication page of %s is not "
				      "the hypervisor's", owner->name);
		for (i = 0; i < cell; i++)
			if (audit->cells[i].comm.v == owner->comm.v)
				return refuse(audit->refusal, "audit: %s and %s have one "
					      "communication page", owner->name,
					      audit->cells[i].name);
		return true;
	}
	if (ranges_overlap(phys_of(region), audit->board->board->hypervisor))
		return refuse(audit->refusal, "audit: %s of %s is the hypervisor's", region->name,
			      owner->name);
	for (i = 0; i < cell; i++)
		if (!check_pair(audit, owner, index, &audit->cells[i]))
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
		if (!check_table(&audit, &cells[i]))
			return false;
		for (j = 0; j < cells[i].count; j++)
			if (!check_region(&audit, i, j))
				return false;
	}
	return true;
}
