/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of everything in a configuration that has an address: each range by itself, then each
 * against all others, since a page belongs to one of them only.
 */
#include "model/config_checks.h"
#include "model/kept_memory.h"
#include "model/layout.h"
#include "model/trapped.h"

#define LARGE_PAGE (2ULL << 20)

/* Everything that occupies memory, numbered: what is nobody's, pools, regions. */
static uint32_t occupant_count(const struct config_view *view)
{
	return kept_memory_count(view) + view->board->pool_count + view->board->root.region_count;
}

static struct bh_range occupant(const struct config_view *view, uint32_t n,
				     struct config_place *place)
{
	uint32_t kept = kept_memory_count(view);

	if (n < kept) {
		*place = kept_memory_at(view, n).place;
		return kept_memory_at(view, n).range;
	}
	n -= kept;
	if (n < view->board->pool_count) {
		*place = config_at(CONFIG_POOL, n, NULL);
		return view->pools[n];
	}
	n -= view->board->pool_count;
	*place = config_at(CONFIG_REGION, n, NULL);
	return RANGE(view->regions[n].phys, view->regions[n].size);
}

/* What root shares with cells lies in the memory that is set aside for them. */
static bool is_share_in_pool(const struct config_view *view, const struct config_place *place,
			     const struct config_place *other)
{
	return place->part == CONFIG_REGION && other->part == CONFIG_POOL &&
	       (view->regions[place->index].flags & BH_REGION_SHARED);
}

static void check_share(struct config_checker *checker, uint32_t index)
{
	const struct config_view *view = checker->view;
	const struct bh_region *region = &view->regions[index];
	uint32_t i;

	if (region->kind != BH_REGION_RAM)
		config_find(checker, config_at(CONFIG_REGION, index, "kind"),
			    "only memory of kind \"ram\" can be shared");
	for (i = 0; i < view->board->pool_count; i++)
		if (range_is_inside(RANGE(region->phys, region->size), view->pools[i]))
			return;
	config_find(checker, config_at(CONFIG_REGION, index, "phys"),
		    "0x%llx and size 0x%llx are not inside board.cell_memory, where shared "
		    "memory comes from",
		    (hex)region->phys, (hex)region->size);
}

static void check_flags(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->view->regions[index];
	const uint32_t both = BH_REGION_SHARED | BH_REGION_LENT;
	const uint32_t known = both | BH_REGION_BAR | BH_REGION_MSIX;

	if (region->flags & ~known)
		config_find(checker, config_at(CONFIG_REGION, index, "flags"),
			    "flags 0x%x are not root's", region->flags & ~known);
	if ((region->flags & both) == both)
		config_find(checker, config_at(CONFIG_REGION, index, "lent"),
			    "a shared region cannot be lent");
	/* Part of a device is a device's whole part: config_pci.c looks for that. */
	if ((region->flags & BH_REGION_LENT) && !(region->flags & BH_REGION_BAR) &&
	    region_is_subpage(region))
		config_find(checker, config_at(CONFIG_REGION, index, "lent"),
			    "only whole pages can be lent");
	if (region->flags & BH_REGION_SHARED)
		check_share(checker, index);
}

static void check_overlap(struct config_checker *checker, uint32_t later, uint32_t earlier)
{
	struct config_place place, other;
	struct bh_range a = occupant(checker->view, later, &place);
	struct bh_range b = occupant(checker->view, earlier, &other);
	struct bh_range both;

	if (range_wraps(a) || range_wraps(b) || is_share_in_pool(checker->view, &place, &other))
		return;
	both = ranges_intersection(a, b);
	if (!range_is_empty(both))
		config_clash(checker, place, other, "overlaps", "at 0x%llx%s",
			     (hex)both.start, kept_memory_advice(other.part));
}

/* By guest-physical address; in root these are the physical ones, and told above. */
static void check_guest_overlap(struct config_checker *checker, uint32_t later, uint32_t earlier)
{
	const struct bh_region *a = &checker->view->regions[later];
	const struct bh_region *b = &checker->view->regions[earlier];
	struct bh_range both;

	if (a->at == a->phys && b->at == b->phys)
		return;
	if (range_wraps(RANGE(a->at, a->size)) || range_wraps(RANGE(b->at, b->size)))
		return;
	both = ranges_intersection(RANGE(a->at, a->size), RANGE(b->at, b->size));
	if (!range_is_empty(both))
		config_clash(checker, config_at(CONFIG_REGION, later, "at"),
			     config_at(CONFIG_REGION, earlier, "at"), "overlaps",
			     "at 0x%llx of the cell", (hex)both.start);
}

static void check_alignment(struct config_checker *checker, struct config_place place,
			    const char *setting, uint64_t value, uint64_t alignment)
{
	unsigned long long below = value & ~(alignment - 1);
	unsigned long long above = below + alignment;

	place.setting = setting;
	if (value != below)
		config_find(checker, place, "%s 0x%llx is no multiple of %s: use 0x%llx or 0x%llx",
			    setting, (hex)value, alignment == LARGE_PAGE ? "2M" : "4K", below,
			    above);
}

static void check_range(struct config_checker *checker, struct config_place place,
			struct bh_range range, uint64_t alignment)
{
	uint32_t bits = checker->view->board->physical_bits;
	struct config_place size_place = config_at(place.part, place.index, "size");

	check_alignment(checker, place, "phys", range.start, alignment);
	check_alignment(checker, place, "size", range.size,
			alignment < BH_PAGE_SIZE ? alignment : BH_PAGE_SIZE);
	if (range_is_empty(range))
		config_find(checker, size_place, "size is 0: it would have no memory");
	else if (range_wraps(range))
		config_find(checker, config_at(place.part, place.index, NULL),
			    "0x%llx and size 0x%llx run past the last 64-bit address",
			    (hex)range.start, (hex)range.size);
	else if (bits >= 32 && bits <= 52 && !range_fits_width(range, bits))
		config_find(checker, config_at(place.part, place.index, NULL),
			    "reaches to 0x%llx, but with %u physical bits 0x%llx is the last "
			    "address",
			    (hex)range_last(range), bits, (1ULL << bits) - 1);
}

static void check_region(struct config_checker *checker, uint32_t index)
{
	const struct bh_region *region = &checker->view->regions[index];
	const uint32_t all = BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE;
	struct config_place place = config_at(CONFIG_REGION, index, "access");

	check_range(checker, config_at(CONFIG_REGION, index, NULL),
		    RANGE(region->phys, region->size),
		    region->flags & BH_REGION_BAR ? 1 : BH_PAGE_SIZE);
	check_flags(checker, index);
	if (region->at != region->phys)
		config_find(checker, config_at(CONFIG_REGION, index, "at"),
			    "at 0x%llx is not phys 0x%llx: root sees memory where it is",
			    (hex)region->at, (hex)region->phys);
	if (region->access & ~all)
		config_find(checker, place, "access 0x%x is unknown", region->access);
	else if (!(region->access & BH_ACCESS_READ))
		config_find(checker, place,
			    "access without \"r\": the processor refuses such a map");
	if (region->kind > BH_REGION_DEVICE)
		config_find(checker, config_at(CONFIG_REGION, index, "kind"), "kind %u is unknown",
			    region->kind);
}

static void check_hypervisor(struct config_checker *checker)
{
	const struct bh_range *memory = &checker->view->board->hypervisor;

	check_range(checker, config_at(CONFIG_HYPERVISOR, 0, NULL),
		    *memory, LARGE_PAGE);
	if (memory->size > HV_CPUS - HV_LINEAR)
		config_find(checker, config_at(CONFIG_HYPERVISOR, 0, "size"),
			    "0x%llx bytes are more than the 1G that the hypervisor can map",
			    (hex)memory->size);
}

static void check_has_ram(struct config_checker *checker)
{
	uint32_t i;

	for (i = 0; i < checker->view->board->root.region_count; i++)
		if (checker->view->regions[i].kind == BH_REGION_RAM)
			return;
	config_find(checker, config_at(CONFIG_ROOT, 0, "memory"), "has no region of kind \"ram\"");
}

void config_check_memory(struct config_checker *checker)
{
	const struct config_view *view = checker->view;
	uint32_t i, j;

	check_hypervisor(checker);
	for (i = 0; i < view->board->pool_count; i++)
		check_range(checker, config_at(CONFIG_POOL, i, NULL),
			    view->pools[i], BH_PAGE_SIZE);
	for (i = 0; i < view->board->root.region_count; i++)
		check_region(checker, i);
	check_has_ram(checker);
	for (i = 1; i < occupant_count(view); i++)
		for (j = 0; j < i; j++)
			check_overlap(checker, i, j);
	for (i = 1; i < view->board->root.region_count; i++)
		for (j = 0; j < i; j++)
			check_guest_overlap(checker, i, j);
}
