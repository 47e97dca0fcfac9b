/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints a cell's second-level map for a person: pages that follow each other in one line. */
#include <stdio.h>

#include "map_cell.h"
#include "model/cell_map.h"
#include "numbers.h"
#include "tools/output.h"

/* Pages of one level that lie one behind the other: how many from the first one on. */
static size_t run_length(const struct map *map, size_t first)
{
	const struct tables_leaf *leaves = map->count.leaves;
	size_t count = 1;

	while (first + count < map->count.leaf_count &&
	       leaves[first + count].mapping == leaves[first].mapping &&
	       leaves[first + count].leaf.level == leaves[first].leaf.level)
		count++;
	return count;
}

/* Of regions that are not always root's, or not a cell's alone. */
static void print_note(const struct map *map, struct libscols_line *line, size_t mapping)
{
	const struct bh_region *region = mapping_region(map, mapping);
	const char *user = region ? set_region_user(map->set, region) : NULL;

	if (!region || !(region->flags & (BH_REGION_SHARED | BH_REGION_LENT)))
		return;
	if (!map->is_root)
		line_set(line, 8, "shared");
	else if (region->flags & BH_REGION_SHARED)
		line_set(line, 8, user ? "shared with %s" : "absent: no cell shares it", user);
	else
		line_set(line, 8, user ? "absent: lent to %s" : "not lent", user);
}

static void print_run(const struct map *map, struct libscols_table *table, size_t first,
		      size_t count)
{
	const struct pt_leaf *leaf = &map->count.leaves[first].leaf;
	size_t mapping = map->count.leaves[first].mapping;
	struct libscols_line *line = table_line(table);
	char size[SIZE_TEXT], access[4];

	size_format(pt_span(leaf->level), size);
	map_access_format(leaf->attributes, access);
	line_set(line, 0, "%s", mapping_name(map, mapping));
	line_set(line, 1, "0x%llx", (unsigned long long)leaf->virt);
	if (mapping_is_comm(map, mapping))
		line_set(line, 2, "hypervisor");
	else
		line_set(line, 2, "0x%llx", (unsigned long long)leaf->phys.v);
	line_set(line, 3, "%zu", count);
	line_set(line, 4, "%s", size);
	line_set(line, 5, "%s", access);
	line_set(line, 6, "%s", map_type_name(leaf->attributes));
	line_set(line, 7, "%u", map_references(map, leaf->level));
	print_note(map, line, mapping);
}

/* Regions that no table holds. */
static void print_trapped(const struct map *map, struct libscols_table *table)
{
	struct pt_mapping mapping;
	uint32_t i;

	for (i = 0; i < map->cell->region_count; i++) {
		const struct bh_region *region = &map->regions[i];
		struct libscols_line *line;
		char size[SIZE_TEXT];

		if (cell_map_at(map->regions, map->cell->region_count, i, HPA(0), 0, &mapping))
			continue;
		size_format(region->size, size);
		line = table_line(table);
		line_set(line, 0, "%s", region->name);
		line_set(line, 1, "0x%llx", (unsigned long long)region->at);
		line_set(line, 2, "0x%llx", (unsigned long long)region->phys);
		line_set(line, 4, "%s", size);
		line_set(line, 8, "not mapped: %s", region->flags & BH_REGION_MSIX ?
			 "MSI-X table, the hypervisor filters each access" :
			 "less than a page, each access is carried out by the hypervisor");
	}
}

static void print_leaves(const struct map *map)
{
	static const struct output_column columns[] = {
		{ "NAME", 0 }, { "AT", SCOLS_FL_RIGHT }, { "PHYSICAL", SCOLS_FL_RIGHT },
		{ "PAGES", SCOLS_FL_RIGHT }, { "OF", SCOLS_FL_RIGHT }, { "ACCESS", 0 },
		{ "TYPE", 0 }, { "REFERENCES", SCOLS_FL_RIGHT }, { "NOTE", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	size_t first, count;

	for (first = 0; first < map->count.leaf_count; first += count) {
		count = run_length(map, first);
		print_run(map, table, first, count);
	}
	print_trapped(map, table);
	table_print(table);
}

static void print_budget(const struct cell_budget *budget)
{
	printf("hypervisor memory: %u pages: %u record and configuration, %u communication page, "
	       "%u MSR bitmap, %u port bitmaps, %u tables",
	       budget->total, budget->head, budget->comm, budget->msr_bitmap,
	       budget->io_bitmap[0] + budget->io_bitmap[1], budget->tables);
	if (budget->dma)
		printf(", %u for its devices", budget->dma);
	puts("");
}

void map_print(const struct map *map)
{
	unsigned int level;

	printf("%s of %s: %llu pages of tables, as predicted\n", map->wish.format->name,
	       map->cell->name, (unsigned long long)map->count.pages);
	for (level = map->wish.format->levels; level >= PT_4K; level--) {
		char span[SIZE_TEXT];

		size_format(pt_span(level), span);
		printf("  level %u: %llu tables, %s an entry\n", level,
		       (unsigned long long)map->count.tables[level], span);
	}
	printf("a walk in two dimensions, %d guest levels: at worst %u memory references\n",
	       GUEST_LEVELS, map_worst_references(map));
	if (!map->is_root)
		print_budget(&map->budget);
	puts("");
	print_leaves(map);
}
