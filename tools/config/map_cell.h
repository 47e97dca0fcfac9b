/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The second-level map of one cell, root included, built in the tool's memory by the hypervisor's
 * own code; and how it is shown.
 */
#ifndef TOOLS_CONFIG_MAP_CELL_H
#define TOOLS_CONFIG_MAP_CELL_H

#include <json-c/json.h>

#include "model/cell_budget.h"
#include "set.h"
#include "tables.h"

/* Tables of the guest's own: what nearly all have. */
#define GUEST_LEVELS 4

struct map {
	const struct config_set *set;
	const struct bh_cell *cell;
	const struct bh_region *regions;
	bool is_root;
	struct tables_wish wish;
	struct tables_count count;
	uint32_t *mapped;          /* by mapping: its region's index */
	struct cell_budget budget; /* of cells but root */
};

/* Of root, if `cell` is null. False after a message; else to be freed. */
bool map_build(struct map *map, const struct config_set *set, const struct cell_view *cell);
void map_free(struct map *map);

/* Null for the local APIC's page. */
const struct bh_region *mapping_region(const struct map *map, size_t mapping);
const char *mapping_name(const struct map *map, size_t mapping);
/* Root's mappings come and go with the cells of the set. */
bool mapping_is_there(const struct map *map, size_t mapping);
/* The communication page is one of the hypervisor's, which only that tells. */
bool mapping_is_comm(const struct map *map, size_t mapping);

/* Memory references of a TLB miss in a page of that level, and in the smallest page. */
unsigned int map_references(const struct map *map, unsigned int level);
unsigned int map_worst_references(const struct map *map);

void map_access_format(unsigned int attributes, char text[4]);
const char *map_type_name(unsigned int attributes);

void map_print(const struct map *map);
struct json_object *map_json(const struct map *map);

#endif
