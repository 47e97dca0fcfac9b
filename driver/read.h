/* SPDX-License-Identifier: GPL-2.0-only */
/* What the hypervisor tells of itself while it runs. */
#ifndef DRIVER_READ_H
#define DRIVER_READ_H

#include <bulkhead/hypercall.h>
#include <bulkhead/refusal.h>

/*
 * Fills a page (BH_PAGE_SIZE bytes, page-aligned, the kernel's linear map) with what enum bh_read
 * names; bytes, or a negative enum bh_hypercall_error. Needs no lock: while no hypervisor runs the
 * answer is HYPERCALL_NOBODY.
 */
long read_item(uint32_t what, uint64_t position, void *page);

/* The same for those who want words: 0, or a negative errno with a refusal. */
int read_chunk(uint32_t what, uint64_t position, void *page, uint32_t *size,
	       struct bh_refusal *refusal);

/* The same for an item that is one structure, into memory anywhere. */
int read_structure(uint32_t what, uint64_t position, void *structure, size_t size,
		   struct bh_refusal *refusal);

#endif
