/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of the hypervisor's own mappings, and the tables from it. No page is writable and
 * executable, stacks stand between pages that are not there, and no guest memory is mapped at all.
 */
#include "model/hvmap.h"

#define READ_ONLY  PT_READ
#define READ_WRITE (PT_READ | PT_WRITE)
#define CODE       (PT_READ | PT_EXECUTE)

/* A CPU's area: which linear pages have memory, in the order of that memory. */
static const struct {
	uint8_t page;
	uint8_t count;
} cpu_area[] = {
	{ CPU_STACK_PAGE, CPU_STACK_PAGES + 1 }, /* the stack and struct cpu on top of it */
	{ CPU_NMI_STACK_PAGE, 1 },
	{ CPU_MC_STACK_PAGE, 1 },
	{ CPU_DF_STACK_PAGE, 1 },
	/* what the processor itself uses; how much that is depends on the backend */
	{ CPU_VMXON_PAGE, CPU_HOST_PAGE - CPU_VMXON_PAGE + 1 },
};

static void add(struct pt_mapping *mappings, size_t *count, uint64_t virt, uint64_t phys,
		uint64_t size, unsigned int attributes)
{
	if (size == 0)
		return;
	mappings[(*count)++] = (struct pt_mapping){
		.virt = virt, .phys = HPA(phys), .size = size, .attributes = attributes,
	};
}

static void add_cpu_area(struct pt_mapping *mappings, size_t *count, const struct layout *layout,
			 uint32_t cpu)
{
	uint64_t phys = layout_cpu_phys(layout, cpu);
	uint64_t end = layout_cpu_phys(layout, cpu + 1);
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cpu_area); i++) {
		uint64_t size = cpu_area[i].count * BH_PAGE_SIZE;

		if (size > end - phys)
			size = end - phys;
		add(mappings, count, layout_cpu_area(cpu) + cpu_area[i].page * BH_PAGE_SIZE, phys,
		    size, READ_WRITE);
		phys += size;
	}
}

size_t hvmap_list(struct pt_mapping *mappings, const struct layout *layout,
		  const struct bh_image_header *image, const struct bh_board *board,
		  const struct hvmap_bridge *bridge)
{
	uint64_t phys = layout->phys + layout->image.start;
	size_t count = 0;
	uint32_t cpu;

	add(mappings, &count, HV_IMAGE, phys, image->text_end, CODE);
	add(mappings, &count, HV_IMAGE + image->text_end, phys + image->text_end,
	    image->rodata_end - image->text_end, READ_ONLY);
	add(mappings, &count, HV_IMAGE + image->rodata_end, phys + image->rodata_end,
	    layout->image.size - image->rodata_end, READ_WRITE);

	add(mappings, &count, layout_linear(0), layout->phys,
	    layout->log.size + layout->handover.size, READ_WRITE);
	add(mappings, &count, layout_linear(layout->config.start),
	    layout->phys + layout->config.start, layout->config.size, READ_ONLY);
	add(mappings, &count, layout_linear(layout->faults.start),
	    layout->phys + layout->faults.start, layout->faults.size, READ_WRITE);
	add(mappings, &count, layout_linear(layout->pool.start), layout->phys + layout->pool.start,
	    layout->pool.size, READ_WRITE);
	/* By small pages, so that those that hold maps can be sealed one by one. */
	mappings[count - 1].largest_leaf = PT_4K;
	for (cpu = 0; cpu < layout->cpu_count; cpu++)
		add_cpu_area(mappings, &count, layout, cpu);

	add(mappings, &count, HV_APIC, BH_APIC_BASE, BH_PAGE_SIZE, READ_WRITE | PT_UNCACHED);
	if (board->console.type == BH_CONSOLE_8250_MMIO)
		add(mappings, &count, HV_CONSOLE, board->console.address & ~BH_PAGE_MASK,
		    BH_PAGE_SIZE, READ_WRITE | PT_UNCACHED);

	add(mappings, &count, bridge->text, bridge->text_page.v, BH_PAGE_SIZE, CODE);
	add(mappings, &count, bridge->data, bridge->data_pages.v,
	    layout->cpu_count * BH_PAGE_SIZE, READ_WRITE);
	return count;
}

bool hvmap_build(struct pagetable *table, struct pt_mapping *scratch, const struct layout *layout,
		 const struct bh_image_header *image, const struct bh_board *board,
		 const struct hvmap_bridge *bridge, struct bh_refusal *refusal)
{
	size_t count = hvmap_list(scratch, layout, image, board, bridge);
	size_t i;

	for (i = 0; i < count; i++)
		if (!pt_map(table, &scratch[i], refusal))
			return false;
	return true;
}
