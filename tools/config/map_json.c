/* SPDX-License-Identifier: GPL-2.0-only */
/* A cell's second-level map for programs, page for page. */
#include "map_cell.h"
#include "tools/output.h"

static struct json_object *json_mappings(const struct map *map)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < map->wish.count; i++) {
		const struct pt_mapping *mapping = &map->wish.mappings[i];
		const struct tables_leaves *leaves = &map->count.mappings[i];
		struct json_object *record = json_record_new();
		char access[4];

		map_access_format(mapping->attributes, access);
		json_set_text(record, "name", mapping_name(map, i));
		json_set_address(record, "first", mapping->virt);
		json_set_number(record, "size", mapping->size);
		json_set_text(record, "access", access);
		json_set_text(record, "type", map_type_name(mapping->attributes));
		json_set_truth(record, "present", mapping_is_there(map, i));
		json_set_number(record, "pages_1g", leaves->leaves[PT_1G]);
		json_set_number(record, "pages_2m", leaves->leaves[PT_2M]);
		json_set_number(record, "pages_4k", leaves->leaves[PT_4K]);
		json_set_number(record, "walk_references",
				map_references(map, leaves->smallest));
		json_append(list, record);
	}
	return list;
}

/* Those that are there, as a hypervisor in a debug build tells them. */
static struct json_object *json_leaves(const struct map *map)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < map->count.leaf_count; i++) {
		const struct pt_leaf *leaf = &map->count.leaves[i].leaf;
		size_t mapping = map->count.leaves[i].mapping;
		struct json_object *record;
		char access[4];

		if (!mapping_is_there(map, mapping))
			continue;
		record = json_record_new();
		map_access_format(leaf->attributes, access);
		json_set_text(record, "name", mapping_name(map, mapping));
		json_set_address(record, "at", leaf->virt);
		if (!mapping_is_comm(map, mapping))
			json_set_address(record, "phys", leaf->phys.v);
		json_set_number(record, "size", leaf->size);
		json_set_text(record, "access", access);
		json_set_text(record, "type", map_type_name(leaf->attributes));
		json_append(list, record);
	}
	return list;
}

static struct json_object *json_budget(const struct cell_budget *budget)
{
	struct json_object *record = json_record_new();

	json_set_number(record, "head", budget->head);
	json_set_number(record, "comm", budget->comm);
	json_set_number(record, "msr_bitmap", budget->msr_bitmap);
	json_set_number(record, "port_bitmaps", budget->io_bitmap[0] + budget->io_bitmap[1]);
	json_set_number(record, "tables", budget->tables);
	json_set_number(record, "dma", budget->dma);
	json_set_number(record, "total", budget->total);
	return record;
}

struct json_object *map_json(const struct map *map)
{
	struct json_object *record = json_record_new();
	struct json_object *levels = json_list_new();
	unsigned int level;

	json_set_text(record, "name", map->cell->name);
	json_set_text(record, "format", map->wish.format->name);
	json_set_number(record, "pages", map->count.pages);
	for (level = map->wish.format->levels; level >= PT_4K; level--) {
		struct json_object *tables = json_record_new();

		json_set_number(tables, "level", level);
		json_set_number(tables, "tables", map->count.tables[level]);
		json_append(levels, tables);
	}
	json_set(record, "levels", levels);
	json_set_number(record, "walk_references",
			map_worst_references(map));
	if (!map->is_root)
		json_set(record, "hypervisor_pages", json_budget(&map->budget));
	json_set(record, "mappings", json_mappings(map));
	json_set(record, "leaves", json_leaves(map));
	return record;
}
