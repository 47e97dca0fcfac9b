/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's memory: each region by itself, against its neighbours in the cell, and against what the
 * board and other cells have. A byte belongs to one cell, or is shared by name by all that have it.
 */
#include "model/config_checks.h"
#include "model/hpet_policy.h"
#include "model/kept_memory.h"
#include "model/trapped.h"

#define ALL_ACCESS     ((uint32_t)(BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE))
#define FLAGS_OF_PARTS ((uint32_t)(BH_REGION_BAR | BH_REGION_MSIX))
#define FLAGS_OF_CELLS ((uint32_t)(BH_REGION_SHARED | BH_REGION_LOADABLE | BH_REGION_DMA) | \
			FLAGS_OF_PARTS | (uint32_t)BH_REGION_HPET)

static struct bh_range phys_of(const struct bh_region *region)
{
	return RANGE(region->phys, region->size);
}

static struct bh_range guest_of(const struct bh_region *region)
{
	return RANGE(region->at, region->size);
}

static bool is_shared(const struct bh_region *region)
{
	return region->flags & BH_REGION_SHARED;
}

static struct config_place region_at(const struct config_checker *checker, uint32_t index,
				     const char *setting)
{
	return config_cell_at(checker, CONFIG_REGION, index, setting);
}

static void check_range(struct config_checker *checker, uint32_t index, const char *setting,
			struct bh_range range)
{
	uint32_t bits = checker->view->board->physical_bits;
	struct config_place place = region_at(checker, index, setting);

	if (range_wraps(range))
		config_find(checker, place, "0x%llx and size 0x%llx run past the last address",
			    (hex)range.start, (hex)range.size);
	else if (!range_fits_width(range, bits))
		config_find(checker, place,
			    "reaches to 0x%llx, but with %u physical bits 0x%llx is the last "
			    "address",
			    (hex)range_last(range), bits, (1ULL << bits) - 1);
}

static void check_comm(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];
	uint32_t i;

	if (region->phys != 0)
		config_find(checker, region_at(checker, index, "phys"),
			    "the communication page is the hypervisor's: leave phys out");
	if (region->size != BH_PAGE_SIZE || (region->at & BH_PAGE_MASK))
		config_find(checker, region_at(checker, index, NULL),
			    "a communication page is one page of 4K");
	check_range(checker, index, "at", guest_of(region));
	if (region->access != (BH_ACCESS_READ | BH_ACCESS_WRITE))
		config_find(checker, region_at(checker, index, "access"),
			    "a communication page has access \"rw\"");
	if (region->flags != 0)
		config_find(checker, region_at(checker, index, NULL),
			    "a communication page is neither shared nor loadable");
	for (i = 0; i < index; i++)
		if (checker->cell->regions[i].kind == BH_REGION_COMM)
			config_clash(checker, region_at(checker, index, "kind"),
				     region_at(checker, i, "kind"),
				     "is a second communication page beside",
				     "; a cell has one at most");
}

static void check_subpage(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];

	if ((region->phys & BH_PAGE_MASK) != (region->at & BH_PAGE_MASK))
		config_find(checker, region_at(checker, index, "at"),
			    "0x%llx and phys 0x%llx lie differently in their pages",
			    (hex)region->at, (hex)region->phys);
	if ((region->at & BH_PAGE_MASK) + region->size > BH_PAGE_SIZE)
		config_find(checker, region_at(checker, index, "size"),
			    "a region that is no whole pages lies inside one page");
	if (region->access & BH_ACCESS_EXECUTE)
		config_find(checker, region_at(checker, index, "access"),
			    "code cannot be executed in a region that is no whole pages");
}

static void check_alignment(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];
	const struct { const char *setting; uint64_t value; } values[] = {
		{ "phys", region->phys }, { "at", region->at }, { "size", region->size },
	};
	uint32_t i;

	if (region->kind == BH_REGION_DEVICE &&
	    ((region->phys | region->at | region->size) & BH_PAGE_MASK)) {
		check_subpage(checker, index);
		return;
	}
	for (i = 0; i < BH_ARRAY_SIZE(values); i++)
		if (values[i].value & BH_PAGE_MASK)
			config_find(checker, region_at(checker, index, values[i].setting),
				    "%s 0x%llx is no multiple of 4K: use 0x%llx or 0x%llx",
				    values[i].setting, (hex)values[i].value,
				    (hex)(values[i].value & ~BH_PAGE_MASK),
				    (hex)((values[i].value & ~BH_PAGE_MASK) + BH_PAGE_SIZE));
}

static void check_values(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];
	struct config_place access = region_at(checker, index, "access");

	if (region->size == 0) {
		config_find(checker, region_at(checker, index, "size"),
			    "size is 0: it would have no memory");
		return;
	}
	check_alignment(checker, index);
	check_range(checker, index, "phys", phys_of(region));
	check_range(checker, index, "at", guest_of(region));
	if (region->access & ~ALL_ACCESS)
		config_find(checker, access, "access 0x%x is unknown", region->access);
	else if (!(region->access & BH_ACCESS_READ))
		config_find(checker, access,
			    "access without \"r\": the processor refuses such a map");
	if (region->flags & ~FLAGS_OF_CELLS)
		config_find(checker, region_at(checker, index, "flags"),
			    "flags 0x%x are not a cell's", region->flags & ~FLAGS_OF_CELLS);
	if (region->kind == BH_REGION_DEVICE &&
	    (region->flags & ~(FLAGS_OF_PARTS | (uint32_t)BH_REGION_HPET)))
		config_find(checker, region_at(checker, index, "kind"),
			    "memory of a device is neither shared nor loadable nor for DMA");
	if (region->kind > BH_REGION_COMM)
		config_find(checker, region_at(checker, index, "kind"), "kind %u is unknown",
			    region->kind);
}

/*
 * An HPET writes into memory for who programs it, past every map: a cell has its page as a whole
 * and filtered, or not at all. Where the board does not say that there is one, a device at its
 * customary place is taken for it.
 */
static void check_hpet(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];
	uint64_t hpet = checker->view->board->hpet;
	struct config_place place = region_at(checker, index, "phys");
	bool is_marked = region->flags & BH_REGION_HPET;
	bool is_whole = hpet && region->kind == BH_REGION_DEVICE && region->phys == hpet &&
			region->size == BH_PAGE_SIZE;

	if (is_whole && is_marked && !(region->flags & FLAGS_OF_PARTS))
		return;
	if (is_marked || is_whole)
		config_find(checker, place, "the mark of the board's HPET is missing or wrong");
	else if (hpet && ranges_overlap(phys_of(region), RANGE(hpet, BH_PAGE_SIZE)))
		config_clash(checker, place, config_at(CONFIG_HPET_PAGE, 0, NULL), "overlaps",
			     "; a cell has that page as a whole, phys = 0x%llx and size = \"4K\", "
			     "or nothing of it", (hex)hpet);
	else if (region->kind == BH_REGION_DEVICE &&
		 ranges_overlap(phys_of(region), RANGE(HPET_CUSTOMARY, HPET_CUSTOMARY_SIZE)))
		config_find(checker, place, "there machines have an HPET, which writes anywhere in "
			    "memory: name it in the board file, hpet = { at = 0x%llx; }",
			    (hex)(region->phys & ~BH_PAGE_MASK));
}

/* Where the cell's RAM has to come from, and its devices must not. */
static void check_pools(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->cell->regions[index];
	struct config_place place = region_at(checker, index, "phys");
	bool inside = false;
	uint32_t i;

	for (i = 0; i < checker->view->board->pool_count; i++) {
		if (!ranges_overlap(phys_of(region), checker->view->pools[i]))
			continue;
		inside = inside || range_is_inside(phys_of(region), checker->view->pools[i]);
		if (region->kind == BH_REGION_DEVICE)
			config_clash(checker, place, config_at(CONFIG_POOL, i, NULL),
				     "is no memory of a device: it overlaps", "%s", "");
	}
	if (region->kind == BH_REGION_RAM && !inside)
		config_find(checker, place,
			    "0x%llx-0x%llx is not inside board.cell_memory, where cells' RAM "
			    "comes from",
			    (hex)region->phys, (hex)range_last(phys_of(region)));
}

static bool any_fills(const struct bh_region *regions, uint32_t count,
		      const struct bh_region *share)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (is_shared(&regions[i]) && (regions[i].access & BH_ACCESS_WRITE) &&
		    config_names_equal(regions[i].name, share->name))
			return true;
	return false;
}

/* Does root, or a cell that is there, write what this cell shares? */
static bool is_filled(const struct config_checker *checker, const struct bh_region *share)
{
	uint32_t i;

	for (i = 0; i < checker->other_count; i++)
		if (any_fills(checker->others[i]->regions,
			      checker->others[i]->cell->region_count, share))
			return true;
	return any_fills(checker->view->regions, checker->view->board->root.region_count, share);
}

/* "Compatible": nobody executes what another may write, and somebody may write at all. */
static void check_share(struct config_checker *checker, uint32_t index,
			const struct bh_region *other, struct config_place place)
{
	const struct bh_region *region = &checker->cell->regions[index];
	uint32_t both = region->access | other->access;

	if (!config_names_equal(region->name, other->name))
		config_clash(checker, region_at(checker, index, "name"), place,
			     "has not the name of", "which it shares");
	else if (region->phys != other->phys || region->size != other->size)
		config_clash(checker, region_at(checker, index, NULL), place,
			     "has not place and size of",
			     "(0x%llx, 0x%llx)", (hex)other->phys, (hex)other->size);
	else if (!(both & BH_ACCESS_WRITE) && !is_filled(checker, region))
		config_clash(checker, region_at(checker, index, "access"), place,
			     "cannot be written, as", "cannot: nobody could fill it");
	else if (((region->access & BH_ACCESS_EXECUTE) && (other->access & BH_ACCESS_WRITE)) ||
		 ((other->access & BH_ACCESS_EXECUTE) && (region->access & BH_ACCESS_WRITE)))
		config_clash(checker, region_at(checker, index, "access"), place,
			     "does not go with the rights of",
			     "; what one may write no other may execute");
}

static bool is_lent_whole(const struct bh_region *region, const struct bh_region *other,
			  struct config_place place)
{
	return !place.cell && (other->flags & BH_REGION_LENT) && region->kind == other->kind &&
	       region->phys == other->phys && region->size == other->size;
}

static void check_against(struct config_checker *checker, uint32_t index,
			  const struct bh_region *other, struct config_place place)
{
	const struct bh_region *region = &checker->cell->regions[index];
	struct bh_range both = ranges_intersection(phys_of(region), phys_of(other));
	bool shared = is_shared(region) && is_shared(other);

	if (other->kind == BH_REGION_COMM)
		return;
	if (shared && (!range_is_empty(both) || config_names_equal(region->name, other->name))) {
		check_share(checker, index, other, place);
		return;
	}
	if (range_is_empty(both))
		return;
	if (is_lent_whole(region, other, place)) {
		if ((region->flags ^ other->flags) & FLAGS_OF_PARTS)
			config_clash(checker, region_at(checker, index, NULL), place,
				     "is memory of a device:",
				     "; leave it out, and have the device itself in cell.pci");
		return;
	}
	if (is_shared(region) != is_shared(other))
		config_clash(checker, region_at(checker, index, NULL), place, "overlaps",
			     "at 0x%llx; both sides have to say shared = true", (hex)both.start);
	else
		config_clash(checker, region_at(checker, index, NULL), place, "overlaps",
			     "at 0x%llx%s", (hex)both.start,
			     place.cell ? "" : "; root may lend a whole region: lent = true");
}

static void check_neighbours(struct config_checker *checker, uint32_t index)
{
	const struct cell_view *cell = checker->cell;
	const struct bh_region *region = &cell->regions[index];
	struct bh_range both;
	uint32_t i;

	if (ranges_overlap(guest_of(region), RANGE(BH_APIC_BASE, BH_APIC_RANGE)))
		config_clash(checker, region_at(checker, index, "at"),
			     config_at(CONFIG_APIC, 0, NULL), "overlaps",
			     "at 0x%llx; the hypervisor gives each cell its own",
			     (hex)BH_APIC_BASE);
	for (i = 0; i < index; i++) {
		const struct bh_region *other = &cell->regions[i];

		both = ranges_intersection(guest_of(region), guest_of(other));
		if (!range_is_empty(both))
			config_clash(checker, region_at(checker, index, "at"),
				     region_at(checker, i, "at"), "overlaps",
				     "at 0x%llx of the cell", (hex)both.start);
		both = ranges_intersection(phys_of(region), phys_of(other));
		if (!range_is_empty(both) && region->kind != BH_REGION_COMM &&
		    other->kind != BH_REGION_COMM)
			config_clash(checker, region_at(checker, index, "phys"),
				     region_at(checker, i, "phys"), "overlaps", "at 0x%llx",
				     (hex)both.start);
	}
}

static void check_names(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *regions = checker->cell->regions;
	uint32_t i;

	config_check_name(checker, region_at(checker, index, "name"), regions[index].name);
	for (i = 0; i < index; i++)
		if (config_names_equal(regions[i].name, regions[index].name))
			config_clash(checker, region_at(checker, index, "name"),
				     region_at(checker, i, "name"), "has the name of",
				     "as well: give each region its own");
}

/* Memory that is not the cell's own: nobody's, root's, other cells'. */
static void check_owners(struct config_checker *checker, uint32_t index)
{
	const struct config_view *board = checker->view;
	const struct bh_region *region = &checker->cell->regions[index];
	uint32_t i, j;

	for (i = 0; i < kept_memory_count(board); i++) {
		const struct kept_memory kept = kept_memory_at(board, i);
		struct bh_range both = ranges_intersection(phys_of(region), kept.range);

		if (!range_is_empty(both))
			config_clash(checker, region_at(checker, index, "phys"), kept.place,
				     "overlaps", "at 0x%llx%s", (hex)both.start,
				     kept_memory_advice(kept.place.part));
	}
	for (i = 0; i < board->board->root.region_count; i++)
		check_against(checker, index, &board->regions[i],
			      config_at(CONFIG_REGION, i, NULL));
	for (i = 0; i < checker->other_count; i++)
		for (j = 0; j < checker->others[i]->cell->region_count; j++)
			check_against(checker, index, &checker->others[i]->regions[j],
				      config_other_at(checker->others[i], CONFIG_REGION, j, NULL));
}

void config_check_cell_memory(struct config_checker *checker)
{
	const struct cell_view *cell = checker->cell;
	bool has_ram = false;
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++) {
		check_names(checker, i);
		has_ram = has_ram || cell->regions[i].kind == BH_REGION_RAM;
		if (cell->regions[i].kind == BH_REGION_COMM) {
			check_comm(checker, i);
			check_neighbours(checker, i);
			continue;
		}
		check_values(checker, i);
		/* Nothing is nowhere: more words would only confuse. */
		if (cell->regions[i].size == 0)
			continue;
		check_neighbours(checker, i);
		check_hpet(checker, i);
		check_pools(checker, i);
		check_owners(checker, i);
	}
	if (!has_ram)
		config_find(checker, config_cell_at(checker, CONFIG_CELL, 0, "memory"),
			    "has no region of kind \"ram\"");
}
