/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds the second-level map of a cell and answers what is in it. See map_cell.h. */
#include "map_cell.h"

#include <stdlib.h>

#include "model/backend_kind.h"
#include "model/cell_map.h"
#include "tools/output.h"
#include "tools/verb.h"

const struct bh_region *mapping_region(const struct map *map, size_t mapping)
{
	uint32_t region = map->mapped[mapping];

	return region < map->cell->region_count ? &map->regions[region] : NULL;
}

const char *mapping_name(const struct map *map, size_t mapping)
{
	const struct bh_region *region = mapping_region(map, mapping);

	return region ? region->name : "local-apic";
}

bool mapping_is_there(const struct map *map, size_t mapping)
{
	const struct bh_region *region = mapping_region(map, mapping);

	return !map->is_root || !region || set_root_has(map->set, region);
}

bool mapping_is_comm(const struct map *map, size_t mapping)
{
	const struct bh_region *region = mapping_region(map, mapping);

	return region && region->kind == BH_REGION_COMM;
}

/*
 * What a miss costs a guest whose page tables and data lie in pages of that level: each of its
 * tables and the data themselves are found by a walk through the second level.
 */
unsigned int map_references(const struct map *map, unsigned int level)
{
	unsigned int second = map->wish.format->levels - level + 1;

	return (GUEST_LEVELS + 1) * (second + 1) - 1;
}

unsigned int map_worst_references(const struct map *map)
{
	unsigned int smallest = PT_1G;
	size_t i;

	for (i = 0; i < map->wish.count; i++)
		if (map->count.mappings[i].smallest < smallest)
			smallest = map->count.mappings[i].smallest;
	return map_references(map, smallest);
}

void map_access_format(unsigned int attributes, char text[4])
{
	text[0] = attributes & PT_READ ? 'r' : '-';
	text[1] = attributes & PT_WRITE ? 'w' : '-';
	text[2] = attributes & PT_EXECUTE ? 'x' : '-';
	text[3] = '\0';
}

const char *map_type_name(unsigned int attributes)
{
	return attributes & PT_UNCACHED ? "uncached" : "write-back";
}

/* As many as there are mappings: cell_map_list() with the region of each. */
static size_t list_mappings(struct map *map, struct pt_mapping *mappings, unsigned int code_leaf)
{
	uint32_t count = map->cell->region_count;
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < CELL_MAPPINGS(count); i++)
		if (cell_map_at(map->regions, count, i, HPA(0), code_leaf, &mappings[used]))
			map->mapped[used++] = i;
	return used;
}

static bool is_as_predicted(const struct map *map)
{
	uint64_t told = map->is_root ? map->count.predicted : map->budget.tables;

	if (map->count.pages == told)
		return true;
	verb_complain("config map", "%s: predicted %llu pages of tables, built %llu: this is a bug",
		      map->cell->name, (unsigned long long)told,
		      (unsigned long long)map->count.pages);
	return false;
}

bool map_build(struct map *map, const struct config_set *set, const struct cell_view *cell)
{
	const struct bh_board *board = set->board.view.board;
	struct bh_refusal refusal;
	struct pt_mapping *mappings;

	*map = (struct map){ .set = set, .is_root = !cell };
	map->cell = cell ? cell->cell : &board->root;
	map->regions = cell ? cell->regions : set->board.view.regions;
	map->mapped = must(calloc(CELL_MAPPINGS(map->cell->region_count), sizeof(*map->mapped)));
	mappings = must(calloc(CELL_MAPPINGS(map->cell->region_count), sizeof(*mappings)));
	map->wish = (struct tables_wish){
		.format = board_kind(board)->map_format,
		.physical_bits = board->physical_bits,
		.largest_leaf = cell_map_largest_leaf(board), .mappings = mappings,
		.count = list_mappings(map, mappings, cell_map_code_leaf(board, !cell)),
	};
	if (cell)
		cell_budget(&map->budget, &set->board.view, cell);
	if (!tables_count(&map->wish, &map->count, &refusal))
		verb_complain("config map", "%s: %s", map->cell->name, refusal.text);
	else if (is_as_predicted(map))
		return true;
	map_free(map);
	return false;
}

void map_free(struct map *map)
{
	tables_free(&map->count);
	free(map->mapped);
	free((void *)map->wish.mappings);
}
