// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypervisor memory before the first CPU steps over: image, configuration, hand-over, zeroed areas
 * and the hypervisor's own page tables. Where everything goes is the model's to say (layout.h,
 * hvmap.h).
 */
#include "populate.h"

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/tsc.h>

#include "log.h"
#include "model/format_x86.h"
#include "model/refuse.h"

/* Hypervisor memory in Linux's map, and how many pages of its pool are taken. */
struct place {
	struct layout layout;
	void *start;
	uint64_t pool_used;
};

static void *at(const struct place *place, uint64_t offset)
{
	return place->start + offset;
}

static void clear(const struct place *place, const struct bh_range *part)
{
	memset(at(place, part->start), 0, part->size);
}

/* Copies to the start of a part and clears the rest of it. */
static void fill(const struct place *place, const struct bh_range *part, const void *from,
		 size_t size)
{
	memcpy(at(place, part->start), from, size);
	memset(at(place, part->start) + size, 0, part->size - size);
}

static uint64_t pool_available(void *context)
{
	const struct place *place = context;

	return (place->layout.pool.size >> PAGE_SHIFT) - place->pool_used;
}

static hpa_t pool_allocate(void *context)
{
	struct place *place = context;
	uint64_t offset = place->layout.pool.start + (place->pool_used++ << PAGE_SHIFT);

	clear_page(at(place, offset));
	return HPA(place->layout.phys + offset);
}

static bool build_tables(struct place *place, const struct config_view *config,
			 const struct image *image, const struct bridge *bridge,
			 struct pagetable *table, struct bh_refusal *refusal)
{
	const struct pt_memory memory = {
		.offset = (uint64_t)place->start - place->layout.phys,
		.available = pool_available,
		.allocate = pool_allocate,
		.context = place,
	};
	struct pt_mapping *scratch;
	struct hvmap_bridge where;
	bool built;

	scratch = kvmalloc_array(HVMAP_MAPPINGS(bridge->cpu_count), sizeof(*scratch), GFP_KERNEL);
	if (!scratch)
		return refuse(refusal, "Linux has no memory left");
	bridge_locate(bridge, &where);
	/* No part is as large as 1 GiB: it does not matter whether the processor has such pages. */
	built = pt_init(table, &pt_format_x86, &memory, boot_cpu_data.x86_phys_bits, PT_2M,
			refusal) &&
		hvmap_build(table, scratch, &place->layout, image->header, config->board, &where,
			    refusal);
	kvfree(scratch);
	return built;
}

static void fill_handover(const struct place *place, const struct bridge *bridge, hpa_t tables,
			  uint32_t config_size)
{
	struct bh_handover *handover = at(place, place->layout.handover.start);
	unsigned int i;

	clear(place, &place->layout.handover);
	handover->tables = tables.v;
	handover->pool_used = place->pool_used;
	handover->bridge_text = bridge_text_address();
	handover->config_size = config_size;
	handover->cpu_count = bridge->cpu_count;
	handover->tsc_khz = tsc_khz;
	for (i = 0; i < bridge->cpu_count; i++) {
		handover->cpus[i].linux_cpu = bridge->cpus[i];
		handover->cpus[i].apic_id = per_cpu(x86_cpu_to_apicid, bridge->cpus[i]);
		handover->cpus[i].bridge = (uint64_t)&bridge->pages[i];
	}
}

bool populate(const struct config_view *config, const struct image *image, struct bridge *bridge,
	      struct bh_refusal *refusal)
{
	struct place place = {};
	struct layout *layout = &place.layout;
	struct pagetable tables;
	bool built;

	if (!layout_compute(layout, image->header, config->board, config->header->size,
			    bridge->cpu_count, refusal))
		return false;
	place.start = memremap(layout->phys, layout->size, MEMREMAP_WB);
	if (!place.start)
		return refuse(refusal, "Linux cannot map hypervisor memory at 0x%llx",
			      layout->phys);
	log_open(at(&place, layout->log.start), layout->log.size);
	fill(&place, &layout->image, image->file->data, image->file->size);
	fill(&place, &layout->config, config->header, config->header->size);
	clear(&place, &layout->faults);
	clear(&place, &layout->cpus);
	built = build_tables(&place, config, image, bridge, &tables, refusal);
	if (built) {
		fill_handover(&place, bridge, tables.root, config->header->size);
		bridge_direct(bridge, tables.root, HV_IMAGE + image->header->entry,
			      layout_linear(layout->handover.start));
	}
	memunmap(place.start);
	return built;
}
