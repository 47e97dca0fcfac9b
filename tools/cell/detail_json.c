// SPDX-License-Identifier: GPL-2.0-only
/* Shows one cell in detail, to a program: see detail.h. */
#include "cell_table.h"
#include "detail.h"
#include "devices.h"
#include "region_text.h"
#include "registers.h"
#include "tools/backend_words.h"
#include "tools/cpu_json.h"
#include "tools/output.h"

static struct json_object *region_json(const struct bh_region *region)
{
	struct json_object *object = json_record_new();
	char access[ACCESS_TEXT];

	access_format(region->access, access);
	json_set_text(object, "name", region->name);
	json_set_address(object, "at", region->at);
	if (region->kind != BH_REGION_COMM)
		json_set_address(object, "phys", region->phys);
	json_set_number(object, "size", region->size);
	json_set_text(object, "access", access);
	json_set_text(object, "kind", region_kind_name(region->kind));
	json_set_truth(object, "shared", region->flags & BH_REGION_SHARED);
	json_set_truth(object, "loadable", region->flags & BH_REGION_LOADABLE);
	json_set_truth(object, "lent", region->flags & BH_REGION_LENT);
	return object;
}

static struct json_object *range_json(uint64_t first, uint64_t last)
{
	char text[RANGE_TEXT];

	range_format(first, last, text);
	return json_object_new_string(text);
}

static void add_config(struct json_object *object, const struct cell_config *config)
{
	struct json_object *regions = json_list_new();
	struct json_object *ports = json_list_new();
	struct json_object *msrs = json_list_new();
	uint32_t i;

	for (i = 0; i < config->cell->region_count; i++)
		json_append(regions, region_json(&config->regions[i]));
	for (i = 0; i < config->cell->port_count; i++)
		json_append(ports, range_json(config->ports[i].first, config->ports[i].last));
	for (i = 0; i < config->cell->msr_count; i++)
		json_append(msrs, range_json(config->msrs[i].first, config->msrs[i].last));
	json_set(object, "regions", regions);
	json_set(object, "ports", ports);
	json_set(object, "msrs", msrs);
}

static void add_devices(struct json_object *object, const struct cell_detail *detail)
{
	json_set(object, "devices", devices_json(detail));
	json_set(object, "irqs", irqs_json(detail));
}

static struct json_object *leaves_json(const struct cell_leaves *leaves)
{
	struct json_object *object = json_record_new();

	json_set_number(object, "4K", leaves->of_4k);
	json_set_number(object, "2M", leaves->of_2m);
	json_set_number(object, "1G", leaves->of_1g);
	json_set_truth(object, "read_from_memory", leaves->is_read);
	return object;
}

void detail_json_print(const struct cell_detail *detail)
{
	struct json_object *object = cell_json(detail->snapshot, detail->cell);
	struct json_object *cpus = json_list_new();
	struct json_object *registers = json_list_new();
	uint32_t backend = detail->snapshot->info.backend;
	size_t i;

	json_set_text(object, "backend", backend_words(backend)->name);
	for (i = 0; i < detail->snapshot->info.cpus; i++)
		if (detail->snapshot->cpus[i].cell == detail->cell->id)
			json_append(cpus, cpu_json(&detail->snapshot->cpus[i], backend));
	json_set(object, "virtual_cpus", cpus);
	if (detail->leaves.is_known)
		json_set(object, "map_pages", leaves_json(&detail->leaves));
	if (detail->config.blob) {
		add_config(object, &detail->config);
		add_devices(object, detail);
	}
	for (i = 0; i < detail->register_count; i++)
		json_append(registers, registers_json(&detail->registers[i]));
	json_set(object, "registers", registers);
	json_print(object);
}
