// SPDX-License-Identifier: GPL-2.0-only
/* Reads information, log and faults of the running hypervisor, whose memory Linux cannot see. */
#include "read.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/minmax.h>

#include "enable.h"
#include "hypercall.h"
#include "model/refuse.h"

int read_chunk(uint32_t what, uint64_t position, void *page, uint32_t *size,
	       struct bh_refusal *refusal)
{
	long bytes;

	if (!hypervisor_is_enabled()) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	bytes = hypercall(BH_HYPERCALL_READ, what, position, virt_to_phys(page));
	if (bytes < 0) {
		refuse(refusal, "cannot read item %u at %llu: %s", what, position,
		       hypercall_error_text(bytes));
		return -EINVAL;
	}
	*size = min_t(long, bytes, BH_PAGE_SIZE);
	return 0;
}
