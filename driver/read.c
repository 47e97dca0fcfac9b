// SPDX-License-Identifier: GPL-2.0-only
/* Reads information, log and faults of the running hypervisor, whose memory Linux cannot see. */
#include "read.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "enable.h"
#include "hypercall.h"
#include "model/refuse.h"

long read_item(uint32_t what, uint64_t position, void *page)
{
	if (!hypervisor_is_up())
		return HYPERCALL_NOBODY;
	return hypercall(BH_HYPERCALL_READ, what, position, virt_to_phys(page));
}

int read_chunk(uint32_t what, uint64_t position, void *page, uint32_t *size,
	       struct bh_refusal *refusal)
{
	long bytes = read_item(what, position, page);

	if (bytes == HYPERCALL_NOBODY) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	if (bytes < 0) {
		refuse(refusal, "cannot read item %u at %llu: %s", what, position,
		       hypercall_error_text(bytes));
		return bytes == BH_ERROR_ARGUMENT ? -EINVAL : -EIO;
	}
	*size = min_t(long, bytes, BH_PAGE_SIZE);
	return 0;
}

int read_structure(uint32_t what, uint64_t position, void *structure, size_t size,
		   struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	uint32_t bytes;
	int error;

	if (!page) {
		refuse(refusal, "Linux has no memory left");
		return -ENOMEM;
	}
	error = read_chunk(what, position, page, &bytes, refusal);
	if (!error)
		memcpy(structure, page, size);
	free_page((unsigned long)page);
	return error;
}
