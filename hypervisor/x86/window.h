/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The windows through which a CPU looks at guest memory while it serves one request. No guest
 * memory is mapped in the hypervisor otherwise (I7).
 */
#ifndef X86_WINDOW_H
#define X86_WINDOW_H

#include "core/cpu.h"
#include "model/address.h"
#include "x86/control.h"

/* Finds the page-table entries of this CPU's windows; once, on the hypervisor's tables. */
void window_init(struct cpu *cpu);

#define WINDOW_PRESENT_WRITABLE_NX (1ULL << 0 | 1ULL << 1 | 1ULL << 63)
#define WINDOW_UNCACHED            (1ULL << 3 | 1ULL << 4)

/*
 * A pointer to the byte at that host-physical address; good up to the end of its page and until
 * window_close(). Null when the request has used up all windows. The entry was not present before,
 * so nothing stale can be cached.
 */
static inline void *window_open_as(struct cpu *cpu, hpa_t at, uint64_t bits)
{
	uint32_t window = cpu->windows_used;

	if (window == CPU_WINDOW_PAGES)
		return NULL;
	cpu->windows_used = window + 1;
	cpu->window_entries[window] = (at.v & ~BH_PAGE_MASK) | bits;
	return (void *)(layout_cpu_area(cpu->index) + (CPU_WINDOW_PAGE + window) * BH_PAGE_SIZE +
			(at.v & BH_PAGE_MASK));
}

static inline void *window_open(struct cpu *cpu, hpa_t at)
{
	return window_open_as(cpu, at, WINDOW_PRESENT_WRITABLE_NX);
}

/* The same for registers of a device. */
static inline volatile void *window_open_device(struct cpu *cpu, hpa_t at)
{
	return window_open_as(cpu, at, WINDOW_PRESENT_WRITABLE_NX | WINDOW_UNCACHED);
}

/* Ends the request: what it looked at is gone from the hypervisor's map. */
static inline void window_close(struct cpu *cpu)
{
	uint32_t window;

	for (window = 0; window < cpu->windows_used; window++) {
		cpu->window_entries[window] = 0;
		invalidate_page(layout_cpu_area(cpu->index) +
				(CPU_WINDOW_PAGE + window) * BH_PAGE_SIZE);
	}
	cpu->windows_used = 0;
}

#endif
