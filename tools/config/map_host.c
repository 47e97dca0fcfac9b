/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own memory on a board: its parts as image, CPUs and configuration ask for them,
 * and what of the page pool will be taken: by its own tables, by root, by cells.
 */
#include "map_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bulkhead/image.h>

#include "model/backend_kind.h"
#include "model/cell_budget.h"
#include "model/cell_map.h"
#include "model/format_x86.h"
#include "model/hvmap.h"
#include "model/iommus.h"
#include "numbers.h"
#include "tools/output.h"
#include "tools/verb.h"

/* Where Linux has modules and its map of memory without KASLR: like these, they need tables of
 * their own. */
static const struct hvmap_bridge bridge = {
	.text = 0xffffffffc0000000ULL, .text_page = { 0x1000000 },
	.data = 0xffff888001001000ULL, .data_pages = { 0x1001000 },
};

bool image_read(struct bh_image_header *image, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t count = file ? fread(image, sizeof(*image), 1, file) : 0;

	if (!file || ferror(file))
		verb_complain("config", "%s: %s", path, strerror(errno));
	else if (count != 1 || memcmp(image->magic, BH_IMAGE_MAGIC, sizeof(image->magic)) != 0)
		verb_complain("config", "%s: is no image of the hypervisor", path);
	else if (image->abi_version != BH_ABI_VERSION)
		verb_complain("config", "%s: has version %u, this tool knows version %u", path,
			      image->abi_version, BH_ABI_VERSION);
	else {
		fclose(file);
		return true;
	}
	if (file)
		fclose(file);
	return false;
}

/* Bitmaps of root, and those of cells without MSRs or ports of their own. */
static uint64_t count_bitmaps(const struct bh_board *board)
{
	struct cell_budget root;

	cell_budget_root(&root, board);
	return root.total + cell_budget_common(board);
}

static uint64_t count_cells(const struct config_set *set)
{
	uint64_t pages = 0;
	uint32_t i;

	for (i = 0; i < set->count; i++) {
		struct cell_budget budget;

		cell_budget(&budget, &set->board.view, &set->cells[i].blob.view);
		pages += budget.total;
	}
	return pages;
}

static uint64_t count_host_tables(const struct map_host *host, const struct config_set *set,
				  const struct bh_image_header *image)
{
	struct pt_mapping *mappings =
		must(calloc(HVMAP_MAPPINGS(host->layout.cpu_count), sizeof(*mappings)));
	size_t count =
		hvmap_list(mappings, &host->layout, image, set->board.view.board, &bridge);
	uint64_t pages = pt_predict(&pt_format_x86, PT_2M, mappings, count);

	free(mappings);
	return pages;
}

static uint64_t count_root_tables(const struct config_view *view)
{
	uint32_t regions = view->board->root.region_count;
	struct pt_mapping *mappings = must(calloc(CELL_MAPPINGS(regions), sizeof(*mappings)));
	size_t count = cell_map_list(mappings, view->regions, regions, HPA(0),
				     cell_map_code_leaf(view->board, true));
	uint64_t pages = pt_predict(board_kind(view->board)->map_format,
				    cell_map_largest_leaf(view->board), mappings, count);

	free(mappings);
	return pages;
}

bool map_host_count(struct map_host *host, const struct config_set *set,
		    const struct bh_image_header *image, struct bh_refusal *refusal)
{
	const struct config_view *view = &set->board.view;

	memset(host, 0, sizeof(*host));
	if (!layout_compute(&host->layout, image, view->board, view->header->size,
			    cpus_count(view->board->root.cpus), refusal))
		return false;
	memcpy(host->build, image->build, BH_IMAGE_BUILD);
	host->host_tables = count_host_tables(host, set, image);
	host->root_tables = count_root_tables(view);
	host->bitmaps = count_bitmaps(view->board);
	host->functions = cell_budget_functions(view->board);
	host->iommus = iommus_pages(view);
	host->cells = count_cells(set);
	return true;
}

uint64_t map_host_pool(const struct map_host *host)
{
	return host->layout.pool.size / BH_PAGE_SIZE;
}

uint64_t map_host_wanted(const struct map_host *host)
{
	return host->host_tables + host->root_tables + host->bitmaps + host->functions +
	       host->iommus + host->cells;
}

struct part {
	const char *name;
	struct bh_range range;
};

#define PARTS 7

static void list_parts(const struct layout *layout, struct part parts[PARTS])
{
	parts[0] = (struct part){ "log", layout->log };
	parts[1] = (struct part){ "hand-over", layout->handover };
	parts[2] = (struct part){ "image", layout->image };
	parts[3] = (struct part){ "configuration", layout->config };
	parts[4] = (struct part){ "faults", layout->faults };
	parts[5] = (struct part){ "CPUs", layout->cpus };
	parts[6] = (struct part){ "page pool", layout->pool };
}

static void print_parts(const struct layout *layout)
{
	static const struct output_column columns[] = {
		{ "PART", 0 }, { "FIRST", SCOLS_FL_RIGHT }, { "SIZE", SCOLS_FL_RIGHT },
		{ "PAGES", SCOLS_FL_RIGHT },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	struct part parts[PARTS];
	size_t i;

	list_parts(layout, parts);
	for (i = 0; i < PARTS; i++) {
		struct libscols_line *line = table_line(table);
		char size[SIZE_TEXT];

		size_format(parts[i].range.size, size);
		line_set(line, 0, "%s", parts[i].name);
		line_set(line, 1, "0x%llx",
			 (unsigned long long)layout->phys + parts[i].range.start);
		line_set(line, 2, "%s", size);
		line_set(line, 3, "%llu", (unsigned long long)(parts[i].range.size / BH_PAGE_SIZE));
	}
	table_print(table);
}

void map_host_print(const struct map_host *host)
{
	printf("hypervisor memory, build %s, %u CPUs\n\n", host->build, host->layout.cpu_count);
	print_parts(&host->layout);
	printf("\npages of the pool: %llu\n", (unsigned long long)map_host_pool(host));
	printf("  %4llu the hypervisor's own tables, where Linux has no KASLR\n",
	       (unsigned long long)host->host_tables);
	printf("  %4llu root's tables\n", (unsigned long long)host->root_tables);
	printf("  %4llu bitmaps of root, and those that cells have in common\n",
	       (unsigned long long)host->bitmaps);
	if (host->functions)
		printf("  %4llu table of PCI functions\n", (unsigned long long)host->functions);
	if (host->iommus)
		printf("  %4llu IOMMUs, with the tables of root's devices\n",
		       (unsigned long long)host->iommus);
	printf("  %4llu of these cells\n", (unsigned long long)host->cells);
	printf("  %4llu left\n",
	       (unsigned long long)(map_host_pool(host) - map_host_wanted(host)));
}

struct json_object *map_host_json(const struct map_host *host)
{
	struct json_object *record = json_record_new();
	struct json_object *list = json_list_new();
	struct part parts[PARTS];
	size_t i;

	list_parts(&host->layout, parts);
	for (i = 0; i < PARTS; i++) {
		struct json_object *part = json_record_new();

		json_set_text(part, "part", parts[i].name);
		json_set_address(part, "first", host->layout.phys + parts[i].range.start);
		json_set_number(part, "size", parts[i].range.size);
		json_append(list, part);
	}
	json_set_text(record, "build", host->build);
	json_set_number(record, "cpus", host->layout.cpu_count);
	json_set(record, "parts", list);
	json_set_number(record, "pool_pages", map_host_pool(host));
	json_set_number(record, "tables_host", host->host_tables);
	json_set_number(record, "tables_root", host->root_tables);
	json_set_number(record, "bitmaps", host->bitmaps);
	json_set_number(record, "functions", host->functions);
	json_set_number(record, "iommus", host->iommus);
	json_set_number(record, "cells", host->cells);
	json_set_number(record, "left", map_host_pool(host) - map_host_wanted(host));
	return record;
}
