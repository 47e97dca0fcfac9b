/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config map`: the tables that the hypervisor will build for root and for cells, and the
 * memory that they and the hypervisor itself take.
 */
#include <stdio.h>

#include "commands.h"
#include "map_cell.h"
#include "map_host.h"
#include "tools/output.h"
#include "tools/verb.h"

/* Of root, if `cell` is null. Printed, or put where `record` points to. */
static bool map_one(const struct config_set *set, const struct cell_view *cell,
		    struct json_object **record)
{
	struct map map;

	if (!map_build(&map, set, cell))
		return false;
	if (record)
		*record = map_json(&map);
	else
		map_print(&map);
	map_free(&map);
	return true;
}

static bool print_all(const struct config_set *set, const struct map_host *host)
{
	uint32_t i;

	if (!map_one(set, NULL, NULL))
		return false;
	for (i = 0; i < set->count; i++) {
		puts("");
		if (!map_one(set, &set->cells[i].blob.view, NULL))
			return false;
	}
	puts("");
	if (host)
		map_host_print(host);
	else
		puts("hypervisor memory: give its image with --image to see how it is used");
	return true;
}

static bool json_all(const struct config_set *set, const struct map_host *host)
{
	struct json_object *top = json_record_new();
	struct json_object *cells = json_list_new();
	struct json_object *record;
	bool done = map_one(set, NULL, &record);
	uint32_t i;

	if (done)
		json_set(top, "root", record);
	for (i = 0; i < set->count && done; i++) {
		done = map_one(set, &set->cells[i].blob.view, &record);
		if (done)
			json_append(cells, record);
	}
	json_set(top, "cells", cells);
	if (host)
		json_set(top, "hypervisor", map_host_json(host));
	if (done)
		json_print(top);
	else
		json_object_put(top);
	return done;
}

bool config_map(const struct config_set *set, const struct bh_image_header *image, bool as_json)
{
	struct bh_refusal refusal;
	struct map_host host;

	if (image && !map_host_count(&host, set, image, &refusal)) {
		verb_complain("config map", "%s", refusal.text);
		return false;
	}
	return (as_json ? json_all : print_all)(set, image ? &host : NULL);
}
