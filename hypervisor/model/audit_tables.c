/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cell's table against its regions. It is read entry by entry, as the processor would, and each
 * entry must be to the bit what the regions demand there. So nothing is in it that should not be;
 * and if all of it together has as many bytes as the regions, nothing is missing.
 */
#include "model/audit_parts.h"
#include "model/cell_map.h"
#include "model/range.h"
#include "model/refuse.h"
#include "model/text.h"

struct walk {
	const struct audit *audit;
	const struct audit_cell *cell;
	unsigned int code_leaf;    /* see cell_map_code_leaf() */
	size_t place;              /* where in the cell's list this mapping stands */
	struct pt_mapping mapping; /* that held the last leaf */
	uint64_t found;            /* bytes mapped */
};

static const char *place_name(const struct audit_cell *cell, size_t place)
{
	return place < cell->count ? cell->regions[place].name : "local APIC";
}

/* The cell that has the region now, if it is one that root lends or shares. */
static const struct audit_cell *holder(const struct audit *audit, const struct bh_region *region)
{
	uint32_t i, j;

	for (i = 0; i < audit->count; i++)
		for (j = 0; !audit->cells[i].is_root && j < audit->cells[i].count; j++)
			if (audit_is_same_place(region, &audit->cells[i].regions[j]))
				return &audit->cells[i];
	return NULL;
}

/* Root's shared regions are in its map while a cell has them, its lent ones while none has. */
static bool is_due(const struct audit *audit, const struct audit_cell *cell, size_t place)
{
	const struct bh_region *region = &cell->regions[place];

	if (!cell->is_root || place == cell->count)
		return true;
	if (region->flags & BH_REGION_SHARED)
		return holder(audit, region) != NULL;
	return !(region->flags & BH_REGION_LENT) || !holder(audit, region);
}

static bool mapping_at(const struct walk *walk, size_t place, struct pt_mapping *mapping)
{
	const struct audit_cell *cell = walk->cell;

	return cell_map_at(cell->regions, cell->count, place, cell->comm, walk->code_leaf,
			   mapping) &&
	       is_due(walk->audit, cell, place);
}

static bool holds(const struct pt_mapping *mapping, uint64_t at, uint64_t size)
{
	uint64_t offset = at - mapping->virt;

	return offset < mapping->size && size <= mapping->size - offset;
}

/* Regions mostly ascend as the walk does, so the search goes on where the last one ended. */
static bool find_mapping(struct walk *walk, uint64_t at, uint64_t size)
{
	size_t places = CELL_MAPPINGS(walk->cell->count);
	size_t i;

	if (holds(&walk->mapping, at, size))
		return true;
	for (i = 0; i < places; i++) {
		if (++walk->place >= places)
			walk->place = 0;
		if (mapping_at(walk, walk->place, &walk->mapping) &&
		    holds(&walk->mapping, at, size))
			return true;
	}
	walk->mapping.size = 0;
	return false;
}

/* A page where none is due: says why it is not, if the address is a region's. */
static bool complain_place(const struct walk *walk, uint64_t at, uint64_t size)
{
	const struct audit_cell *cell = walk->cell;
	struct bh_refusal *refusal = walk->audit->refusal;
	struct pt_mapping mapping;
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(cell->count); i++) {
		if (!cell_map_at(cell->regions, cell->count, i, cell->comm, walk->code_leaf,
				 &mapping) ||
		    !holds(&mapping, at, 1))
			continue;
		if (is_due(walk->audit, cell, i))
			return refuse(refusal, "audit: the page of 0x%llx bytes at 0x%llx of %s "
				      "reaches past \"%s\"", (hex)size, (hex)at, cell->name,
				      place_name(cell, i));
		if (cell->regions[i].flags & BH_REGION_SHARED)
			return refuse(refusal, "audit: %s has 0x%llx of \"%s\", which no cell "
				      "shares now", cell->name, (hex)at, place_name(cell, i));
		return refuse(refusal, "audit: %s still has 0x%llx of \"%s\", which is lent to %s",
			      cell->name, (hex)at, place_name(cell, i),
			      holder(walk->audit, &cell->regions[i])->name);
	}
	return refuse(refusal, "audit: the map of %s has 0x%llx, which is in none of its regions",
		      cell->name, (hex)at);
}

/* Whose memory a page of another place leads to, for the words. */
static bool complain_target(const struct walk *walk, uint64_t at, uint64_t size, uint64_t target)
{
	const struct audit *audit = walk->audit;
	const char *name = walk->cell->name;
	struct bh_range page = RANGE(target, size);
	uint32_t i, j;

	if (ranges_overlap(page, audit->board->board->hypervisor))
		return refuse(audit->refusal, "audit: the map of %s leads from 0x%llx to 0x%llx: "
			      "memory of the hypervisor", name, (hex)at, (hex)target);
	for (i = 0; i < audit->count; i++)
		for (j = 0; j < audit->cells[i].count; j++) {
			const struct bh_region *region = &audit->cells[i].regions[j];

			if (&audit->cells[i] != walk->cell &&
			    ranges_overlap(page, RANGE(region->phys, region->size)))
				return refuse(audit->refusal, "audit: the map of %s leads from "
					      "0x%llx to 0x%llx: \"%s\" of %s", name, (hex)at,
					      (hex)target, region->name, audit->cells[i].name);
		}
	return refuse(audit->refusal, "audit: the map of %s leads from 0x%llx to 0x%llx, not to "
		      "\"%s\"", name, (hex)at, (hex)target, place_name(walk->cell, walk->place));
}

static bool complain_rights(const struct walk *walk, uint64_t at, unsigned int is)
{
	const char *cell = walk->cell->name;
	const char *region = place_name(walk->cell, walk->place);
	unsigned int due = walk->mapping.attributes;

	if ((is ^ due) & PT_ACCESS)
		return refuse(walk->audit->refusal,
			      "audit: the map of %s allows %s%s%s at 0x%llx, \"%s\" %s%s%s", cell,
			      is & PT_READ ? "r" : "-", is & PT_WRITE ? "w" : "-",
			      is & PT_EXECUTE ? "x" : "-", (hex)at, region,
			      due & PT_READ ? "r" : "-", due & PT_WRITE ? "w" : "-",
			      due & PT_EXECUTE ? "x" : "-");
	return refuse(walk->audit->refusal, "audit: the map of %s has 0x%llx of \"%s\" %s", cell,
		      (hex)at, region,
		      due & PT_UNCACHED ? "cached, which is a device's" : "not write-back");
}

static bool complain_bits(const struct walk *walk, uint64_t entry, uint64_t at)
{
	return refuse(walk->audit->refusal, "audit: the map of %s has unknown bits in 0x%llx, for "
		      "0x%llx", walk->cell->name, (hex)entry, (hex)at);
}

/* A page that the processor knows, but that this mapping must not be made of. */
static bool is_too_large(const struct pt_mapping *mapping, unsigned int level)
{
	return mapping->largest_leaf && level > mapping->largest_leaf;
}

/* An entry that is neither a table nor the leaf that is due. */
static bool complain(struct walk *walk, uint64_t entry, unsigned int level, uint64_t at)
{
	const struct pt_format *format = walk->cell->map->format;
	uint64_t target = entry & format->address_mask;
	uint64_t size = pt_span(level);
	struct pt_mapping *mapping = &walk->mapping;

	if (level > PT_4K && pt_is_table(format, entry, level))
		return complain_bits(walk, entry, at);
	if (!(entry & format->present))
		return refuse(walk->audit->refusal, "audit: the map of %s has 0x%llx at 0x%llx, "
			      "which is no entry", walk->cell->name, (hex)entry, (hex)at);
	if (level > walk->cell->map->largest_leaf)
		return refuse(walk->audit->refusal, "audit: the map of %s has a page of 0x%llx "
			      "bytes at 0x%llx, more than the processor knows", walk->cell->name,
			      (hex)size, (hex)at);
	if (!find_mapping(walk, at, size))
		return complain_place(walk, at, size);
	if (target != mapping->phys.v + (at - mapping->virt))
		return complain_target(walk, at, size, target);
	if (format->decode(entry) != mapping->attributes)
		return complain_rights(walk, at, format->decode(entry));
	if (is_too_large(mapping, level))
		return refuse(walk->audit->refusal, "audit: the map of %s has a page of 0x%llx "
			      "bytes at 0x%llx, which may be executed", walk->cell->name,
			      (hex)size, (hex)at);
	return complain_bits(walk, entry, at);
}

/* How many entries, of so many, are what is due: the first one `due`, each one `span` further. */
static unsigned int count_equal(const uint64_t *entry, unsigned int count, uint64_t due,
				uint64_t span)
{
	const uint64_t *first = entry;
	const uint64_t *end = entry + count;

	/* Most come in long runs: four at a time. */
	while (end - entry >= 4 && entry[0] == due && entry[1] == due + span &&
	       entry[2] == due + 2 * span && entry[3] == due + 3 * span) {
		entry += 4;
		due += 4 * span;
	}
	for (; entry < end && *entry == due; entry++)
		due += span;
	return (unsigned int)(entry - first);
}

/* How many of the entries from this one on are the leaves that are due there; up to `count`. */
static unsigned int match_leaves(struct walk *walk, const uint64_t *entry, unsigned int count,
				 unsigned int level, uint64_t at)
{
	const struct pagetable *map = walk->cell->map;
	uint64_t span = pt_span(level);
	uint64_t offset, bits, due;

	if (level > map->largest_leaf || !find_mapping(walk, at, span) ||
	    is_too_large(&walk->mapping, level))
		return 0;
	offset = at - walk->mapping.virt;
	due = walk->mapping.phys.v + offset;
	if (due & (span - 1) || !map->format->encode(walk->mapping.attributes, level, &bits))
		return 0;
	if ((walk->mapping.size - offset) / span < count)
		count = (unsigned int)((walk->mapping.size - offset) / span);
	count = count_equal(entry, count, due | bits, span);
	walk->found += count * span;
	return count;
}

#define TOGETHER 16

static bool any_used(const uint64_t *entries)
{
	uint64_t bits = 0;
	unsigned int i;

#pragma GCC unroll 16
	for (i = 0; i < TOGETHER; i++)
		bits |= entries[i];
	return bits;
}

/* Most entries are empty: many are looked at together. */
static unsigned int next_used(const uint64_t *entries, unsigned int i)
{
	for (; i < PT_ENTRIES; i++) {
		while (i % TOGETHER == 0 && i < PT_ENTRIES && !any_used(&entries[i]))
			i += TOGETHER;
		if (i == PT_ENTRIES || entries[i])
			break;
	}
	return i;
}

/* Is it the hypervisor's, and no cell's to write? Asked before it is read. */
static bool check_page(const struct walk *walk, hpa_t page)
{
	const struct audit *audit = walk->audit;
	uint32_t i;

	if (!range_is_inside(RANGE(page.v, BH_PAGE_SIZE), audit->board->board->hypervisor))
		return refuse(audit->refusal, "audit: the map of %s has a table at 0x%llx, which "
			      "is not the hypervisor's", walk->cell->name, (hex)page.v);
	for (i = 0; i < audit->count; i++)
		if (audit->cells[i].comm.v == page.v)
			return refuse(audit->refusal, "audit: a table of %s is the communication "
				      "page of %s", walk->cell->name, audit->cells[i].name);
	return true;
}

static bool leads_on(const struct pt_format *format, uint64_t entry, unsigned int level)
{
	if (level == PT_4K)
		return false;
	return (entry & ~format->address_mask) == format->table[level];
}

/* Recursion ends with the levels, of which there are PT_LEVELS_MAX at most. */
static bool walk_table(struct walk *walk, hpa_t page, unsigned int level, uint64_t virt)
{
	const struct pagetable *map = walk->cell->map;
	const uint64_t *entries = pt_entry(page.v + map->memory.offset, 0, level);
	unsigned int i, leaves;

	if (!check_page(walk, page))
		return false;
	for (i = 0; (i = next_used(entries, i)) < PT_ENTRIES;) {
		uint64_t address = entries[i] & map->format->address_mask;
		uint64_t at = virt + i * pt_span(level);

		if (leads_on(map->format, entries[i], level)) {
			if (!walk_table(walk, HPA(address), level - 1, at))
				return false;
			i++;
			continue;
		}
		leaves = match_leaves(walk, &entries[i], PT_ENTRIES - i, level, at);
		if (leaves == 0)
			return complain(walk, entries[i], level, at);
		i += leaves;
	}
	return true;
}

/* Something is missing, or was counted twice: finds it. */
static bool complain_missing(const struct walk *walk)
{
	struct bh_refusal *refusal = walk->audit->refusal;
	const struct audit_cell *cell = walk->cell;
	struct pt_mapping mapping;
	struct pt_leaf leaf;
	uint64_t at, end;
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(cell->count); i++) {
		if (!mapping_at(walk, i, &mapping))
			continue;
		end = mapping.virt + mapping.size;
		for (at = mapping.virt; at < end; at = leaf.virt + leaf.size)
			if (!pt_lookup(cell->map, at, &leaf))
				return refuse(refusal, "audit: the map of %s lacks 0x%llx of "
					      "\"%s\"", cell->name, (hex)at, place_name(cell, i));
	}
	return refuse(refusal, "audit: two regions of %s have guest-physical addresses in common",
		      cell->name);
}

bool audit_table(const struct audit *audit, const struct audit_cell *cell)
{
	struct walk walk = {
		.audit = audit, .cell = cell, .place = cell->count,
		.code_leaf = cell_map_code_leaf(audit->board->board, cell->is_root),
	};
	struct pt_mapping mapping;
	uint64_t due = 0;
	size_t i;

	if (!walk_table(&walk, cell->map->root, cell->map->format->levels, 0))
		return false;
	for (i = 0; i < CELL_MAPPINGS(cell->count); i++)
		if (mapping_at(&walk, i, &mapping))
			due += mapping.size;
	return walk.found == due || complain_missing(&walk);
}
