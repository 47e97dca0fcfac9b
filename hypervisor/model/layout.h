/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where everything lies: hypervisor memory by page, and the hypervisor's own linear addresses.
 * Computed from the image's head, the board and the number of CPUs by driver, hypervisor and tools
 * alike, so that nobody has to tell the others. Does not build tables: see hvmap.h.
 *
 * Hypervisor memory            Linear addresses (one 512 GiB slot)
 *
 *   log ring                     HV_IMAGE    the image: text r-x, read-only data r--, data rw-
 *   hand-over                    HV_LINEAR   all else but the CPUs' areas, rw-, by offset
 *   image                        HV_CPUS     CPUs' areas with guard pages and windows
 *   configuration                HV_DEVICES  registers: local APIC, console, IOMMUs
 *   fault ring
 *   CPUs' areas
 *   page pool
 */
#ifndef MODEL_LAYOUT_H
#define MODEL_LAYOUT_H

#include <bulkhead/config.h>
#include <bulkhead/image.h>
#include <bulkhead/refusal.h>

#include "model/address.h"

#define HV_IMAGE   0xffff800000000000ULL
#define HV_LINEAR  0xffff800040000000ULL
#define HV_CPUS    0xffff800080000000ULL
#define HV_DEVICES 0xffff8000c0000000ULL
#define HV_APIC    HV_DEVICES
#define HV_CONSOLE (HV_DEVICES + BH_PAGE_SIZE)
#define HV_IOMMUS  (HV_DEVICES + 16 * BH_PAGE_SIZE)

/*
 * One CPU's area. Pages are linear page numbers from its start; what is not listed is a guard page
 * and has no memory. Windows have no memory of their own: guest pages appear there while a request
 * is served.
 */
#define CPU_AREA_SPAN      (128 * 1024ULL)
#define CPU_STACK_PAGE     1 /* and 2: the main stack, below struct cpu */
#define CPU_STACK_PAGES    2
#define CPU_STRUCT_PAGE    3
#define CPU_NMI_STACK_PAGE 5
#define CPU_MC_STACK_PAGE  7
#define CPU_DF_STACK_PAGE  9
#define CPU_VMXON_PAGE     11
#define CPU_VMCS_PAGE      12
#define CPU_HOST_PAGE      13 /* SVM: what VMLOAD brings back for the hypervisor */
#define CPU_WINDOW_PAGE    16
#define CPU_WINDOW_PAGES   8

/* Their memory, in this order: 2 stack, struct, 3 stacks, and what the processor itself uses. */
enum cpu_memory_page {
	CPU_VMXON_MEMORY_PAGE = 6, /* SVM: the host's state-save area */
	CPU_VMCS_MEMORY_PAGE = 7,  /* SVM: the VMCB */
	CPU_HOST_MEMORY_PAGE = 8,
};

struct layout {
	uint64_t phys; /* start of hypervisor memory */
	uint64_t size;
	/* offsets into it and sizes, in bytes, whole pages */
	struct bh_range log, handover, image, config, faults, cpus, pool;
	uint32_t cpu_count;
	uint32_t cpu_pages; /* that a CPU's area has memory for */
};

/*
 * The parts that board, image and CPU count ask for, one behind the other; refuses what does not
 * fit.
 */
bool layout_compute(struct layout *layout, const struct bh_image_header *image,
		    const struct bh_board *board, uint32_t config_size, uint32_t cpu_count,
		    struct bh_refusal *refusal);

static inline uint64_t layout_linear(uint64_t offset)
{
	return HV_LINEAR + offset;
}

/* Where the memory of a CPU's area begins. */
static inline uint64_t layout_cpu_phys(const struct layout *layout, uint32_t cpu)
{
	return layout->phys + layout->cpus.start + (uint64_t)cpu * layout->cpu_pages * BH_PAGE_SIZE;
}

/* Where a page of it is that the processor itself uses. */
static inline hpa_t layout_cpu_page(const struct layout *layout, uint32_t cpu,
				    enum cpu_memory_page page)
{
	return HPA(layout_cpu_phys(layout, cpu) + page * BH_PAGE_SIZE);
}

static inline uint64_t layout_cpu_area(uint32_t cpu)
{
	return HV_CPUS + cpu * CPU_AREA_SPAN;
}

#endif
