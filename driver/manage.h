/* SPDX-License-Identifier: GPL-2.0-only */
/* Management requests to the hypervisor, see include/bulkhead/manage.h. */
#ifndef DRIVER_MANAGE_H
#define DRIVER_MANAGE_H

#include <bulkhead/manage.h>

/* The most data that a request carries. */
#define MANAGE_DATA ((size_t)BH_REQUEST_PAGES * BH_PAGE_SIZE)

/* A request in a page of its own, and pages for its data. */
struct manage {
	struct bh_request *request;
	void *pages[BH_REQUEST_PAGES];
};

/* With pages for that much data. Operation, cell and the rest are the caller's to fill in. */
int manage_open(struct manage *manage, size_t size, struct bh_refusal *refusal);
void manage_close(struct manage *manage);

/*
 * Makes the request that is in the page; 0, BH_MANAGE_MORE, or a negative errno with the
 * hypervisor's own words. With enable_mutex held.
 */
int manage_call(struct manage *manage, struct bh_refusal *refusal);

/* The same for an operation without data. */
int manage_simple(enum bh_operation operation, uint32_t cell, uint64_t at, uint64_t value,
		  struct bh_refusal *refusal);

/* The same, until it is done. BH_CELL_CONTINUE goes on with what CREATE or DESTROY began. */
int manage_repeat(enum bh_operation operation, uint32_t cell, struct bh_refusal *refusal);

#endif
