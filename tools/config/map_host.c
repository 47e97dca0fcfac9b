/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own memory on a board: its parts as image, CPUs and configuration ask for them,
 * and what of the page pool its tables and root's will take.
 */
#include "map_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bulkhead/image.h>

#include "model/format_x86.h"
#include "model/hvmap.h"
#include "numbers.h"
#include "tools/output.h"
#include "tools/verb.h"

/* Where Linux has modules and its map of memory without KASLR: like these, they need tables of
 * their own. */
static const struct hvmap_bridge bridge = {
	.text = 0xffffffffc0000000ULL, .text_page = { 0x1000000 },
	.data = 0xffff888001001000ULL, .data_pages = { 0x1001000 },
};

static bool image_read(struct bh_image_header *image, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t count = file ? fread(image, sizeof(*image), 1, file) : 0;

	if (!file || ferror(file))
		verb_complain("config map", "%s: %s", path, strerror(errno));
	else if (count != 1 || memcmp(image->magic, BH_IMAGE_MAGIC, sizeof(image->magic)) != 0)
		verb_complain("config map", "%s: is no image of the hypervisor", path);
	else if (image->abi_version != BH_ABI_VERSION)
		verb_complain("config map", "%s: has version %u, this tool knows version %u", path,
			      image->abi_version, BH_ABI_VERSION);
	else {
		fclose(file);
		return true;
	}
	if (file)
		fclose(file);
	return false;
}

bool map_host_count(struct map_host *host, const struct config_view *view, const char *image,
		    uint64_t root_tables)
{
	uint32_t cpus = cpus_count(view->board->root.cpus);
	struct bh_image_header header;
	struct pt_mapping *mappings;
	struct bh_refusal refusal;
	size_t count;

	memset(host, 0, sizeof(*host));
	if (!image)
		return true;
	if (!image_read(&header, image))
		return false;
	if (!layout_compute(&host->layout, &header, view->board, view->header->size, cpus,
			    &refusal)) {
		verb_complain("config map", "%s", refusal.text);
		return false;
	}
	mappings = must(calloc(HVMAP_MAPPINGS(cpus), sizeof(*mappings)));
	count = hvmap_list(mappings, &host->layout, &header, view->board, &bridge);
	host->host_tables = pt_predict(&pt_format_x86, PT_2M, mappings, count);
	host->root_tables = root_tables;
	host->is_known = true;
	memcpy(host->build, header.build, BH_IMAGE_BUILD);
	free(mappings);
	return true;
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

static uint64_t pool_pages(const struct map_host *host)
{
	return host->layout.pool.size / BH_PAGE_SIZE;
}

void map_host_print(const struct map_host *host)
{
	if (!host->is_known) {
		puts("hypervisor memory: give its image with --image to see how it is used");
		return;
	}
	printf("hypervisor memory, build %s, %u CPUs\n\n", host->build, host->layout.cpu_count);
	print_parts(&host->layout);
	printf("\npages of the pool: %llu, of which %llu for its own tables (where Linux has no "
	       "KASLR) "
	       "and %llu for root's\n",
	       (unsigned long long)pool_pages(host), (unsigned long long)host->host_tables,
	       (unsigned long long)host->root_tables);
	if (host->host_tables + host->root_tables > pool_pages(host))
		puts("the pool is too small: give the hypervisor more memory");
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
	json_set_number(record, "pool_pages", pool_pages(host));
	json_set_number(record, "tables_host", host->host_tables);
	json_set_number(record, "tables_root", host->root_tables);
	return record;
}
