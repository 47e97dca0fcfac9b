// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserved memory: RAM by the firmware's map of which Linux has none in use. What it is used for is
 * not decided here.
 */
#include "memory.h"

#include <linux/ioport.h>
#include <linux/mm.h>
#include <asm/processor.h>

#include "firmware_map.h"
#include "model/range.h"
#include "model/refuse.h"

static bool refuse_used(const struct bh_range *range, const char *whose,
			struct bh_refusal *refusal)
{
	uint64_t unit = range->size % SZ_1M == 0 ? SZ_1M : SZ_1K;

	return refuse(refusal,
		      "%s 0x%llx-0x%llx is in use by Linux: "
		      "boot with the kernel parameter memmap=%llu%c$0x%llx",
		      whose, range->start, range_last(*range), range->size / unit,
		      unit == SZ_1M ? 'M' : 'K', range->start);
}

bool memory_check(const struct bh_range *range, const char *whose, struct bh_refusal *refusal)
{
	if (range_is_empty(*range) || range_wraps(*range) ||
	    !range_is_aligned(*range, PAGE_SIZE) ||
	    !range_fits_width(*range, boot_cpu_data.x86_phys_bits))
		return refuse(refusal,
			      "%s: start 0x%llx, size 0x%llx is no range of whole pages below 2^%u",
			      whose, range->start, range->size, boot_cpu_data.x86_phys_bits);
	if (region_intersects(range->start, range->size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return refuse_used(range, whose, refusal);
	if (!firmware_map_is_there())
		return refuse(refusal, "Linux does not show the firmware's memory map: /sys is not "
			      "mounted, or it was built without CONFIG_FIRMWARE_MEMMAP");
	if (!firmware_map_has_ram(range))
		return refuse(refusal, "%s 0x%llx-0x%llx is not RAM by the firmware's memory map",
			      whose, range->start, range_last(*range));
	return true;
}

bool memory_claim(const struct bh_range *range, const char *whose, struct bh_refusal *refusal)
{
	if (!memory_check(range, whose, refusal))
		return false;
	if (!request_mem_region(range->start, range->size, "bulkhead"))
		return refuse(refusal,
			      "%s 0x%llx-0x%llx is in use by another driver: see /proc/iomem",
			      whose, range->start, range_last(*range));
	return true;
}

void memory_release(const struct bh_range *range)
{
	release_mem_region(range->start, range->size);
}
