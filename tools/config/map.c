/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config map`: the tables that the hypervisor will build for root. Built here by the same
 * code, and counted; its own memory is map_host.c's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "map_host.h"
#include "model/cell_map.h"
#include "model/format_ept.h"
#include "numbers.h"
#include "tables.h"
#include "tools/output.h"
#include "tools/verb.h"

#define GUEST_LEVELS 4

/* A second-level map, its mappings named. */
struct map {
	struct tables_wish wish;
	struct tables_count count;
	const struct config_view *view;
};

static const char *mapping_name(const struct map *map, size_t index)
{
	return index < map->view->board->root.region_count ? map->view->regions[index].name :
							     "local-apic";
}

/*
 * What a miss costs a guest whose page tables and data lie in pages of that level: each of its
 * tables and the data themselves are found by a walk through the second level.
 */
static unsigned int walk_references(const struct pt_format *format, unsigned int leaf_level)
{
	unsigned int second = format->levels - leaf_level + 1;

	return (GUEST_LEVELS + 1) * (second + 1) - 1;
}

static unsigned int smallest_page(const struct map *map)
{
	unsigned int smallest = PT_1G;
	size_t i;

	for (i = 0; i < map->wish.count; i++)
		if (map->count.mappings[i].smallest < smallest)
			smallest = map->count.mappings[i].smallest;
	return smallest;
}

static void attributes_format(unsigned int attributes, char text[4])
{
	text[0] = attributes & PT_READ ? 'r' : '-';
	text[1] = attributes & PT_WRITE ? 'w' : '-';
	text[2] = attributes & PT_EXECUTE ? 'x' : '-';
	text[3] = '\0';
}

static void print_mappings(const struct map *map)
{
	static const struct output_column columns[] = {
		{ "NAME", 0 }, { "FIRST", SCOLS_FL_RIGHT }, { "SIZE", SCOLS_FL_RIGHT },
		{ "ACCESS", 0 }, { "TYPE", 0 }, { "1G", SCOLS_FL_RIGHT }, { "2M", SCOLS_FL_RIGHT },
		{ "4K", SCOLS_FL_RIGHT }, { "REFERENCES", SCOLS_FL_RIGHT },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	size_t i;

	for (i = 0; i < map->wish.count; i++) {
		const struct pt_mapping *mapping = &map->wish.mappings[i];
		const struct tables_leaves *leaves = &map->count.mappings[i];
		struct libscols_line *line = table_line(table);
		char size[SIZE_TEXT], access[4];

		size_format(mapping->size, size);
		attributes_format(mapping->attributes, access);
		line_set(line, 0, "%s", mapping_name(map, i));
		line_set(line, 1, "0x%llx", (unsigned long long)mapping->virt);
		line_set(line, 2, "%s", size);
		line_set(line, 3, "%s", access);
		line_set(line, 4, "%s",
			 mapping->attributes & PT_UNCACHED ? "uncached" : "write-back");
		line_set(line, 5, "%llu", (unsigned long long)leaves->leaves[PT_1G]);
		line_set(line, 6, "%llu", (unsigned long long)leaves->leaves[PT_2M]);
		line_set(line, 7, "%llu", (unsigned long long)leaves->leaves[PT_4K]);
		line_set(line, 8, "%u", walk_references(map->wish.format, leaves->smallest));
	}
	table_print(table);
}

static void print_root(const struct map *map)
{
	unsigned int level;

	printf("%s of %s: %llu pages of tables, as predicted\n", map->wish.format->name,
	       map->view->board->root.name, (unsigned long long)map->count.pages);
	for (level = map->wish.format->levels; level >= PT_4K; level--) {
		char span[SIZE_TEXT];

		size_format(pt_span(level), span);
		printf("  level %u: %llu tables, %s an entry\n", level,
		       (unsigned long long)map->count.tables[level], span);
	}
	printf("a walk in two dimensions, %d guest levels: at worst %u memory references\n\n",
	       GUEST_LEVELS, walk_references(map->wish.format, smallest_page(map)));
	print_mappings(map);
}

static struct json_object *json_mappings(const struct map *map)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < map->wish.count; i++) {
		const struct pt_mapping *mapping = &map->wish.mappings[i];
		const struct tables_leaves *leaves = &map->count.mappings[i];
		struct json_object *record = json_record_new();
		char access[4];

		attributes_format(mapping->attributes, access);
		json_set_text(record, "name", mapping_name(map, i));
		json_set_address(record, "first", mapping->virt);
		json_set_number(record, "size", mapping->size);
		json_set_text(record, "access", access);
		json_set_text(record, "type",
			      mapping->attributes & PT_UNCACHED ? "uncached" : "write-back");
		json_set_number(record, "pages_1g", leaves->leaves[PT_1G]);
		json_set_number(record, "pages_2m", leaves->leaves[PT_2M]);
		json_set_number(record, "pages_4k", leaves->leaves[PT_4K]);
		json_set_number(record, "walk_references",
				walk_references(map->wish.format, leaves->smallest));
		json_append(list, record);
	}
	return list;
}

static struct json_object *json_root(const struct map *map)
{
	struct json_object *record = json_record_new();
	struct json_object *levels = json_list_new();
	unsigned int level;

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
			walk_references(map->wish.format, smallest_page(map)));
	json_set(record, "mappings", json_mappings(map));
	return record;
}

static bool root_count(struct map *map, const struct config_view *view,
		       struct pt_mapping *mappings)
{
	struct bh_refusal refusal;

	map->view = view;
	map->wish = (struct tables_wish){
		.format = &pt_format_ept,
		.physical_bits = view->board->physical_bits,
		.largest_leaf = cell_map_largest_leaf(view->board),
		.mappings = mappings,
		.count = cell_map_list(mappings, view->regions, view->board->root.region_count,
				       HPA(0)),
	};
	if (!tables_count(&map->wish, &map->count, &refusal)) {
		verb_complain("config map", "%s", refusal.text);
		return false;
	}
	if (map->count.pages == map->count.predicted)
		return true;
	verb_complain("config map", "predicted %llu pages of tables, built %llu: this is a bug",
		      (unsigned long long)map->count.predicted,
		      (unsigned long long)map->count.pages);
	free(map->count.mappings);
	return false;
}

static void print_all(const struct map *map, const struct map_host *host, bool as_json)
{
	struct json_object *top;

	if (!as_json) {
		print_root(map);
		puts("");
		map_host_print(host);
		return;
	}
	top = json_record_new();
	json_set(top, "root", json_root(map));
	if (host->is_known)
		json_set(top, "hypervisor", map_host_json(host));
	json_print(top);
}

bool config_map(const struct config_view *view, const char *image, bool as_json)
{
	struct pt_mapping *mappings =
		must(calloc(CELL_MAPPINGS(view->board->root.region_count), sizeof(*mappings)));
	struct map_host host;
	struct map map;
	bool done = root_count(&map, view, mappings);

	if (done) {
		done = map_host_count(&host, view, image, map.count.pages);
		if (done)
			print_all(&map, &host, as_json);
		free(map.count.mappings);
	}
	free(mappings);
	return done;
}
