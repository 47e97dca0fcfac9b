/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cuts hypervisor memory into its parts, see layout.h for the picture. What lies in them is not
 * decided here.
 */
#include "model/layout.h"

#include "model/backend_kind.h"

#include <bulkhead/fault.h>
#include <bulkhead/handover.h>

#include "model/refuse.h"

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + BH_PAGE_MASK) & ~BH_PAGE_MASK;
}

/* Takes the next bytes, in whole pages; *used runs past `size` where they do not fit. */
static struct bh_range take(uint64_t *used, uint64_t bytes)
{
	struct bh_range part = { .start = *used, .size = whole_pages(bytes) };

	*used += part.size;
	return part;
}

static const uint32_t cpu_pages[BH_BACKENDS] = {
	[BH_BACKEND_VMX] = CPU_VMCS_MEMORY_PAGE + 1,
	[BH_BACKEND_SVM] = CPU_HOST_MEMORY_PAGE + 1,
};

bool layout_compute(struct layout *layout, const struct bh_image_header *image,
		    const struct bh_board *board, uint32_t config_size, uint32_t cpu_count,
		    struct bh_refusal *refusal)
{
	uint64_t used = 0;

	if (cpu_count == 0 || cpu_count > image->max_cpus)
		return refuse(refusal, "%u CPUs, but this hypervisor image was built for 1 to %u",
			      cpu_count, image->max_cpus);
	if (image->memory_size > board->hypervisor.size || config_size > BH_CONFIG_MAX_SIZE)
		return refuse(refusal,
			      "the image needs %llu KiB, the board gives the hypervisor %llu KiB",
			      (unsigned long long)image->memory_size >> 10,
			      (unsigned long long)board->hypervisor.size >> 10);

	layout->phys = board->hypervisor.start;
	layout->size = board->hypervisor.size;
	layout->cpu_count = cpu_count;
	layout->log = take(&used, image->log_size);
	layout->handover = take(&used, sizeof(struct bh_handover) +
				(uint64_t)cpu_count * sizeof(struct bh_handover_cpu));
	layout->image = take(&used, image->memory_size);
	layout->config = take(&used, config_size);
	layout->faults = take(&used, (uint64_t)image->fault_records * sizeof(struct bh_fault));
	layout->cpu_pages = cpu_pages[board_backend(board)];
	layout->cpus = take(&used, (uint64_t)cpu_count * layout->cpu_pages * BH_PAGE_SIZE);
	if (used >= layout->size)
		return refuse(refusal, "%u CPUs and the rest need more than %llu KiB, but the "
			      "board gives the hypervisor %llu KiB",
			      cpu_count, (unsigned long long)used >> 10,
			      (unsigned long long)layout->size >> 10);
	layout->pool = (struct bh_range){ .start = used, .size = layout->size - used };
	return true;
}
