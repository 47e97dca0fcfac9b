/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes boards from the bottom of memory upwards, so that nothing overlaps that should not, and
 * then deals out to the cells what there is to have. See random_cells.h.
 */
#include "random_cells.h"

#include <stdio.h>
#include <string.h>

#include "model/backend_kind.h"
#include "model/cell_map.h"
#include "model/trapped.h"

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* Guest-physical addresses of cells skip the local APIC; memory for cells lies above it. */
#define BELOW_APIC 0xfe000000ULL
#define ABOVE_APIC 0x100000000ULL

uint64_t random_below(struct random_board *board, uint64_t limit)
{
	/* xorshift64*: plain, and good enough to choose by its upper half. */
	board->random ^= board->random >> 12;
	board->random ^= board->random << 25;
	board->random ^= board->random >> 27;
	return (board->random * 0x2545f4914f6cdd1d >> 32) % limit;
}

static bool one_in(struct random_board *board, uint64_t n)
{
	return random_below(board, n) == 0;
}

/* Mostly some pages, often large pages, at times large pages and some more. */
static uint64_t random_size(struct random_board *board)
{
	uint64_t size = 0;

	if (one_in(board, 2))
		size = (1 + random_below(board, 6)) * 2 * MIB;
	if (size == 0 || one_in(board, 4))
		size += (1 + random_below(board, 40)) * BH_PAGE_SIZE;
	return size;
}

/* On to a place that is aligned to a page, or to a large one. */
static uint64_t random_step(struct random_board *board, uint64_t address, uint64_t large)
{
	address += random_below(board, 20) * BH_PAGE_SIZE;
	return one_in(board, 2) ? (address + large - 1) & ~(large - 1) : address;
}

static struct bh_region *add(struct bh_region *regions, uint32_t *count, const char *kind,
			     uint64_t phys, uint64_t size)
{
	struct bh_region *region = &regions[(*count)++];

	*region = (struct bh_region){ .phys = phys, .at = phys, .size = size };
	snprintf(region->name, sizeof(region->name), "%s%u", kind, *count);
	region->access = BH_ACCESS_READ | BH_ACCESS_WRITE;
	return region;
}

/* RAM and devices, some to lend, some of them smaller than a page. */
static void make_root(struct random_board *board)
{
	uint32_t *count = &board->board.root.region_count;
	uint64_t at = 0;

	while (*count < RANDOM_REGIONS - 3) {
		bool is_ram = *count == 0 || one_in(board, 2);
		struct bh_region *region = add(board->regions, count, is_ram ? "ram" : "device",
					       random_step(board, at, 2 * MIB), random_size(board));

		if (is_ram) {
			region->access |= random_below(board, 2) * BH_ACCESS_EXECUTE;
		} else {
			region->kind = BH_REGION_DEVICE;
			region->flags = random_below(board, 2) * BH_REGION_LENT;
			if (one_in(board, 3)) {
				region->phys += 16 * random_below(board, 200);
				region->size = 4 * (1 + random_below(board, 16));
			}
			/* Of a PCI device: at times the pages of an MSI-X table. */
			if ((region->flags & BH_REGION_LENT) && one_in(board, 2))
				region->flags |= BH_REGION_BAR |
						 random_below(board, 2) * BH_REGION_MSIX;
		}
		region->at = region->phys;
		at = (region->phys + region->size + BH_PAGE_MASK) & ~BH_PAGE_MASK;
	}
}

static struct random_cell *make_cell(struct random_board *board)
{
	struct random_cell *cell = &board->cells[board->cell_count++];

	snprintf(cell->cell.name, sizeof(cell->cell.name), "cell%u", board->cell_count);
	cell->view = (struct cell_view){
		.header = &cell->header, .cell = &cell->cell, .regions = cell->regions,
		.ports = cell->ports, .msrs = cell->msrs,
	};
	return cell;
}

/* Private RAM: the next piece of the pool. */
static uint64_t deal_ram(struct random_board *board, struct random_cell *cell, uint64_t from)
{
	bool is_huge = one_in(board, 100);
	struct bh_region *ram = add(cell->regions, &cell->cell.region_count, "ram",
				    random_step(board, from, is_huge ? GIB : 2 * MIB),
				    random_size(board) + is_huge * GIB);

	ram->access |= BH_ACCESS_EXECUTE;
	ram->flags = BH_REGION_LOADABLE;
	return ram->phys + ram->size;
}

/* One piece of the pool for two or more, at times root among them. */
static uint64_t deal_share(struct random_board *board, uint64_t from)
{
	struct bh_region share = { .access = BH_ACCESS_READ | BH_ACCESS_WRITE,
				   .flags = BH_REGION_SHARED };
	uint32_t i;

	share.phys = random_step(board, from, 2 * MIB);
	share.at = share.phys;
	share.size = random_size(board);
	snprintf(share.name, sizeof(share.name), "share%llx", (unsigned long long)share.phys);
	if (one_in(board, 2))
		board->regions[board->board.root.region_count++] = share;
	for (i = 0; i < board->cell_count; i++) {
		struct random_cell *cell = &board->cells[i];

		if (one_in(board, 3))
			continue;
		if (one_in(board, 2))
			share.access = BH_ACCESS_READ;
		cell->regions[cell->cell.region_count++] = share;
	}
	return share.phys + share.size;
}

/* What root lends goes to one cell, or to nobody. */
static void deal_devices(struct random_board *board)
{
	uint32_t i;

	for (i = 0; i < board->board.root.region_count; i++) {
		struct random_cell *cell = &board->cells[random_below(board, RANDOM_CELLS)];

		if (!(board->regions[i].flags & BH_REGION_LENT) || cell->cell.name[0] == '\0' ||
		    cell->cell.region_count >= RANDOM_REGIONS - 1)
			continue;
		cell->regions[cell->cell.region_count] = board->regions[i];
		cell->regions[cell->cell.region_count++].flags &=
			(uint32_t)(BH_REGION_BAR | BH_REGION_MSIX);
	}
}

static uint64_t place(struct random_board *board, uint64_t at, uint64_t size)
{
	at = random_step(board, at, one_in(board, 8) ? GIB : 2 * MIB);
	if (one_in(board, 4))
		at += random_below(board, 3) * GIB;
	if (at < ABOVE_APIC && at + size > BELOW_APIC)
		at = ABOVE_APIC;
	return at;
}

/* Where the cell sees what it has; a page's inner offset cannot change. */
static void place_regions(struct random_board *board, struct random_cell *cell)
{
	uint64_t at = 0;
	uint32_t i;

	if (one_in(board, 2))
		add(cell->regions, &cell->cell.region_count, "comm", 0, BH_PAGE_SIZE)->kind =
			BH_REGION_COMM;
	for (i = 0; i < cell->cell.region_count; i++) {
		struct bh_region *region = &cell->regions[i];

		at = place(board, at, region->size + BH_PAGE_SIZE);
		region->at = at | (region->phys & BH_PAGE_MASK);
		at = (region->at + region->size + BH_PAGE_MASK) & ~BH_PAGE_MASK;
	}
}

static void make_io(struct random_board *board, struct random_cell *cell)
{
	uint32_t i;

	cell->cell.port_count = (uint32_t)random_below(board, 4);
	for (i = 0; i < cell->cell.port_count; i++) {
		cell->ports[i].first = (uint16_t)random_below(board, 0x10000);
		cell->ports[i].last = (uint16_t)(cell->ports[i].first +
			random_below(board, 0x10000u - cell->ports[i].first));
	}
	cell->cell.msr_count = (uint32_t)random_below(board, 2);
	cell->msrs[0] = (struct bh_msrs){ 0xc90, 0xc9f };
	cell->header.size = (uint32_t)(sizeof(cell->header) + sizeof(cell->cell) +
		cell->cell.region_count * sizeof(cell->regions[0]) +
		cell->cell.port_count * sizeof(cell->ports[0]) +
		cell->cell.msr_count * sizeof(cell->msrs[0]));
}

void random_board_make(struct random_board *board, struct bh_range hypervisor, uint64_t seed)
{
	uint64_t at = ABOVE_APIC;
	uint32_t i;

	memset(board, 0, sizeof(*board));
	board->random = seed * 2 + 1;
	for (i = 0; i < 8; i++)
		random_below(board, 2);
	board->view = (struct config_view){
		.board = &board->board, .pools = board->pools, .regions = board->regions,
	};
	board->board.hypervisor = hypervisor;
	board->board.physical_bits = 36 + (uint32_t)random_below(board, 11);
	board->board.flags = random_below(board, 2) * BH_BOARD_PAGES_1G |
			     random_below(board, 2) * BH_BOARD_SVM |
			     random_below(board, 2) * BH_BOARD_MULTIHIT;
	snprintf(board->board.root.name, sizeof(board->board.root.name), "root");
	make_root(board);

	while (board->cell_count < RANDOM_CELLS && !one_in(board, 4))
		make_cell(board);
	while (board->board.pool_count < BH_ARRAY_SIZE(board->pools)) {
		struct bh_range *pool = &board->pools[board->board.pool_count++];

		at = random_step(board, at, 2 * MIB);
		pool->start = at;
		for (i = 0; i < board->cell_count; i++)
			at = deal_ram(board, &board->cells[i], at);
		at = deal_share(board, at);
		pool->size = at - pool->start;
	}
	deal_devices(board);
	for (i = 0; i < board->cell_count; i++) {
		place_regions(board, &board->cells[i]);
		make_io(board, &board->cells[i]);
	}
}

static bool build_map(struct pagetable *map, const struct random_board *board,
		      const struct bh_region *regions, uint32_t count, hpa_t comm,
		      const struct pt_memory *memory, struct bh_refusal *refusal)
{
	unsigned int code_leaf = cell_map_code_leaf(&board->board, map == &board->map);
	struct pt_mapping mapping;
	size_t i;

	if (!pt_init(map, board_kind(&board->board)->map_format, memory,
		     board->board.physical_bits, cell_map_largest_leaf(&board->board), refusal))
		return false;
	for (i = 0; i < CELL_MAPPINGS(count); i++)
		if (cell_map_at(regions, count, i, comm, code_leaf, &mapping) &&
		    !pt_map(map, &mapping, refusal))
			return false;
	return true;
}

static bool a_cell_has(const struct random_board *board, const struct bh_region *region)
{
	uint32_t i, j;

	for (i = 0; i < board->cell_count; i++)
		for (j = 0; j < board->cells[i].cell.region_count; j++)
			if (board->cells[i].regions[j].phys == region->phys &&
			    board->cells[i].regions[j].size == region->size)
				return true;
	return false;
}

/* Root's shared regions that nobody shares go out of its map, and its lent ones that are lent. */
static bool clear_moved(struct random_board *board, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < board->board.root.region_count; i++) {
		const struct bh_region *region = &board->regions[i];
		bool is_there = a_cell_has(board, region);

		if (region_is_trapped(region))
			continue;
		if (((region->flags & BH_REGION_LENT) && is_there) ||
		    ((region->flags & BH_REGION_SHARED) && !is_there))
			if (!pt_clear(&board->map, region->at, region->size, refusal))
				return false;
	}
	return true;
}

bool random_board_build(struct random_board *board, const struct pt_memory *memory,
			struct bh_refusal *refusal)
{
	uint32_t i;

	if (!build_map(&board->map, board, board->regions, board->board.root.region_count, HPA(0),
		       memory, refusal) || !clear_moved(board, refusal))
		return false;
	for (i = 0; i < board->cell_count; i++) {
		struct random_cell *cell = &board->cells[i];

		cell->comm = HPA(0);
		if (cell->regions[cell->cell.region_count - 1].kind == BH_REGION_COMM)
			cell->comm = memory->allocate(memory->context);
		if (!build_map(&cell->map, board, cell->regions, cell->cell.region_count,
			       cell->comm, memory, refusal))
			return false;
	}
	return true;
}

uint32_t random_board_subjects(const struct random_board *board,
			       struct audit_cell subjects[RANDOM_CELLS + 1])
{
	uint32_t i;

	subjects[0] = (struct audit_cell){
		.map = &board->map, .regions = board->regions,
		.count = board->board.root.region_count, .name = board->board.root.name,
		.is_root = true,
	};
	for (i = 0; i < board->cell_count; i++)
		subjects[i + 1] = (struct audit_cell){
			.map = &board->cells[i].map, .regions = board->cells[i].regions,
			.count = board->cells[i].cell.region_count,
			.name = board->cells[i].cell.name, .comm = board->cells[i].comm,
		};
	return board->cell_count + 1;
}
