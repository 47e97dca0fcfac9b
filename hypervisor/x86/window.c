/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the entries behind the windows. Their table exists: it also maps the CPU's stacks.
 */
#include "x86/window.h"

#include "core/assert.h"
#include "core/hypervisor.h"
#include "model/format_x86.h"

#define LEVEL_OF_LEAVES 1

void window_init(struct cpu *cpu)
{
	uint64_t address = layout_cpu_area(cpu->index) + CPU_WINDOW_PAGE * BH_PAGE_SIZE;
	uint64_t table = hypervisor.handover->tables;
	unsigned int level;

	for (level = pt_format_x86.levels;; level--) {
		uint64_t *entry = hypervisor_pointer(HPA(table));

		entry +=
			address >> (BH_PAGE_SHIFT + (level - 1) * PT_LEVEL_BITS) & (PT_ENTRIES - 1);
		if (level == LEVEL_OF_LEAVES) {
			assert_that((*entry & pt_format_x86.present) == 0);
			cpu->window_entries = entry;
			return;
		}
		table = *entry & pt_format_x86.address_mask;
	}
}
