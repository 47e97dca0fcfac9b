/* SPDX-License-Identifier: GPL-2.0-only */
/* What the hypervisor tells of itself while it runs. */
#ifndef DRIVER_READ_H
#define DRIVER_READ_H

#include <bulkhead/hypercall.h>
#include <bulkhead/refusal.h>

/*
 * Fills a page (BH_PAGE_SIZE bytes, page-aligned, the kernel's linear map) with what enum bh_read
 * names. With enable_mutex held. 0, or a negative errno with a refusal.
 */
int read_chunk(uint32_t what, uint64_t position, void *page, uint32_t *size,
	       struct bh_refusal *refusal);

#endif
