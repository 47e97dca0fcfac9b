/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's calls on /dev/bulkhead. Each carries a refusal: if it is not empty the call was
 * refused, changed nothing, and the text says why; the return value is then -1 with errno set as
 * well.
 */
#ifndef BULKHEAD_IOCTL_H
#define BULKHEAD_IOCTL_H

#include <bulkhead/hypercall.h>
#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

#define BH_DEVICE "/dev/bulkhead"

struct bh_ioctl_enable {
	uint64_t config; /* user address of the blob */
	uint64_t config_size;
	struct bh_refusal refusal;
};

struct bh_ioctl_disable {
	struct bh_refusal refusal;
};

/* One chunk of what enum bh_read names, as the hypercall of that name fills a page. */
struct bh_ioctl_read {
	uint32_t what; /* enum bh_read */
	uint32_t size; /* out: bytes of buffer that are valid */
	uint64_t position;
	uint64_t buffer; /* user address of 4096 bytes */
	struct bh_refusal refusal;
};

/*
 * The log ring as it lies in reserved memory while the hypervisor is not enabled: of an earlier
 * enable, or of the time before a warm reset. Where start is 0 it is the memory of this boot's last
 * enable.
 */
struct bh_ioctl_last {
	uint64_t start; /* hypervisor memory, from the board file; or 0 */
	uint64_t size;
	uint64_t position; /* as BH_READ_LOG */
	uint64_t buffer;   /* user address of 4096 bytes: struct bh_chunk and log bytes */
	struct bh_refusal refusal;
};

#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define BH_IOCTL_ENABLE  _IOWR('B', 0, struct bh_ioctl_enable)
#define BH_IOCTL_DISABLE _IOWR('B', 1, struct bh_ioctl_disable)
#define BH_IOCTL_READ    _IOWR('B', 2, struct bh_ioctl_read)
#define BH_IOCTL_LAST    _IOWR('B', 3, struct bh_ioctl_last)

#endif
